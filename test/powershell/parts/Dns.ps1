# DnsClient

function Get-StandInDnsClient {
    param([Collections.IDictionary] $State)
    New-StandInObject -Class 'MSFT_DNSClient' -Properties @{ InterfaceIndex = [uint32] 1; InterfaceAlias = 'Loopback Pseudo-Interface 1'; RegisterThisConnectionsAddress = $true }
    foreach ($adapter in $State.adapters) {
        New-StandInObject -Class 'MSFT_DNSClient' -Properties @{
            InterfaceIndex                 = [uint32] $adapter.index
            InterfaceAlias                 = $adapter.name
            RegisterThisConnectionsAddress = [bool] $adapter.registersInDns
        }
    }
}

function Get-DnsClient {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [Alias('ifAlias')] [string[]] $InterfaceAlias,
        [Alias('ifIndex')] [uint32[]] $InterfaceIndex
    )
    $all = @(Get-StandInDnsClient -State (Read-StandInState))
    Select-StandInObject -Objects $all -Bound $PSBoundParameters -Keys 'InterfaceAlias', 'InterfaceIndex' -Class 'MSFT_DNSClient' -Cmdlet $PSCmdlet
}

function Set-DnsClient {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium', DefaultParameterSetName = 'ByAlias')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'ByAlias')] [Alias('ifAlias')] [string[]] $InterfaceAlias,
        [Parameter(Mandatory, ParameterSetName = 'ByIndex')] [Alias('ifIndex')] [uint32[]] $InterfaceIndex,
        [bool] $RegisterThisConnectionsAddress
    )
    $state = Read-StandInState
    if (-not (Test-StandInAllowed -State $state -Cmdlet $PSCmdlet)) { return }
    $chosen = @(Select-StandInObject -Objects @(Get-StandInDnsClient -State $state) -Bound $PSBoundParameters -Keys 'InterfaceAlias', 'InterfaceIndex' -Class 'MSFT_DNSClient' -Cmdlet $PSCmdlet)
    foreach ($one in $chosen) {
        if (-not $PSCmdlet.ShouldProcess($one.InterfaceAlias)) { continue }
        $adapter = Find-StandInAdapter -State $state -Index $one.InterfaceIndex
        if ($PSBoundParameters.ContainsKey('RegisterThisConnectionsAddress')) { $adapter.registersInDns = $RegisterThisConnectionsAddress }
    }
    Write-StandInState -State $state
}
