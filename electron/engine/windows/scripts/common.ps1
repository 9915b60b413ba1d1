Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
# The cmdlets of NetAdapter, NetTCPIP and the like are functions of modules: those see the global preference only [D].
$global:ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'

# One compressed JSON object a line on standard output, and nothing else.
function Write-EkEvent {
    param([hashtable] $Record)
    $json = ConvertTo-Json -InputObject $Record -Compress -Depth 8
    # ASCII only, so that names stay whole whatever code page stands between this output and its reader.
    $ascii = [regex]::Replace($json, '[^\x20-\x7e]', { param($Found) '\u{0:x4}' -f [int] [char] $Found.Value })
    [Console]::Out.WriteLine($ascii)
    [Console]::Out.Flush()
}

$EkResults = New-Object -TypeName Collections.ArrayList

function Write-EkResult {
    param([string] $Operation, [object[]] $Changed, [hashtable] $Facts)
    $record = @{ event = 'result'; operation = $Operation; changed = @($Changed); facts = $Facts }
    [void] $EkResults.Add($record)
    Write-EkEvent -Record $record
}

# A failure with a code of its own: the code travels before the first bar.
function Stop-Ek {
    param([string] $Code, [string] $Message)
    throw ('EK|{0}|{1}' -f $Code, $Message)
}

function Read-EkFailure {
    param([object] $Problem)
    $text = [string] $Problem.Exception.Message
    if ($text -match '^EK\|([a-z_0-9]+)\|(?s:(.*))$') { return @{ code = $Matches[1]; message = $Matches[2] } }
    return @{ code = 'failed'; message = $text }
}

# What a query finds. Only "there is none" counts as nothing, told by the category, which no language changes; any other
# failure stays one. A cmdlet that is missing has the same category.
function Find-Ek {
    param([ScriptBlock] $Query)
    $found = @()
    try { $found = @(& $Query) }
    catch {
        if ([string] $_.CategoryInfo.Category -ne 'ObjectNotFound') { throw }
        if ($_.Exception -is [Management.Automation.CommandNotFoundException]) { throw }
    }
    return , $found
}

function Test-EkAdministrator {
    $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
    $principal = New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList $identity
    return $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}

function Assert-EkHost {
    if ([string] $ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
        Stop-Ek -Code 'language_mode' -Message ([string] $ExecutionContext.SessionState.LanguageMode)
    }
    if (-not [Environment]::Is64BitProcess) { Stop-Ek -Code 'not_64_bit' -Message 'The process is not 64-bit.' }
    if (-not (Test-EkAdministrator)) {
        Stop-Ek -Code 'not_administrator' -Message 'The process has no administrator token.'
    }
}

# ComponentID is the hardware id of the device; it is neither localised nor renamed.
function Get-EkAdapter {
    param([object] $Ref)
    if ($null -eq $Ref.hardwareId -and $null -eq $Ref.deviceId -and $null -eq $Ref.index) {
        Stop-Ek -Code 'bad_input' -Message 'No adapter is named.'
    }
    $found = @(Get-NetAdapter -IncludeHidden | Where-Object -FilterScript {
            ($null -eq $Ref.hardwareId -or [string] $_.ComponentID -eq [string] $Ref.hardwareId) -and
            ($null -eq $Ref.deviceId -or [string] $_.PnPDeviceID -eq [string] $Ref.deviceId) -and
            ($null -eq $Ref.index -or [int] $_.ifIndex -eq [int] $Ref.index)
        })
    return , $found
}

# Exactly one adapter with a usable index, or nothing is touched: a cmdlet without an index changes every interface.
function Get-EkOneAdapter {
    param([object] $Ref)
    $found = Get-EkAdapter -Ref $Ref
    if ($found.Count -eq 0) { Stop-Ek -Code 'adapter_not_found' -Message 'No adapter fits.' }
    if ($found.Count -gt 1) { Stop-Ek -Code 'adapter_ambiguous' -Message ('{0} adapters fit.' -f $found.Count) }
    if ([int] $found[0].ifIndex -le 0) { Stop-Ek -Code 'adapter_not_found' -Message 'The adapter has no index.' }
    return $found[0]
}

function Get-EkInterface {
    param([int] $Index, [string] $Family)
    if ($Index -le 0) { Stop-Ek -Code 'adapter_not_found' -Message 'The adapter has no index.' }
    $found = Find-Ek -Query { Get-NetIPInterface -InterfaceIndex $Index -AddressFamily $Family -PolicyStore ActiveStore }
    if ($found.Count -ne 1) {
        Stop-Ek -Code 'interface_missing' -Message ('No {0} interface with index {1}.' -f $Family, $Index)
    }
    return $found[0]
}

function ConvertTo-EkSwitch {
    param([bool] $On)
    if ($On) { return 'Enabled' }
    return 'Disabled'
}
