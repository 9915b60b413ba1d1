# Access control of folders: kept beside the state file, as this system has none of the kind.

function Get-Acl {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $LiteralPath)
    if (-not (Microsoft.PowerShell.Management\Test-Path -LiteralPath $LiteralPath)) { throw "Cannot find path '$LiteralPath' because it does not exist." }
    $acl = [pscustomobject] @{ Path = $LiteralPath; Sddl = 'O:BUD:AI(A;OICIID;FA;;;BU)' }
    $acl | Add-Member -MemberType ScriptMethod -Name 'SetSecurityDescriptorSddlForm' -Value {
        param([string] $Form, [string] $Sections)
        if ($Form -notmatch '^(O:[A-Z]{2})?D:[A-Z]*(\([A-Z];[A-Z]*;[A-Z]+;;;[A-Z]{2}\))+$') { throw 'The SDDL form of a security descriptor object is invalid.' }
        if ($Sections -notmatch '^(Owner|Access|Group|Audit)(, (Owner|Access|Group|Audit))*$') { throw 'Not sections of a descriptor.' }
        $this.Sddl = $Form
    }
    return $acl
}

function Set-Acl {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)] [string] $LiteralPath, [Parameter(Mandatory)] [object] $AclObject)
    $state = Read-StandInState
    if (-not (Test-StandInAllowed -State $state -Cmdlet $PSCmdlet)) { return }
    if (-not $state.Contains('standInAcls')) { $state['standInAcls'] = @{} }
    $state['standInAcls'][[IO.Path]::GetFileName($LiteralPath)] = $AclObject.Sddl
    Write-StandInState -State $state
}
