# NetSecurity

function Test-StandInFirewall {
    param([Collections.IDictionary] $State, [Management.Automation.PSCmdlet] $Cmdlet)
    if ($null -ne $State.firewall.profiles) { return $true }
    Write-StandInError -Cmdlet $Cmdlet -Text 'Access is denied.' -Id 'Windows System Error 5' -Category 'PermissionDenied'
    return $false
}

function Get-NetFirewallProfile {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string[]] $Name, [string] $PolicyStore)
    $state = Read-StandInState
    if (-not (Test-StandInFirewall -State $state -Cmdlet $PSCmdlet)) { return }
    $all = @($state.firewall.profiles | ForEach-Object -Process {
            New-StandInObject -Class 'MSFT_NetFirewallProfile' -Properties @{ Name = $_.name; Enabled = [EvenkeelStandIn.GpoBoolean] ([string] [bool] $_.enabled) }
        })
    Select-StandInObject -Objects $all -Bound $PSBoundParameters -Keys 'Name' -Class 'MSFT_NetFirewallProfile' -Cmdlet $PSCmdlet
}

# The rules of the state, and between them some that no reader of inbound allowing rules may count.
function Get-StandInRule {
    param([Collections.IDictionary] $State)
    $number = 0
    foreach ($rule in $State.firewall.allowRules) {
        $number++
        $id = if ($rule.name -match '^Evenkeel (.+)$') { 'Evenkeel-{0}' -f $Matches[1] } else { 'rule-{0}' -f $number }
        $text = if ($State.Contains('standInRuleTexts')) { $State.standInRuleTexts[$rule.name] } else { $null }
        New-StandInRule -Id $id -Rule $rule -Enabled 'True' -Direction 'Inbound' -Action 'Allow' -Description $text
    }
    # Those of ours that are switched off.
    foreach ($rule in @(if ($State.Contains('standInOffRules')) { $State.standInOffRules })) {
        $text = if ($State.Contains('standInRuleTexts')) { $State.standInRuleTexts[$rule.name] } else { $null }
        New-StandInRule -Id ($rule.name -replace '^Evenkeel ', 'Evenkeel-') -Rule $rule -Enabled 'False' -Direction 'Inbound' -Action 'Allow' -Description $text
    }
    $other = @{ name = 'Other'; profiles = @('Any'); protocol = 'TCP'; localPorts = @('Any') }
    New-StandInRule -Id 'program' -Rule $other -Enabled 'True' -Direction 'Inbound' -Action 'Allow'
    New-StandInRule -Id 'package' -Rule @{ name = 'Package'; profiles = @('Any'); protocol = 'Any'; localPorts = @('Any') } -Enabled 'True' -Direction 'Inbound' -Action 'Allow'
    New-StandInRule -Id 'outbound' -Rule $other -Enabled 'True' -Direction 'Outbound' -Action 'Allow'
    New-StandInRule -Id 'blocking' -Rule $other -Enabled 'True' -Direction 'Inbound' -Action 'Block'
    New-StandInRule -Id 'off' -Rule $other -Enabled 'False' -Direction 'Inbound' -Action 'Allow'
    New-StandInRule -Id 'ping' -Rule @{ name = 'Ping'; profiles = @('Any'); protocol = 'ICMPv4'; localPorts = @('RPC') } -Enabled 'True' -Direction 'Inbound' -Action 'Allow'
}

function New-StandInRule {
    param([string] $Id, [Collections.IDictionary] $Rule, [string] $Enabled, [string] $Direction, [string] $Action, [object] $Description)
    $bits = 0
    foreach ($name in $Rule.profiles) { $bits = $bits -bor [int] [EvenkeelStandIn.Profile] $name }
    return New-StandInObject -Class 'MSFT_NetFirewallRule' -Properties @{
        InstanceID = $Id
        Name = $Id
        DisplayName = $Rule.name
        Description = $Description
        Group = $(if ($Id -like 'Evenkeel-*') { 'Evenkeel' } else { $null })
        Enabled = [EvenkeelStandIn.RuleEnabled] $Enabled
        Direction = [EvenkeelStandIn.Direction] $Direction
        Action = [EvenkeelStandIn.RuleAction] $Action
        Profile = [EvenkeelStandIn.Profile] $bits
        Protocol = $Rule.protocol
        LocalPort = $Rule.localPorts
    }
}

function Get-NetFirewallRule {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [string[]] $Name,
        [string[]] $DisplayName,
        [EvenkeelStandIn.RuleEnabled] $Enabled,
        [EvenkeelStandIn.Direction] $Direction,
        [EvenkeelStandIn.RuleAction] $Action,
        [string] $PolicyStore
    )
    $state = Read-StandInState
    if (-not (Test-StandInFirewall -State $state -Cmdlet $PSCmdlet)) { return }
    Select-StandInObject -Objects @(Get-StandInRule -State $state) -Bound $PSBoundParameters -Keys 'Name', 'DisplayName', 'Enabled', 'Direction', 'Action' -Class 'MSFT_NetFirewallRule' -Cmdlet $PSCmdlet
}

function Get-NetFirewallApplicationFilter {
    [CmdletBinding()]
    param([string] $PolicyStore)
    $state = Read-StandInState
    if (-not (Test-StandInFirewall -State $state -Cmdlet $PSCmdlet)) { return }
    foreach ($rule in (Get-StandInRule -State $state)) {
        $program = $(if ($rule.InstanceID -eq 'program') { '%ProgramFiles%\Agent\agent.exe' } else { 'Any' })
        $package = $(if ($rule.InstanceID -eq 'package') { 'S-1-15-2-1' } else { $null })
        New-StandInObject -Class 'MSFT_NetApplicationFilter' -Properties @{ InstanceID = $rule.InstanceID; Program = $program; Package = $package }
    }
}

