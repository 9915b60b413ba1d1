# Types that exist on Windows only are found by name before the runtime's own.

function Import-StandInTypes {
    $source = Join-Path -Path $PSScriptRoot -ChildPath '../StandIn.cs'
    $hash = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([IO.File]::ReadAllBytes($source))).Substring(0, 16)
    $folder = Join-Path -Path ([IO.Path]::GetTempPath()) -ChildPath 'evenkeel-stand-in'
    $assembly = Join-Path -Path $folder -ChildPath "$hash.dll"
    if (-not [IO.File]::Exists($assembly)) {
        # Compiled once; every further process loads it. Moved into place whole, because several may compile at a time.
        [void] [IO.Directory]::CreateDirectory($folder)
        $fresh = Join-Path -Path $folder -ChildPath "$hash.$PID.dll"
        Microsoft.PowerShell.Utility\Add-Type -TypeDefinition ([IO.File]::ReadAllText($source)) -Language CSharp -OutputAssembly $fresh -OutputType Library
        [IO.File]::Move($fresh, $assembly, $true)
    }
    if ($null -eq ('EvenkeelStandIn.State' -as [type])) { Microsoft.PowerShell.Utility\Add-Type -Path $assembly }
    Set-StandInType -Name 'Security.Principal.WindowsIdentity' -Type ([EvenkeelStandIn.Identity])
    Set-StandInType -Name 'Security.Principal.WindowsPrincipal' -Type ([EvenkeelStandIn.Principal])
}

# Only names of this table go before the names of loaded assemblies; the public method adds to one that goes after.
function Set-StandInType {
    param([string] $Name, [type] $Type)
    $table = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators').GetField('builtinTypeAccelerators', 'NonPublic,Static')
    $table.GetValue($null)[$Name] = $Type
}

# The script's C# is compiled for real; then its class is replaced by one that acts on the state file.
function Add-Type {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $TypeDefinition, [string] $Language = 'CSharp')
    $state = Read-StandInState
    if (Get-StandInFault -State $state -Name 'addTypeBlocked') {
        throw 'Operation did not complete successfully because the file contains a virus or potentially unwanted software.'
    }
    if ($TypeDefinition -notmatch 'public static class EvenkeelDevice') {
        Microsoft.PowerShell.Utility\Add-Type @PSBoundParameters
        return
    }
    if ($env:EVENKEEL_STAND_IN_COMPILE -ne 'no' -and $null -eq ('EvenkeelDevice' -as [type])) {
        Microsoft.PowerShell.Utility\Add-Type -TypeDefinition $TypeDefinition -Language $Language -ErrorAction Stop
    }
    Set-StandInType -Name 'EvenkeelDevice' -Type ([EvenkeelStandIn.Device])
}
