# The registry: the few keys that the scripts read and write. Every other path goes to the real cmdlet.

$netbios = 'HKLM:\SYSTEM\CurrentControlSet\Services\NetBT\Parameters\Interfaces\Tcpip_'

function Find-StandInKey {
    param([Collections.IDictionary] $State, [string] $Path)
    if ($Path.StartsWith($netbios, 'OrdinalIgnoreCase')) {
        $guid = $Path.Substring($netbios.Length)
        $adapter = @($State.adapters | Where-Object -FilterScript { (Get-StandInGuid -Index $_.index) -eq $guid })[0]
        if ($null -eq $adapter) { return $null }
        # The value is missing until somebody set it.
        if ($adapter.netbios -eq 'default') { return @{} }
        return @{ NetbiosOptions = [int] @{ on = 1; off = 2 }[$adapter.netbios] }
    }
    $type = if ($State.serverCore) { 'Server Core' } else { 'Server' }
    switch ($Path) {
        'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' { return @{ InstallationType = $type } }
        'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending' { if ($State.pendingReboot) { return @{} } }
    }
    return $null
}

function Test-StandInRegistry {
    param([Collections.IDictionary] $Bound, [string] $Key)
    return $Bound.ContainsKey($Key) -and ([string] $Bound[$Key]).StartsWith('HKLM:', 'OrdinalIgnoreCase')
}

function Get-ItemProperty {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string[]] $Path, [string[]] $LiteralPath, [string[]] $Name)
    if (-not (Test-StandInRegistry -Bound $PSBoundParameters -Key 'LiteralPath')) {
        return Microsoft.PowerShell.Management\Get-ItemProperty @PSBoundParameters
    }
    $key = Find-StandInKey -State (Read-StandInState) -Path $LiteralPath[0]
    if ($null -ne $key) { return [pscustomobject] ($key + @{ PSPath = $LiteralPath[0]; PSProvider = 'Registry' }) }
    Write-StandInError -Cmdlet $PSCmdlet -Text "Cannot find path '$($LiteralPath[0])' because it does not exist." -Id 'PathNotFound' -Category 'ObjectNotFound'
}

function Test-Path {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string[]] $Path, [string[]] $LiteralPath)
    if (-not (Test-StandInRegistry -Bound $PSBoundParameters -Key 'LiteralPath')) {
        return Microsoft.PowerShell.Management\Test-Path @PSBoundParameters
    }
    return $null -ne (Find-StandInKey -State (Read-StandInState) -Path $LiteralPath[0])
}

function New-Item {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    param([Parameter(Position = 0)] [string[]] $Path, [string] $ItemType, [switch] $Force)
    if (-not (Test-StandInRegistry -Bound $PSBoundParameters -Key 'Path')) {
        return Microsoft.PowerShell.Management\New-Item @PSBoundParameters
    }
    if ($null -eq (Find-StandInKey -State (Read-StandInState) -Path $Path[0])) { throw "The stand-in registry has no place for $($Path[0])." }
}

function Set-ItemProperty {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    param([Parameter(Position = 0)] [string[]] $Path, [string[]] $LiteralPath, [Parameter(Mandatory, Position = 1)] [string] $Name, [Parameter(Mandatory)] [object] $Value)
    if (-not (Test-StandInRegistry -Bound $PSBoundParameters -Key 'LiteralPath')) {
        Microsoft.PowerShell.Management\Set-ItemProperty @PSBoundParameters
        return
    }
    $state = Read-StandInState
    if (-not (Test-StandInAllowed -State $state -Cmdlet $PSCmdlet)) { return }
    if ($Name -ne 'NetbiosOptions' -or $null -eq (Find-StandInKey -State $state -Path $LiteralPath[0])) {
        Write-StandInError -Cmdlet $PSCmdlet -Text "Cannot find path '$($LiteralPath[0])' because it does not exist." -Id 'PathNotFound' -Category 'ObjectNotFound'
        return
    }
    $guid = $LiteralPath[0].Substring($netbios.Length)
    $adapter = @($state.adapters | Where-Object -FilterScript { (Get-StandInGuid -Index $_.index) -eq $guid })[0]
    $adapter.netbios = @('default', 'on', 'off')[[int] $Value]
    Write-StandInState -State $state
}
