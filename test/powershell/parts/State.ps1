# The state file: JSON of the shape of `WindowsNetworkState`, with one key more, `standIn`, for faults.

function Read-StandInState {
    return ConvertFrom-Json -AsHashtable -DateKind String -InputObject ([EvenkeelStandIn.State]::Read())
}

function Write-StandInState {
    param([Collections.IDictionary] $State)
    foreach ($adapter in $State.adapters) {
        if ($adapter.hardwareId -eq '*MSLOOP') { Update-StandInSelfAssigned -Adapter $adapter }
    }
    [EvenkeelStandIn.State]::Save($State)
}

function Get-StandInFault {
    param([Collections.IDictionary] $State, [string] $Name)
    if ($State.Contains('standIn') -and $State.standIn.Contains($Name)) { return $State.standIn[$Name] }
    return $null
}

# The machine's own variables, in a folder beside the state file.
function Set-StandInEnvironment {
    $state = Read-StandInState
    $root = Join-Path -Path ([IO.Path]::GetDirectoryName([EvenkeelStandIn.State]::Path)) -ChildPath 'machine'
    [void] [IO.Directory]::CreateDirectory("$root/Windows/INF")
    [void] [IO.Directory]::CreateDirectory("$root/ProgramData")
    [IO.File]::WriteAllText("$root/Windows/INF/setupapi.dev.log", "!!!  dvi: Device not started.`n<<<  Section end`n")
    $script:StandInFailing = @(Get-StandInFault -State $state -Name 'failingQueries')
    # Errors in the words and the order of Windows PowerShell.
    $global:ErrorView = 'NormalView'
    $env:COMPUTERNAME = $state.computerName
    $env:ProgramData = "$root/ProgramData"
    $env:windir = "$root/Windows"
    $env:TEMP = $root
    $env:TMP = $root
}

# Windows gives a loopback adapter addresses of its own and takes them away again.
function Update-StandInSelfAssigned {
    param([Collections.IDictionary] $Adapter)
    $given = @(foreach ($held in $Adapter.addresses) { if ($held.address -notmatch '^(169\.254\.|fe80:)') { $held } })
    $self = @()
    $hasFour = $false
    foreach ($held in $given) { if (-not $held.address.Contains(':')) { $hasFour = $true } }
    if ($null -ne $Adapter.ipv4 -and $Adapter.ipv4.dhcp -and -not $hasFour) {
        $self += @{ address = '169.254.77.{0}' -f ($Adapter.index % 250); prefixLength = 16; skipAsSource = $false; state = 'Preferred' }
    }
    if ($null -ne $Adapter.ipv6) {
        $self += @{ address = 'fe80::{0:x}' -f $Adapter.index; prefixLength = 64; skipAsSource = $false; state = 'Preferred' }
    }
    $Adapter.addresses = @($given) + @($self)
}

# Time passes when a script sleeps: duplicate address detection ends, new devices come up.
function Start-Sleep {
    [CmdletBinding(DefaultParameterSetName = 'Seconds')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Seconds')] [ValidateRange(0, 2147483)] [double] $Seconds,
        [Parameter(Mandatory, ParameterSetName = 'Milliseconds')] [ValidateRange(0, 2147483647)] [int] $Milliseconds
    )
    $state = Read-StandInState
    $taken = @(Get-StandInFault -State $state -Name 'takenElsewhere')
    foreach ($adapter in $state.adapters) {
        if ($adapter.Contains('starting')) {
            $adapter.Remove('starting')
            $adapter.status = 'up'
        }
        foreach ($address in @($adapter.addresses | Where-Object -FilterScript { $_.state -eq 'Tentative' })) {
            $address.state = if ($taken -contains $address.address) { 'Duplicate' } else { 'Preferred' }
        }
    }
    Write-StandInState -State $state
    if ($env:EVENKEEL_STAND_IN_CLOCK -ne 'fast') { Microsoft.PowerShell.Utility\Start-Sleep @PSBoundParameters }
}

# The language mode of the state for the whole process; nothing after it can go back.
function Enter-StandInLanguageMode {
    $state = Read-StandInState
    $mode = [string] $state.languageMode
    if (Get-StandInFault -State $state -Name 'constrainedLanguage') { $mode = 'ConstrainedLanguage' }
    if ($mode -ne 'FullLanguage') { $ExecutionContext.SessionState.LanguageMode = $mode }
}
