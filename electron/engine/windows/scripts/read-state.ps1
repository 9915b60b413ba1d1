function Get-EkValue {
    param([string] $Path, [string] $Name)
    $key = Get-ItemProperty -LiteralPath $Path -ErrorAction SilentlyContinue
    if ($null -eq $key) { return $null }
    $property = $key.PSObject.Properties[$Name]
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

function Read-EkProfileNames {
    param([int] $Bits)
    # Domain 1, Private 2, Public 4; 0 and 2147483647 mean any [D].
    if ($Bits -eq 0 -or $Bits -eq 2147483647) { return , @('Any') }
    $names = @()
    if ($Bits -band 1) { $names += 'Domain' }
    if ($Bits -band 2) { $names += 'Private' }
    if ($Bits -band 4) { $names += 'Public' }
    return , $names
}

function Read-EkFirewall {
    try {
        $profiles = @(Get-NetFirewallProfile -PolicyStore ActiveStore | ForEach-Object -Process {
                @{ name = [string] $_.Name; enabled = ([string] $_.Enabled -eq 'True') }
            })
        $ports = @{}
        foreach ($filter in @(Get-NetFirewallPortFilter -PolicyStore ActiveStore)) { $ports[[string] $filter.InstanceID] = $filter }
        $rules = @()
        $found = Get-NetFirewallRule -PolicyStore ActiveStore -Enabled True -Direction Inbound -Action Allow -ErrorAction SilentlyContinue
        foreach ($rule in @($found)) {
            if ($null -eq $rule) { continue }
            $filter = $ports[[string] $rule.InstanceID]
            if ($null -eq $filter) { continue }
            $protocol = [string] $filter.Protocol
            if ($protocol -eq '6') { $protocol = 'TCP' }
            if ($protocol -eq '17') { $protocol = 'UDP' }
            if ($protocol -ne 'TCP' -and $protocol -ne 'UDP' -and $protocol -ne 'Any') { continue }
            $rules += @{
                name       = [string] $rule.DisplayName
                profiles   = (Read-EkProfileNames -Bits ([int] $rule.Profile))
                protocol   = $protocol
                localPorts = @($filter.LocalPort | ForEach-Object -Process { [string] $_ })
            }
        }
        return @{ profiles = $profiles; allowRules = $rules }
    }
    catch {
        # Without the right to read it the firewall is unknown, never open.
        return @{ profiles = $null; allowRules = @() }
    }
}

function Test-EkPendingReboot {
    $servicing = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending'
    $update = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired'
    return ((Test-Path -LiteralPath $servicing) -or (Test-Path -LiteralPath $update))
}

# Reads only. The same function serves the check, the snapshot and the proof.
function Read-EkState {
    $system = Get-CimInstance -ClassName Win32_OperatingSystem
    $all = @{
        devices    = @(Get-CimInstance -ClassName Win32_NetworkAdapter | Where-Object -FilterScript { $null -ne $_.PNPDeviceID })
        bindings   = @(Get-NetAdapterBinding -IncludeHidden)
        interfaces = @(Get-NetIPInterface -PolicyStore ActiveStore)
        addresses  = @(Get-NetIPAddress -PolicyStore ActiveStore)
        routes     = @(Get-NetRoute -PolicyStore ActiveStore | Where-Object -FilterScript {
                $_.DestinationPrefix -eq '0.0.0.0/0' -or $_.DestinationPrefix -eq '::/0'
            })
        dns        = @(Get-DnsClient)
    }
    $adapters = @(Get-NetAdapter -IncludeHidden | Where-Object -FilterScript {
            (-not $_.Hidden -or [string] $_.ComponentID -eq '*MSLOOP') -and [int] $_.ifIndex -gt 0
        } | Sort-Object -Property ifIndex | ForEach-Object -Process { Read-EkAdapter -Adapter $_ -All $all })
    $cluster = Get-Service -Name 'ClusSvc' -ErrorAction SilentlyContinue
    $balancing = @($all.bindings | Where-Object -FilterScript { [string] $_.ComponentID -eq 'ms_wlbs' -and $_.Enabled })
    $type = [string] (Get-EkValue -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' -Name 'InstallationType')
    return @{
        computerName    = [string] $env:COMPUTERNAME
        osName          = [string] $system.Caption
        osBuild         = [string] $system.BuildNumber
        serverCore      = ($type -eq 'Server Core')
        languageMode    = [string] $ExecutionContext.SessionState.LanguageMode
        is64BitProcess  = [Environment]::Is64BitProcess
        isAdministrator = (Test-EkAdministrator)
        pendingReboot   = (Test-EkPendingReboot)
        clusterPresent  = ($null -ne $cluster)
        nlbPresent      = ($balancing.Count -gt 0)
        bootedAt        = $system.LastBootUpTime.ToString('o')
        adapters        = $adapters
        firewall        = (Read-EkFirewall)
    }
}
