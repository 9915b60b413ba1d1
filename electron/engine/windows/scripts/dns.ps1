function Set-EkDnsRegistration {
    param([object] $Data)
    $index = [int] (Get-EkOneAdapter -Ref $Data.adapter).ifIndex
    $wanted = [bool] $Data.register
    $changed = @()
    $client = @(Get-DnsClient -InterfaceIndex $index)
    if ($client.Count -ne 1 -or [bool] $client[0].RegisterThisConnectionsAddress -ne $wanted) {
        Set-DnsClient -InterfaceIndex $index -RegisterThisConnectionsAddress $wanted -Confirm:$false
        $changed += 'DNS registration {0}' -f $(if ($wanted) { 'on' } else { 'off' })
    }
    Write-EkResult -Operation 'dns' -Changed $changed -Facts @{ index = $index }
}
