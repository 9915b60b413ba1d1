# Right after a start of the server adapters may not be there yet, nor the services that answer for them: what fails is
# tried again, all in all for two minutes.
function Restore-EkOperation {
    param([object] $Item, [hashtable] $Waits)
    while ($true) {
        try {
            Invoke-EkOperation -Item $Item
            return
        }
        catch {
            if ($Waits['left'] -le 0) { throw }
        }
        $Waits['left'] = $Waits['left'] - 1
        Start-Sleep -Seconds 10
    }
}

# No error is no proof: what each operation set must stand, so that doing it once more finds nothing to change. Three
# looks, as Windows may list a device that was removed for some seconds more.
function Find-EkUnrestored {
    param([object[]] $Operations)
    for ($look = 1; $true; $look++) {
        $open = @()
        foreach ($item in $Operations) {
            $told = ''
            try {
                Invoke-EkOperation -Item $item
                $told = @($EkResults[$EkResults.Count - 1].changed) -join ', '
            }
            catch {
                $failure = Read-EkFailure -Problem $_
                if ($failure.code -ne 'adapter_not_found') { $told = $failure.message }
            }
            if ($told -ne '') { $open += '{0} {1}' -f $item.operation, $told }
        }
        if ($open.Count -eq 0 -or $look -ge 3) { return , $open }
        Start-Sleep -Seconds 5
    }
}

# One operation after the other; what cannot be taken back is written down and the rest still tried.
function Restore-EkOperations {
    param([object[]] $Operations)
    $outcome = 'restored'
    $texts = @()
    $waits = @{ left = 12 }
    foreach ($item in $Operations) {
        try {
            Restore-EkOperation -Item $item -Waits $waits
            $told = @($EkResults[$EkResults.Count - 1].changed) -join ', '
            if ($told -eq '') { $told = 'as it was' }
        }
        catch {
            $failure = Read-EkFailure -Problem $_
            if ($failure.code -eq 'adapter_not_found') { $told = 'not there any more' }
            else {
                $outcome = 'partly'
                $told = 'failed: {0}' -f $failure.message
            }
        }
        $texts += '{0} {1}' -f $item.operation, $told
    }
    if ($outcome -eq 'restored') {
        $open = Find-EkUnrestored -Operations $Operations
        if ($open.Count -gt 0) {
            $outcome = 'partly'
            $texts += 'does not stand: {0}' -f ($open -join ', ')
        }
    }
    $text = $texts -join '; '
    if ($text.Length -gt 4000) { $text = $text.Substring(0, 4000) }
    return @{ outcome = $outcome; text = $text }
}

function Invoke-EkDeadMan {
    param([object] $Data)
    $name = [string] $Data.name
    $recordPath = Get-EkDeadManPath -Name $name -Ending 'json'
    $outcomePath = Get-EkDeadManPath -Name $name -Ending 'outcome.json'
    $record = Read-EkRecord -Path $recordPath
    $before = Read-EkRecord -Path $outcomePath
    $ended = ($null -ne $before -and [string] $before.outcome -ne 'running')
    $due = ($null -ne $record -and (Get-EkNow) -ge [long] $record.dueAt)
    $fired = $false
    if ($due -and -not $ended) {
        $fired = $true
        $mark = @{ dueAt = [long] $record.dueAt; firedAt = (Get-EkNow); outcome = 'running'; text = '' }
        # It was cut off by a restart in the middle: it goes on.
        if ($null -ne $before) { $mark['firedAt'] = [long] $before.firedAt }
        Write-EkRecord -Path $outcomePath -Record $mark
        $done = Restore-EkOperations -Operations @($Data.operations)
        $mark['outcome'] = $done.outcome
        $mark['text'] = $done.text
        Write-EkRecord -Path $outcomePath -Record $mark
        $ended = $true
    }
    # Before its time the task stays: it was started by a boot.
    if ($ended -or $null -eq $record) {
        [IO.File]::Delete($recordPath)
        [IO.File]::Delete((Get-EkDeadManPath -Name $name -Ending 'ps1'))
        Remove-EkTask -Name $name
    }
    Write-EkResult -Operation 'dead-man-fire' -Changed @() -Facts @{ name = $name; fired = $fired }
}
