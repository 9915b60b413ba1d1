# A folder of ours that only administrators and the system can enter. Everybody may create folders in ProgramData [D]:
# one that somebody prepared is taken over, and one that leads elsewhere is refused.
function Get-EkFolder {
    param([string] $Name)
    $root = Join-Path -Path $env:ProgramData -ChildPath 'Evenkeel'
    $folder = Join-Path -Path $root -ChildPath $Name
    foreach ($path in @($root, $folder)) {
        [void] [IO.Directory]::CreateDirectory($path)
        if ([int] [IO.File]::GetAttributes($path) -band [int] [IO.FileAttributes]::ReparsePoint) {
            Stop-Ek -Code 'failed' -Message ('{0} leads to another place.' -f $path)
        }
        $acl = Get-Acl -LiteralPath $path
        # Owner: Administrators. Full control, inherited: System and Administrators. Nothing from above.
        $acl.SetSecurityDescriptorSddlForm('O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)', 'Owner, Access')
        Set-Acl -LiteralPath $path -AclObject $acl
    }
    return $folder
}
