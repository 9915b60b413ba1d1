# NetTCPIP: interfaces and routes

function Get-StandInInterface {
    param([Collections.IDictionary] $State)
    foreach ($family in 'IPv4', 'IPv6') {
        # Windows' own loopback, which no script may touch.
        ConvertTo-StandInInterface -Index 1 -Name 'Loopback Pseudo-Interface 1' -Family $family -Values @{
            weakHostReceive = $false; weakHostSend = $false; dadTransmits = 0; dhcp = $false; metric = $null
        }
        foreach ($adapter in $State.adapters) {
            $values = $adapter[$family.ToLowerInvariant()]
            if ($null -eq $values -or -not (Test-StandInShown -Adapter $adapter -Family $family)) { continue }
            ConvertTo-StandInInterface -Index $adapter.index -Name $adapter.name -Family $family -Values $values
        }
    }
}

function ConvertTo-StandInInterface {
    param([int] $Index, [string] $Name, [string] $Family, [Collections.IDictionary] $Values)
    # 25 is what Windows would choose.
    $metric = if ($null -eq $Values.metric) { 25 } else { $Values.metric }
    return New-StandInObject -Class 'MSFT_NetIPInterface' -Properties @{
        InterfaceIndex  = [uint32] $Index
        ifIndex         = [uint32] $Index
        InterfaceAlias  = $Name
        AddressFamily   = [EvenkeelStandIn.Family] $Family
        WeakHostReceive = [EvenkeelStandIn.Switch] [int] $Values.weakHostReceive
        WeakHostSend    = [EvenkeelStandIn.Switch] [int] $Values.weakHostSend
        DadTransmits    = [uint32] $Values.dadTransmits
        Dhcp            = [EvenkeelStandIn.Switch] [int] $Values.dhcp
        AutomaticMetric = [EvenkeelStandIn.Switch] [int] ($null -eq $Values.metric)
        InterfaceMetric = [uint32] $metric
        NlMtu           = [uint32] 1500
    }
}

function Get-NetIPInterface {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [Alias('ifAlias')] [string[]] $InterfaceAlias,
        [Alias('ifIndex')] [uint32[]] $InterfaceIndex,
        [EvenkeelStandIn.Family[]] $AddressFamily,
        [ValidateSet('ActiveStore', 'PersistentStore')] [string] $PolicyStore
    )
    $all = @(Get-StandInInterface -State (Read-StandInState))
    Select-StandInObject -Objects $all -Bound $PSBoundParameters -Keys 'InterfaceAlias', 'InterfaceIndex', 'AddressFamily' -Class 'MSFT_NetIPInterface' -Cmdlet $PSCmdlet
}

# Without a filter it changes every interface.
function Set-NetIPInterface {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    param(
        [Parameter(Position = 0)] [Alias('ifAlias')] [string[]] $InterfaceAlias,
        [Alias('ifIndex')] [uint32[]] $InterfaceIndex,
        [EvenkeelStandIn.Family[]] $AddressFamily,
        [EvenkeelStandIn.Switch] $WeakHostReceive,
        [EvenkeelStandIn.Switch] $WeakHostSend,
        [uint32] $DadTransmits,
        [EvenkeelStandIn.Switch] $Dhcp,
        [EvenkeelStandIn.Switch] $AutomaticMetric,
        [uint32] $InterfaceMetric
    )
    $state = Read-StandInState
    if (-not (Test-StandInAllowed -State $state -Cmdlet $PSCmdlet)) { return }
    $all = @(Get-StandInInterface -State $state)
    $chosen = @(Select-StandInObject -Objects $all -Bound $PSBoundParameters -Keys 'InterfaceAlias', 'InterfaceIndex', 'AddressFamily' -Class 'MSFT_NetIPInterface' -Cmdlet $PSCmdlet)
    foreach ($one in $chosen) {
        if (-not $PSCmdlet.ShouldProcess($one.InterfaceAlias)) { continue }
        if ($one.InterfaceIndex -eq 1) { throw 'A script changed the loopback pseudo interface of Windows.' }
        $adapter = Find-StandInAdapter -State $state -Index $one.InterfaceIndex
        $values = $adapter[([string] $one.AddressFamily).ToLowerInvariant()]
        $bound = $PSBoundParameters
        if ($bound.ContainsKey('WeakHostReceive')) { $values.weakHostReceive = $WeakHostReceive -eq 'Enabled' }
        if ($bound.ContainsKey('WeakHostSend')) { $values.weakHostSend = $WeakHostSend -eq 'Enabled' }
        if ($bound.ContainsKey('DadTransmits')) { $values.dadTransmits = [int] $DadTransmits }
        if ($bound.ContainsKey('Dhcp')) { $values.dhcp = $Dhcp -eq 'Enabled' }
        # Back to a chosen metric only by AutomaticMetric; a given one switches the choice off.
        if ($bound.ContainsKey('AutomaticMetric')) {
            if ($AutomaticMetric -eq 'Enabled') { $values.metric = $null }
            elseif ($null -eq $values.metric) { $values.metric = 25 }
        }
        if ($bound.ContainsKey('InterfaceMetric') -and -not ($bound.ContainsKey('AutomaticMetric') -and $AutomaticMetric -eq 'Enabled')) {
            $values.metric = [int] $InterfaceMetric
        }
    }
    Write-StandInState -State $state
}

function Get-NetRoute {
    [CmdletBinding()]
    param(
        [Alias('ifIndex')] [uint32[]] $InterfaceIndex,
        [EvenkeelStandIn.Family[]] $AddressFamily,
        [Parameter(Position = 0)] [string[]] $DestinationPrefix,
        [ValidateSet('ActiveStore', 'PersistentStore')] [string] $PolicyStore
    )
    $all = @(
        New-StandInRoute -Index 1 -Prefix '127.0.0.0/8' -Hop '0.0.0.0'
        foreach ($adapter in (Read-StandInState).adapters) {
            foreach ($gateway in $adapter.gateways) {
                $family = Get-StandInFamily -Address $gateway
                $prefix = if ($family -eq 'IPv6') { '::/0' } else { '0.0.0.0/0' }
                New-StandInRoute -Index $adapter.index -Prefix $prefix -Hop $gateway
            }
        }
    )
    Select-StandInObject -Objects $all -Bound $PSBoundParameters -Keys 'InterfaceIndex', 'AddressFamily', 'DestinationPrefix' -Class 'MSFT_NetRoute' -Cmdlet $PSCmdlet
}

function New-StandInRoute {
    param([int] $Index, [string] $Prefix, [string] $Hop)
    return New-StandInObject -Class 'MSFT_NetRoute' -Properties @{
        InterfaceIndex    = [uint32] $Index
        ifIndex           = [uint32] $Index
        AddressFamily     = [EvenkeelStandIn.Family] (Get-StandInFamily -Address $Hop)
        DestinationPrefix = $Prefix
        NextHop           = $Hop
        RouteMetric       = [uint16] 256
    }
}
