# Stand-ins of the Windows cmdlets that the product's scripts use, acting on a state file. Functions of a module, as the
# real ones are: they do not see the preferences that a script sets in its own scope.
Set-StrictMode -Version 2

$parts = 'State', 'Query', 'Types', 'Adapter', 'Binding', 'Interface', 'Address', 'Dns', 'Firewall', 'System', 'Registry', 'Acl', 'ScheduledTask'
foreach ($part in $parts) {
    . (Join-Path -Path $PSScriptRoot -ChildPath "parts/$part.ps1")
}
Import-StandInTypes
Set-StandInEnvironment

Export-ModuleMember -Function @(
    'Get-NetAdapter', 'Rename-NetAdapter'
    'Get-NetAdapterBinding', 'Enable-NetAdapterBinding', 'Disable-NetAdapterBinding'
    'Get-NetIPInterface', 'Set-NetIPInterface', 'Get-NetRoute'
    'Get-NetIPAddress', 'New-NetIPAddress', 'Set-NetIPAddress', 'Remove-NetIPAddress'
    'Get-DnsClient', 'Set-DnsClient'
    'Get-NetFirewallProfile', 'Get-NetFirewallApplicationFilter', 'Get-NetFirewallPortFilter', 'Get-NetFirewallRule', 'New-NetFirewallRule', 'Set-NetFirewallRule', 'Remove-NetFirewallRule'
    'Get-ScheduledTask', 'Register-ScheduledTask', 'Unregister-ScheduledTask', 'New-ScheduledTaskAction', 'New-ScheduledTaskTrigger'
    'New-ScheduledTaskPrincipal', 'New-ScheduledTaskSettingsSet', 'Get-Acl', 'Set-Acl'
    'Get-CimInstance', 'Invoke-CimMethod', 'Get-Service'
    'Add-Type', 'Start-Sleep'
    'Get-ItemProperty', 'Set-ItemProperty', 'Test-Path', 'New-Item'
    'Set-StandInEnvironment', 'Enter-StandInLanguageMode'
)
