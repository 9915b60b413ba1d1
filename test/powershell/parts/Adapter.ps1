# NetAdapter

function ConvertTo-StandInAdapter {
    param([Collections.IDictionary] $Adapter)
    return New-StandInObject -Class 'MSFT_NetAdapter' -Properties @{
        Name                 = $Adapter.name
        InterfaceDescription = $Adapter.description
        ifIndex              = [uint32] $Adapter.index
        InterfaceIndex       = [uint32] $Adapter.index
        InterfaceGuid        = Get-StandInGuid -Index $Adapter.index
        ComponentID          = $Adapter.hardwareId
        PnPDeviceID          = $Adapter.deviceId
        DeviceID             = Get-StandInGuid -Index $Adapter.index
        MacAddress           = $Adapter.mac
        Status               = @{ up = 'Up'; down = 'Disconnected'; disabled = 'Disabled' }[$Adapter.status]
        Hidden               = $false
        Virtual              = ($Adapter.hardwareId -eq '*MSLOOP')
    }
}

function Get-StandInGuid {
    param([int] $Index)
    return '{{4D36E972-0000-4000-8000-{0:d12}}}' -f $Index
}

# Every Windows has adapters that only -IncludeHidden shows.
function Get-StandInHiddenAdapter {
    return New-StandInObject -Class 'MSFT_NetAdapter' -Properties @{
        Name                 = 'Ethernet (Kernel Debugger)'
        InterfaceDescription = 'Microsoft Kernel Debug Network Adapter'
        ifIndex              = [uint32] 2
        InterfaceIndex       = [uint32] 2
        InterfaceGuid        = Get-StandInGuid -Index 2
        ComponentID          = 'root\kdnic'
        PnPDeviceID          = 'ROOT\KDNIC\0000'
        DeviceID             = Get-StandInGuid -Index 2
        MacAddress           = ''
        Status               = 'Not Present'
        Hidden               = $true
        Virtual              = $true
    }
}

function Get-NetAdapter {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [Alias('ifAlias', 'InterfaceAlias')] [string[]] $Name,
        [Alias('ifDesc')] [string[]] $InterfaceDescription,
        [Alias('ifIndex')] [uint32[]] $InterfaceIndex,
        [switch] $IncludeHidden
    )
    $all = @(foreach ($adapter in (Read-StandInState).adapters) { ConvertTo-StandInAdapter -Adapter $adapter })
    if ($IncludeHidden) { $all = @(Get-StandInHiddenAdapter) + $all }
    Select-StandInObject -Objects $all -Bound $PSBoundParameters -Keys 'Name', 'InterfaceDescription', 'InterfaceIndex' -Class 'MSFT_NetAdapter' -Cmdlet $PSCmdlet
}

function Rename-NetAdapter {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium', DefaultParameterSetName = 'ByName')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'ByName')] [string[]] $Name,
        [Parameter(Mandatory, ParameterSetName = 'InputObject', ValueFromPipeline)]
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#ROOT/StandardCimv2/MSFT_NetAdapter')] [object[]] $InputObject,
        [Parameter(Mandatory, Position = 1)] [string] $NewName
    )
    process {
        $chosen = if ($PSCmdlet.ParameterSetName -eq 'InputObject') { $InputObject } else { @(Get-NetAdapter -Name $Name) }
        foreach ($adapter in $chosen) {
            if (-not $PSCmdlet.ShouldProcess($adapter.Name)) { continue }
            $state = Read-StandInState
            if (-not (Test-StandInAllowed -State $state -Cmdlet $PSCmdlet)) { return }
            if (@($state.adapters | Where-Object -FilterScript { $_.name -eq $NewName }).Count -gt 0) {
                Write-StandInError -Cmdlet $PSCmdlet -Text '{Object Exists} An attempt was made to create an object and the object name already existed.' -Id 'Windows System Error 183'
                return
            }
            (Find-StandInAdapter -State $state -Index $adapter.ifIndex).name = $NewName
            Write-StandInState -State $state
        }
    }
}
