function Get-EkValue {
    param([string] $Path, [string] $Name)
    $key = Find-Ek -Query { Get-ItemProperty -LiteralPath $Path }
    if ($key.Count -eq 0) { return $null }
    $property = $key[0].PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    return $property.Value
}

function Get-EkNetbiosPath {
    param([object] $Adapter)
    return 'HKLM:\SYSTEM\CurrentControlSet\Services\NetBT\Parameters\Interfaces\Tcpip_{0}' -f $Adapter.InterfaceGuid
}

function Read-EkNetbios {
    param([object] $Adapter)
    $value = Get-EkValue -Path (Get-EkNetbiosPath -Adapter $Adapter) -Name 'NetbiosOptions'
    if ($value -eq 1) { return 'on' }
    if ($value -eq 2) { return 'off' }
    return 'default'
}

function Read-EkInterface {
    param([object[]] $Interfaces, [int] $Index, [string] $Family)
    $found = @($Interfaces | Where-Object -FilterScript { $_.InterfaceIndex -eq $Index -and [string] $_.AddressFamily -eq $Family })
    if ($found.Count -ne 1) { return $null }
    $metric = $null
    if ([string] $found[0].AutomaticMetric -ne 'Enabled') { $metric = [int] $found[0].InterfaceMetric }
    return @{
        weakHostReceive = ([string] $found[0].WeakHostReceive -eq 'Enabled')
        weakHostSend    = ([string] $found[0].WeakHostSend -eq 'Enabled')
        dadTransmits    = [int] $found[0].DadTransmits
        dhcp            = ([string] $found[0].Dhcp -eq 'Enabled')
        metric          = $metric
    }
}

function Read-EkAdapter {
    param([object] $Adapter, [hashtable] $All)
    $index = [int] $Adapter.ifIndex
    $status = 'down'
    if ([string] $Adapter.Status -eq 'Up') { $status = 'up' }
    if ([string] $Adapter.Status -eq 'Disabled') { $status = 'disabled' }
    $problem = 0
    $device = @($All.devices | Where-Object -FilterScript { $_.PNPDeviceID -eq $Adapter.PnPDeviceID })
    # Problem 22 is "disabled by a person": the driver is fine [D].
    if ($device.Count -eq 1) { $problem = [int] $device[0].ConfigManagerErrorCode }
    $bindings = @($All.bindings | Where-Object -FilterScript { $_.InterfaceDescription -eq $Adapter.InterfaceDescription } |
            Sort-Object -Property ComponentID |
            ForEach-Object -Process { @{ component = [string] $_.ComponentID; enabled = [bool] $_.Enabled } })
    $addresses = @($All.addresses | Where-Object -FilterScript { $_.InterfaceIndex -eq $index } | Sort-Object -Property IPAddress |
            ForEach-Object -Process {
                @{
                    address      = ([string] $_.IPAddress).Split('%')[0]
                    prefixLength = [int] $_.PrefixLength
                    skipAsSource = [bool] $_.SkipAsSource
                    state        = [string] $_.AddressState
                }
            })
    $gateways = @($All.routes | Where-Object -FilterScript { $_.InterfaceIndex -eq $index } |
            ForEach-Object -Process { [string] $_.NextHop })
    $registers = @($All.dns | Where-Object -FilterScript { $_.InterfaceIndex -eq $index -and $_.RegisterThisConnectionsAddress })
    return @{
        index         = $index
        name          = [string] $Adapter.Name
        description   = [string] $Adapter.InterfaceDescription
        hardwareId    = [string] $Adapter.ComponentID
        deviceId      = [string] $Adapter.PnPDeviceID
        mac           = [string] $Adapter.MacAddress
        status        = $status
        driverOk      = ($problem -eq 0 -or $problem -eq 22)
        bindings      = $bindings
        netbios       = (Read-EkNetbios -Adapter $Adapter)
        registersInDns = ($registers.Count -gt 0)
        ipv4          = (Read-EkInterface -Interfaces $All.interfaces -Index $index -Family 'IPv4')
        ipv6          = (Read-EkInterface -Interfaces $All.interfaces -Index $index -Family 'IPv6')
        addresses     = $addresses
        gateways      = $gateways
    }
}
