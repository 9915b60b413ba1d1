# Reads only.
function Read-EkDeadMan {
    param([string] $Name)
    $record = Read-EkRecord -Path (Get-EkDeadManPath -Name $Name -Ending 'json')
    $outcome = Read-EkRecord -Path (Get-EkDeadManPath -Name $Name -Ending 'outcome.json')
    $facts = @{ name = $Name; state = 'none'; dueAt = $null; firedAt = $null; outcome = $null; text = $null }
    if ($null -ne $outcome) {
        $facts['state'] = 'fired'
        $facts['dueAt'] = ConvertTo-EkTime -Milliseconds $outcome.dueAt
        $facts['firedAt'] = ConvertTo-EkTime -Milliseconds $outcome.firedAt
        $facts['outcome'] = [string] $outcome.outcome
        $facts['text'] = [string] $outcome.text
    }
    elseif ($null -ne $record -and (Get-EkTask -Name $Name).Count -gt 0) {
        $facts['state'] = 'armed'
        $facts['dueAt'] = ConvertTo-EkTime -Milliseconds $record.dueAt
    }
    Write-EkResult -Operation 'dead-man-read' -Changed @() -Facts $facts
}
