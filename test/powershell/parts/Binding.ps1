# NetAdapter: bindings

function Get-StandInBinding {
    param([Collections.IDictionary] $State, [switch] $IncludeHidden)
    # Network load balancing shows as a component that is bound somewhere.
    $hidden = @{ index = 2; name = 'Ethernet (Kernel Debugger)'; description = 'Microsoft Kernel Debug Network Adapter' }
    $hidden.bindings = @(@{ component = 'ms_wlbs'; enabled = $State.nlbPresent }, @{ component = 'ms_tcpip'; enabled = $true })
    $adapters = if ($IncludeHidden) { @($hidden) + @($State.adapters) } else { @($State.adapters) }
    foreach ($adapter in $adapters) {
        foreach ($binding in $adapter.bindings) {
            New-StandInObject -Class 'MSFT_NetAdapterBindingSettingData' -Properties @{
                Name                 = $adapter.name
                ifAlias              = $adapter.name
                InterfaceDescription = $adapter.description
                ComponentID          = $binding.component
                DisplayName          = 'Komponente {0}' -f $binding.component
                Enabled              = [bool] $binding.enabled
                InstanceID           = '{0}::{1}' -f $adapter.index, $binding.component
            }
        }
    }
}

function Get-NetAdapterBinding {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [Alias('ifAlias', 'InterfaceAlias')] [string[]] $Name,
        [Alias('ifDesc')] [string[]] $InterfaceDescription,
        [string[]] $ComponentID,
        [string[]] $DisplayName,
        [switch] $IncludeHidden,
        [switch] $AllBindings
    )
    $all = @(Get-StandInBinding -State (Read-StandInState) -IncludeHidden:$IncludeHidden)
    Select-StandInObject -Objects $all -Bound $PSBoundParameters -Keys 'Name', 'InterfaceDescription', 'ComponentID', 'DisplayName' -Class 'MSFT_NetAdapterBindingSettingData' -Cmdlet $PSCmdlet
}

function Set-StandInBinding {
    param([object[]] $Bindings, [bool] $Enabled, [Management.Automation.PSCmdlet] $Cmdlet)
    foreach ($binding in $Bindings) {
        if (-not $Cmdlet.ShouldProcess($binding.InstanceID)) { continue }
        $state = Read-StandInState
        if (-not (Test-StandInAllowed -State $state -Cmdlet $Cmdlet)) { return }
        $index, $component = $binding.InstanceID -split '::'
        if ($index -eq '2') { throw 'A script changed a binding of a hidden adapter of Windows.' }
        $adapter = Find-StandInAdapter -State $state -Index $index
        foreach ($held in @($adapter.bindings | Where-Object -FilterScript { $_.component -eq $component })) { $held.enabled = $Enabled }
        Write-StandInState -State $state
    }
}

function Enable-NetAdapterBinding {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium', DefaultParameterSetName = 'ByName')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'ByName')] [string[]] $Name,
        [Parameter(ParameterSetName = 'ByName')] [string[]] $ComponentID,
        [Parameter(Mandatory, ParameterSetName = 'InputObject', ValueFromPipeline)]
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#ROOT/StandardCimv2/MSFT_NetAdapterBindingSettingData')] [object[]] $InputObject
    )
    process {
        $query = @{} + $PSBoundParameters
        foreach ($other in 'Confirm', 'WhatIf') { $query.Remove($other) }
        $chosen = if ($PSCmdlet.ParameterSetName -eq 'InputObject') { $InputObject } else { @(Get-NetAdapterBinding @query) }
        Set-StandInBinding -Bindings $chosen -Enabled $true -Cmdlet $PSCmdlet
    }
}

function Disable-NetAdapterBinding {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium', DefaultParameterSetName = 'ByName')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'ByName')] [string[]] $Name,
        [Parameter(ParameterSetName = 'ByName')] [string[]] $ComponentID,
        [Parameter(Mandatory, ParameterSetName = 'InputObject', ValueFromPipeline)]
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#ROOT/StandardCimv2/MSFT_NetAdapterBindingSettingData')] [object[]] $InputObject
    )
    process {
        $query = @{} + $PSBoundParameters
        foreach ($other in 'Confirm', 'WhatIf') { $query.Remove($other) }
        $chosen = if ($PSCmdlet.ParameterSetName -eq 'InputObject') { $InputObject } else { @(Get-NetAdapterBinding @query) }
        Set-StandInBinding -Bindings $chosen -Enabled $false -Cmdlet $PSCmdlet
    }
}
