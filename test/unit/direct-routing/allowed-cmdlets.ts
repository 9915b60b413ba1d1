/**
 * Every cmdlet that the scripts may use, with the parameters they may use and the Windows version (or PowerShell
 * version) that brought it [D]. Server 2012 is the oldest: Windows 6.2, PowerShell 3.0. A script that needs more must
 * be thought about, then added here.
 */
export const allowedCmdlets: Readonly<
  Record<string, { readonly since: string; readonly parameters: readonly string[] }>
> = {
  // PowerShell 3.0 itself
  'Add-Type': { since: 'PowerShell 2.0', parameters: ['TypeDefinition', 'Language'] },
  'ConvertFrom-Json': { since: 'PowerShell 3.0', parameters: ['InputObject'] },
  'ConvertTo-Json': { since: 'PowerShell 3.0', parameters: ['InputObject', 'Compress', 'Depth'] },
  'ForEach-Object': { since: 'PowerShell 1.0', parameters: ['Process'] },
  'Get-CimInstance': { since: 'PowerShell 3.0', parameters: ['ClassName', 'Filter'] },
  'Get-Acl': { since: 'PowerShell 3.0 (LiteralPath)', parameters: ['LiteralPath'] },
  'Get-Content': { since: 'PowerShell 3.0', parameters: ['LiteralPath', 'Tail'] },
  'Get-ItemProperty': { since: 'PowerShell 1.0', parameters: ['LiteralPath'] },
  'Get-Service': { since: 'PowerShell 1.0', parameters: ['Name'] },
  'Invoke-CimMethod': { since: 'PowerShell 3.0', parameters: ['InputObject', 'MethodName', 'Arguments'] },
  'Join-Path': { since: 'PowerShell 1.0', parameters: ['Path', 'ChildPath'] },
  'New-Item': { since: 'PowerShell 1.0', parameters: ['Path', 'Force'] },
  'New-Object': { since: 'PowerShell 1.0', parameters: ['TypeName', 'ArgumentList', 'Property'] },
  'Remove-Item': { since: 'PowerShell 1.0', parameters: ['LiteralPath', 'Recurse', 'Force', 'ErrorAction'] },
  'Set-Acl': { since: 'PowerShell 3.0 (LiteralPath)', parameters: ['LiteralPath', 'AclObject'] },
  'Set-ItemProperty': { since: 'PowerShell 1.0', parameters: ['LiteralPath', 'Name', 'Value'] },
  'Set-StrictMode': { since: 'PowerShell 2.0', parameters: ['Version'] },
  'Sort-Object': { since: 'PowerShell 1.0', parameters: ['Property'] },
  'Start-Sleep': { since: 'PowerShell 1.0', parameters: ['Milliseconds', 'Seconds'] },
  'Test-Path': { since: 'PowerShell 1.0', parameters: ['LiteralPath'] },
  'Where-Object': { since: 'PowerShell 1.0', parameters: ['FilterScript'] },
  // NetAdapter, NetTCPIP, DnsClient and NetSecurity came with Windows Server 2012
  'Get-NetAdapter': { since: 'Server 2012', parameters: ['IncludeHidden'] },
  'Rename-NetAdapter': { since: 'Server 2012', parameters: ['InputObject', 'NewName', 'Confirm'] },
  'Get-NetAdapterBinding': { since: 'Server 2012', parameters: ['IncludeHidden'] },
  'Enable-NetAdapterBinding': { since: 'Server 2012', parameters: ['InputObject', 'Confirm'] },
  'Disable-NetAdapterBinding': { since: 'Server 2012', parameters: ['InputObject', 'Confirm'] },
  'Get-NetIPInterface': {
    since: 'Server 2012',
    parameters: ['InterfaceIndex', 'AddressFamily', 'PolicyStore'],
  },
  'Set-NetIPInterface': {
    since: 'Server 2012',
    parameters: [
      'InterfaceIndex',
      'AddressFamily',
      'WeakHostReceive',
      'WeakHostSend',
      'DadTransmits',
      'Dhcp',
      'AutomaticMetric',
      'InterfaceMetric',
      'Confirm',
    ],
  },
  'Get-NetIPAddress': { since: 'Server 2012', parameters: ['InterfaceIndex', 'PolicyStore'] },
  'New-NetIPAddress': {
    since: 'Server 2012',
    parameters: ['InterfaceIndex', 'IPAddress', 'PrefixLength', 'SkipAsSource', 'Confirm'],
  },
  'Set-NetIPAddress': { since: 'Server 2012', parameters: ['InterfaceIndex', 'IPAddress', 'SkipAsSource', 'Confirm'] },
  'Remove-NetIPAddress': { since: 'Server 2012', parameters: ['InterfaceIndex', 'IPAddress', 'Confirm'] },
  'Get-NetRoute': { since: 'Server 2012', parameters: ['PolicyStore'] },
  'Get-DnsClient': { since: 'Server 2012', parameters: ['InterfaceIndex'] },
  'Set-DnsClient': {
    since: 'Server 2012',
    parameters: ['InterfaceIndex', 'RegisterThisConnectionsAddress', 'Confirm'],
  },
  'Get-NetFirewallProfile': { since: 'Server 2012', parameters: ['PolicyStore'] },
  'Get-NetFirewallApplicationFilter': { since: 'Server 2012', parameters: ['PolicyStore'] },
  'Get-NetFirewallPortFilter': { since: 'Server 2012', parameters: ['PolicyStore', 'AssociatedNetFirewallRule'] },
  'Get-NetFirewallRule': {
    since: 'Server 2012',
    parameters: ['PolicyStore', 'Enabled', 'Direction', 'Action', 'Name'],
  },
  'New-NetFirewallRule': {
    since: 'Server 2012',
    parameters: [
      'PolicyStore',
      'Name',
      'DisplayName',
      'Group',
      'Enabled',
      'Direction',
      'Action',
      'Profile',
      'Protocol',
      'LocalPort',
      'Confirm',
    ],
  },
  'Set-NetFirewallRule': { since: 'Server 2012', parameters: ['InputObject', 'Enabled', 'Description', 'Confirm'] },
  'Remove-NetFirewallRule': { since: 'Server 2012', parameters: ['InputObject', 'Confirm'] },
  // ScheduledTasks came with Windows Server 2012 as well; the reference of 2012 lists each of these parameters
  'Get-ScheduledTask': { since: 'Server 2012', parameters: ['TaskName', 'TaskPath'] },
  'New-ScheduledTaskAction': { since: 'Server 2012', parameters: ['Execute', 'Argument'] },
  'New-ScheduledTaskPrincipal': { since: 'Server 2012', parameters: ['UserId', 'LogonType', 'RunLevel'] },
  'New-ScheduledTaskSettingsSet': {
    since: 'Server 2012',
    parameters: [
      'StartWhenAvailable',
      'AllowStartIfOnBatteries',
      'DontStopIfGoingOnBatteries',
      'ExecutionTimeLimit',
      'MultipleInstances',
      'RestartCount',
      'RestartInterval',
      'Priority',
    ],
  },
  'New-ScheduledTaskTrigger': {
    since: 'Server 2012',
    parameters: ['Once', 'At', 'AtStartup', 'RepetitionInterval', 'RepetitionDuration'],
  },
  'Register-ScheduledTask': {
    since: 'Server 2012',
    parameters: ['TaskName', 'TaskPath', 'Action', 'Trigger', 'Principal', 'Settings', 'Description', 'Force'],
  },
  'Unregister-ScheduledTask': { since: 'Server 2012', parameters: ['TaskName', 'TaskPath', 'Confirm'] },
};

/** Cmdlets that change an interface or an address: never without an index. */
export const indexNeeded = [
  'Set-NetIPInterface',
  'New-NetIPAddress',
  'Set-NetIPAddress',
  'Remove-NetIPAddress',
  'Set-DnsClient',
];
