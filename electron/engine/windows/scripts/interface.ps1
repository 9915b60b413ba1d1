function Set-EkInterface {
    param([object] $Data)
    $index = [int] (Get-EkOneAdapter -Ref $Data.adapter).ifIndex
    $changed = @()
    # All of them are there, or none is touched.
    foreach ($item in @($Data.families)) { [void] (Get-EkInterface -Index $index -Family ([string] $item.family)) }
    foreach ($item in @($Data.families)) {
        $family = [string] $item.family
        $before = Get-EkInterface -Index $index -Family $family
        $metric = 0
        if ($null -ne $item.metric) { $metric = [int] $item.metric }
        $automatic = ConvertTo-EkSwitch -On ($null -eq $item.metric)
        $receive = ConvertTo-EkSwitch -On ([bool] $item.weakHostReceive)
        $send = ConvertTo-EkSwitch -On ([bool] $item.weakHostSend)
        $dhcp = ConvertTo-EkSwitch -On ([bool] $item.dhcp)
        $same = [string] $before.WeakHostReceive -eq $receive -and [string] $before.WeakHostSend -eq $send -and
        [int] $before.DadTransmits -eq [int] $item.dadTransmits -and [string] $before.Dhcp -eq $dhcp -and
        [string] $before.AutomaticMetric -eq $automatic -and ($metric -eq 0 -or [int] $before.InterfaceMetric -eq $metric)
        if ($same) { continue }
        Set-NetIPInterface -InterfaceIndex $index -AddressFamily $family -WeakHostReceive $receive -WeakHostSend $send -DadTransmits ([uint32] $item.dadTransmits) -Dhcp $dhcp -Confirm:$false
        if ($metric -gt 0) {
            Set-NetIPInterface -InterfaceIndex $index -AddressFamily $family -AutomaticMetric 'Disabled' -InterfaceMetric ([uint32] $metric) -Confirm:$false
        }
        else { Set-NetIPInterface -InterfaceIndex $index -AddressFamily $family -AutomaticMetric 'Enabled' -Confirm:$false }
        $changed += '{0} interface' -f $family
    }
    Write-EkResult -Operation 'interface' -Changed $changed -Facts @{ index = $index }
}