function Get-NetFirewallPortFilter {
    [CmdletBinding()]
    param(
        [string[]] $Protocol,
        [string] $PolicyStore,
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#ROOT/StandardCimv2/MSFT_NetFirewallRule')] [object] $AssociatedNetFirewallRule
    )
    $state = Read-StandInState
    if (-not (Test-StandInFirewall -State $state -Cmdlet $PSCmdlet)) { return }
    foreach ($rule in (Get-StandInRule -State $state)) {
        if ($null -ne $AssociatedNetFirewallRule -and $AssociatedNetFirewallRule.InstanceID -ne $rule.InstanceID) { continue }
        # One port is a text, several are a list.
        $ports = if (@($rule.LocalPort).Count -eq 1) { @($rule.LocalPort)[0] } else { @($rule.LocalPort) }
        New-StandInObject -Class 'MSFT_NetProtocolPortFilter' -Properties @{ InstanceID = $rule.InstanceID; Protocol = $rule.Protocol; LocalPort = $ports }
    }
}

function New-NetFirewallRule {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    param(
        [string] $PolicyStore, [string] $Name, [Parameter(Mandatory)] [string] $DisplayName, [string] $Group,
        [EvenkeelStandIn.RuleEnabled] $Enabled = 'True', [EvenkeelStandIn.Profile] $Profile = 'Any',
        [EvenkeelStandIn.Direction] $Direction = 'Inbound', [EvenkeelStandIn.RuleAction] $Action = 'Allow',
        [string] $Protocol = 'Any', [string[]] $LocalPort = 'Any'
    )
    $state = Read-StandInState
    if (-not (Test-StandInAllowed -State $state -Cmdlet $PSCmdlet)) { return }
    if (@(Get-StandInRule -State $state | Where-Object -FilterScript { $_.Name -eq $Name }).Count -gt 0) {
        Write-StandInError -Cmdlet $PSCmdlet -Text 'Cannot create a file when that file already exists.' -Id 'Windows System Error 183' -Category 'ResourceExists'
        return
    }
    $profiles = @([string] $Profile -split ', ')
    $rule = @{ name = $DisplayName; profiles = $profiles; protocol = $Protocol.ToUpperInvariant(); localPorts = @($LocalPort) }
    $state.firewall.allowRules = @($state.firewall.allowRules) + @($rule)
    Write-StandInState -State $state
    Get-NetFirewallRule -Name $Name
}

function Set-NetFirewallRule {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    param(
        [Parameter(Mandatory, ValueFromPipeline)]
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#ROOT/StandardCimv2/MSFT_NetFirewallRule')] [object[]] $InputObject,
        [EvenkeelStandIn.RuleEnabled] $Enabled,
        [string] $Description
    )
    $state = Read-StandInState
    if (-not (Test-StandInAllowed -State $state -Cmdlet $PSCmdlet)) { return }
    foreach ($key in 'standInOffRules', 'standInRuleTexts') {
        if (-not $state.Contains($key)) { $state[$key] = $(if ($key -eq 'standInRuleTexts') { @{} } else { , @() }) }
    }
    foreach ($rule in $InputObject) {
        if (-not $PSCmdlet.ShouldProcess($rule.Name)) { continue }
        if ($PSBoundParameters.ContainsKey('Description')) { $state.standInRuleTexts[$rule.DisplayName] = $Description }
        if (-not $PSBoundParameters.ContainsKey('Enabled')) { continue }
        $held = @(@($state.firewall.allowRules) + @($state.standInOffRules) | Where-Object -FilterScript { $_.name -eq $rule.DisplayName })
        $state.firewall.allowRules = @($state.firewall.allowRules | Where-Object -FilterScript { $_.name -ne $rule.DisplayName })
        $state.standInOffRules = @($state.standInOffRules | Where-Object -FilterScript { $_.name -ne $rule.DisplayName })
        if ($Enabled -eq 'True') { $state.firewall.allowRules = @($state.firewall.allowRules) + $held }
        else { $state.standInOffRules = @($state.standInOffRules) + $held }
    }
    Write-StandInState -State $state
}

function Remove-NetFirewallRule {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium', DefaultParameterSetName = 'ByName')]
    param(
        [Parameter(Mandatory, ParameterSetName = 'ByName')] [string[]] $Name,
        [Parameter(Mandatory, ParameterSetName = 'InputObject', ValueFromPipeline)]
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#ROOT/StandardCimv2/MSFT_NetFirewallRule')] [object[]] $InputObject
    )
    process {
        $state = Read-StandInState
        if (-not (Test-StandInAllowed -State $state -Cmdlet $PSCmdlet)) { return }
        $chosen = if ($PSCmdlet.ParameterSetName -eq 'InputObject') { $InputObject } else { @(Get-NetFirewallRule -Name $Name) }
        foreach ($rule in $chosen) {
            if (-not $PSCmdlet.ShouldProcess($rule.Name)) { continue }
            $state.firewall.allowRules = @($state.firewall.allowRules | Where-Object -FilterScript { $_.name -ne $rule.DisplayName })
            if ($state.Contains('standInOffRules')) {
                $state.standInOffRules = @($state.standInOffRules | Where-Object -FilterScript { $_.name -ne $rule.DisplayName })
            }
        }
        Write-StandInState -State $state
    }
}
