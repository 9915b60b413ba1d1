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
        'firewall' { Set-EkFirewall -Data $Item.input }
        'dead-man-arm' { Set-EkDeadMan -Data $Item.input }
        'dead-man-confirm' { Clear-EkDeadMan -Name ([string] $Item.input.name) }
        'dead-man-read' { Read-EkDeadMan -Name ([string] $Item.input.name) }
        'dead-man-fire' { Invoke-EkDeadMan -Data $Item.input }
        default { Stop-Ek -Code 'bad_input' -Message ('Unknown operation {0}.' -f $Item.operation) }
    }
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
            if ($operation -ne 'read-state') { Assert-EkHost }
            if ($null -eq $turn -and $operation -ne 'read-state' -and $operation -ne 'dead-man-read') {
                $turn = Wait-EkTurn -Operation $operation
            }
            Write-EkEvent -Record @{ event = 'begin'; operation = $operation }
            Invoke-EkOperation -Item $item
        }
        Write-EkEvent -Record @{ event = 'done' }
        $code = 0
    }
    catch {
        $failure = Read-EkFailure -Problem $_
        Write-EkEvent -Record @{
            event     = 'error'
            operation = $operation
            code      = $failure.code
            message   = $failure.message
            line      = [int] $_.InvocationInfo.ScriptLineNumber
        }
        $code = 1
    }
    if ($null -ne $turn) { $turn.Dispose() }
    exit $code
}
