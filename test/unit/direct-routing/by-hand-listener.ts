import type { spawnSync } from 'node:child_process';
import { z } from 'zod';

const heard = z.strictObject({
  syntaxErrors: z.array(z.string()),
  /** What went wrong when the lines ran. */
  failures: z.array(z.string()),
  /** Commands called that no line should call. */
  strangers: z.array(z.string()),
  /** The adapters that the commands were given, by name or `index <number>`. */
  adapters: z.array(z.string()),
});
export type Heard = z.infer<typeof heard>;

/**
 * Takes down what the Windows cmdlets are given: every one of them is a function that only listens. Names that take
 * wildcards on Windows count as a name only when, as a pattern, they match nothing but themselves.
 */
const listener = String.raw`
$ErrorActionPreference = 'Continue'
$ProgressPreference = 'SilentlyContinue'
$texts = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String([Console]::In.ReadToEnd().Trim())) | ConvertFrom-Json
$global:adapters = @()
$global:strangers = @()
function Write-Adapter {
    param([object] $Bound, [string] $Command)
    if ($Command -like '*FirewallRule') { return }
    foreach ($key in 'InterfaceAlias', 'Name') {
        if (-not $Bound.ContainsKey($key)) { continue }
        foreach ($value in @($Bound[$key])) {
            if ([WildcardPattern]::ContainsWildcardCharacters($value)) { $value = 'pattern ' + $value }
            $global:adapters += [string] $value
        }
    }
    if ($Bound.ContainsKey('InterfaceIndex')) { $global:adapters += 'index {0}' -f $Bound['InterfaceIndex'] }
}
$parameters = @'
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(ValueFromPipeline)] [object] $InputObject,
    [string[]] $InterfaceAlias, [string[]] $Name, [int] $InterfaceIndex, [string] $InterfaceDescription,
    [ValidateSet('IPv4', 'IPv6')] [string] $AddressFamily, [ValidateSet('enabled', 'disabled')] [string] $WeakHostReceive,
    [ValidateSet('enabled', 'disabled')] [string] $WeakHostSend, [uint32] $DadTransmits, [ValidateSet('enabled', 'disabled')] [string] $Dhcp,
    [uint32] $InterfaceMetric, [ValidateSet('enabled', 'disabled')] [string] $AutomaticMetric, [bool] $RegisterThisConnectionsAddress,
    [ipaddress] $IPAddress, [byte] $PrefixLength, [bool] $SkipAsSource, [string[]] $ComponentID, [switch] $IncludeHidden,
    [string] $NewName, [string] $DisplayName, [string] $Group, [string] $Direction, [string] $Action, [string] $Protocol, [string[]] $LocalPort,
    [string[]] $Profile, [string] $ClassName, [string] $Filter, [string] $MethodName, [hashtable] $Arguments
)
process { Write-Adapter -Bound $PSBoundParameters -Command $MyInvocation.MyCommand.Name; %RESULT% }
'@
$cmdlets = @{
    'Get-NetAdapter' = '[pscustomobject] @{ ifIndex = 17; InterfaceDescription = "Adapter"; ComponentID = "*MSLOOP" }'
    'Get-NetAdapterBinding' = '[pscustomobject] @{ ComponentID = "ms_server" }'
    'Get-CimInstance' = '[pscustomobject] @{ Index = 1 }'
}
foreach ($name in 'Rename-NetAdapter', 'Enable-NetAdapterBinding', 'Disable-NetAdapterBinding', 'Set-NetIpInterface', 'Set-DnsClient',
    'New-NetIPAddress', 'Set-NetIPAddress', 'Remove-NetIPAddress', 'New-NetFirewallRule', 'Remove-NetFirewallRule', 'Invoke-CimMethod') {
    $cmdlets[$name] = ''
}
foreach ($name in $cmdlets.Keys) {
    Set-Item -LiteralPath ('function:global:{0}' -f $name) -Value ([ScriptBlock]::Create($parameters.Replace('%RESULT%', $cmdlets[$name])))
}
function global:calc { $global:strangers += 'calc' }
$answers = foreach ($text in $texts) {
    $global:adapters = @()
    $global:strangers = @()
    $tokens = $null
    $errors = $null
    $tree = [Management.Automation.Language.Parser]::ParseInput($text, [ref] $tokens, [ref] $errors)
    $called = @($tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true) | ForEach-Object { $_.GetCommandName() })
    $global:strangers = @($called | Where-Object { -not $cmdlets.ContainsKey([string] $_) -and $_ -ne 'Where-Object' })
    $failures = @(& ([ScriptBlock]::Create($text)) 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] } | ForEach-Object { [string] $_ })
    @{
        syntaxErrors = @($errors | ForEach-Object { [string] $_ })
        failures     = $failures
        strangers    = $global:strangers
        adapters     = $global:adapters
    }
}
[Console]::Out.WriteLine('EK' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject @($answers) -Depth 5 -Compress))))
`;

/** What a real PowerShell makes of each of the texts. */
export function hearPowerShell(pwsh: string, texts: readonly string[], spawn: typeof spawnSync): readonly Heard[] {
  const encoded = Buffer.from(listener, 'utf16le').toString('base64');
  const ran = spawn(pwsh, ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded], {
    input: Buffer.from(JSON.stringify(texts), 'utf8').toString('base64'),
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, TERM: 'dumb', NO_COLOR: '1' },
  });
  const answer = /^EK([\w+/=]+)\s*$/m.exec(ran.stdout)?.[1];
  if (answer === undefined) throw new Error(`PowerShell said: ${ran.stdout} ${ran.stderr}`);
  return z.array(heard).parse(JSON.parse(Buffer.from(answer, 'base64').toString('utf8')));
}
