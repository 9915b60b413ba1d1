function Invoke-EkOperation {
    param([object] $Item)
    switch ([string] $Item.operation) {
        'read-state' { Write-EkEvent -Record @{ event = 'state'; state = (Read-EkState) } }
        'snapshot' { Save-EkSnapshot -Name ([string] $Item.input.name) }
        'ensure-device' { Install-EkDevice -Name ([string] $Item.input.name) }
        'remove-device' { Uninstall-EkDevice -Ref $Item.input.adapter }
        'bindings' { Set-EkBindings -Data $Item.input }
        'interface' { Set-EkInterface -Data $Item.input }
        'dns' { Set-EkDnsRegistration -Data $Item.input }
        'addresses' { Set-EkAddresses -Data $Item.input }
        'lan' { Set-EkLan -Data $Item.input }
        default { Stop-Ek -Code 'bad_input' -Message ('Unknown operation {0}.' -f $Item.operation) }
    }
}

# After a lost link the script of before may still be at work: only one at a time changes this server.
function Wait-EkTurn {
    $mutex = New-Object -TypeName Threading.Mutex -ArgumentList $false, 'Global\EvenkeelDirectRouting'
    try { $mine = $mutex.WaitOne([TimeSpan]::FromSeconds(150)) }
    catch [Threading.AbandonedMutexException] { $mine = $true }
    if (-not $mine) { Stop-Ek -Code 'failed' -Message 'Another change of this server is still running.' }
    return $mutex
}

function Invoke-Evenkeel {
    param([string] $Data)
    $operation = 'start'
    $turn = $null
    try {
        $text = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Data))
        $request = ConvertFrom-Json -InputObject $text
        foreach ($item in @($request.operations)) {
            $operation = [string] $item.operation
            # Reading reports what is missing; everything else needs it.
            if ($operation -ne 'read-state') {
                Assert-EkHost
                if ($null -eq $turn) { $turn = Wait-EkTurn }
            }
            Write-EkEvent -Record @{ event = 'begin'; operation = $operation }
            Invoke-EkOperation -Item $item
        }
        Write-EkEvent -Record @{ event = 'done' }
        $code = 0
    }
    catch {
        $failure = [string] $_.Exception.Message
        $kind = 'failed'
        if ($failure -match '^EK\|([a-z_0-9]+)\|(?s:(.*))$') {
            $kind = $Matches[1]
            $failure = $Matches[2]
        }
        Write-EkEvent -Record @{
            event     = 'error'
            operation = $operation
            code      = $kind
            message   = $failure
            line      = [int] $_.InvocationInfo.ScriptLineNumber
        }
        $code = 1
    }
    if ($null -ne $turn) { $turn.ReleaseMutex() }
    exit $code
}
