# CIM classes and services

function Get-CimInstance {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [string] $ClassName, [string] $Filter, [string] $Namespace = 'root/cimv2')
    $state = Read-StandInState
    $all = switch ($ClassName) {
        'Win32_OperatingSystem' {
            $booted = if ($null -eq $state.bootedAt) { $null } else { [DateTimeOffset]::Parse($state.bootedAt, [cultureinfo]::InvariantCulture).LocalDateTime }
            New-StandInObject -Namespace 'root/cimv2' -Class $ClassName -Properties @{ Caption = $state.osName; BuildNumber = $state.osBuild; LastBootUpTime = $booted }
        }
        'Win32_NetworkAdapter' {
            # Some entries of this class have no device.
            New-StandInObject -Namespace 'root/cimv2' -Class $ClassName -Properties @{ InterfaceIndex = [uint32] 0; PNPDeviceID = $null; ConfigManagerErrorCode = [uint32] 0 }
            foreach ($adapter in $state.adapters) {
                $problem = if (-not $adapter.driverOk) { 10 } elseif ($adapter.status -eq 'disabled') { 22 } else { 0 }
                New-StandInObject -Namespace 'root/cimv2' -Class $ClassName -Properties @{
                    InterfaceIndex = [uint32] $adapter.index; PNPDeviceID = $adapter.deviceId; ConfigManagerErrorCode = [uint32] $problem
                }
            }
        }
        'Win32_PnPEntity' {
            New-StandInObject -Namespace 'root/cimv2' -Class $ClassName -Properties @{ PNPDeviceID = 'ROOT\ACPI_HAL\0000'; HardwareID = @('acpiapic') }
            New-StandInObject -Namespace 'root/cimv2' -Class $ClassName -Properties @{ PNPDeviceID = 'SWD\PRINTENUM\1'; HardwareID = $null }
            foreach ($adapter in $state.adapters) {
                New-StandInObject -Namespace 'root/cimv2' -Class $ClassName -Properties @{ PNPDeviceID = $adapter.deviceId; HardwareID = @($adapter.hardwareId) }
            }
            foreach ($id in @(if ($state.Contains('standInDevices')) { $state.standInDevices })) {
                New-StandInObject -Namespace 'root/cimv2' -Class $ClassName -Properties @{ PNPDeviceID = $id; HardwareID = @('*MSLOOP') }
            }
        }
        'Win32_NetworkAdapterConfiguration' {
            foreach ($adapter in $state.adapters) {
                $addresses = @($adapter.addresses | Where-Object -FilterScript { Test-StandInShown -Adapter $adapter -Family (Get-StandInFamily -Address $_.address) })
                New-StandInObject -Namespace 'root/cimv2' -Class $ClassName -Properties @{ InterfaceIndex = [uint32] $adapter.index; IPEnabled = ($addresses.Count -gt 0) }
            }
        }
        default {
            Write-StandInError -Cmdlet $PSCmdlet -Text 'Invalid class' -Id 'HRESULT 0x80041010' -Category 'MetadataError'
            return
        }
    }
    if ($Filter -eq '') { return $all }
    if ($Filter -notmatch "^\s*(\w+)\s*=\s*'?([^']*?)'?\s*$") {
        Write-StandInError -Cmdlet $PSCmdlet -Text 'Invalid query' -Id 'HRESULT 0x80041017' -Category 'InvalidArgument'
        return
    }
    $name, $value = $Matches[1], $Matches[2]
    $all | Where-Object -FilterScript { [string] $_.$name -eq $value }
}

function Invoke-CimMethod {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline)] [PSTypeName('Microsoft.Management.Infrastructure.CimInstance')] [object] $InputObject,
        [Parameter(Mandatory, Position = 1)] [string] $MethodName,
        [Parameter(Position = 2)] [Collections.IDictionary] $Arguments
    )
    if ($MethodName -ne 'SetTcpipNetbios') { throw 'Method is not found.' }
    if ($Arguments['TcpipNetbiosOptions'] -isnot [uint32]) { throw 'Type mismatch for parameter "TcpipNetbiosOptions".' }
    $state = Read-StandInState
    # 84: TCP/IP is not enabled on the adapter. 91: access denied.
    $answer = if (-not $state.isAdministrator) { 91 } elseif (-not $InputObject.IPEnabled) { 84 } else { 0 }
    if ($answer -eq 0) {
        (Find-StandInAdapter -State $state -Index $InputObject.InterfaceIndex).netbios = @('default', 'on', 'off')[$Arguments['TcpipNetbiosOptions']]
        Write-StandInState -State $state
    }
    return [pscustomobject] @{ ReturnValue = [uint32] $answer }
}

function Get-Service {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string[]] $Name)
    if (Test-StandInFailing -Cmdlet $PSCmdlet) { return }
    $present = @('WinRM', 'Dnscache')
    if ((Read-StandInState).clusterPresent) { $present += 'ClusSvc' }
    foreach ($one in $Name) {
        if ($present -contains $one) { [pscustomobject] @{ Name = $one; Status = 'Running' } }
        else {
            Write-StandInError -Cmdlet $PSCmdlet -Text "Cannot find any service with service name '$one'." -Id 'NoServiceFoundForGivenName' -Category 'ObjectNotFound'
        }
    }
}
