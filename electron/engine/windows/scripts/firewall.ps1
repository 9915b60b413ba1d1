# Stands in a rule of ours that somebody had switched off when it was needed: taking it back switches it off again.
$EkRuleWasOff = 'Was off before Evenkeel switched it on.'

# Rules of ours only: by internal name and group. A rule of that name in another group is somebody else's.
function Get-EkRule {
    param([string] $Name)
    $found = Find-Ek -Query { Get-NetFirewallRule -Name ('Evenkeel-{0}' -f $Name) -PolicyStore PersistentStore }
    $strange = @($found | Where-Object -FilterScript { [string] $_.Group -ne 'Evenkeel' })
    if ($strange.Count -gt 0) { Stop-Ek -Code 'failed' -Message ('The rule Evenkeel-{0} is not ours.' -f $Name) }
    return , $found
}

function Test-EkRule {
    param([object] $Rule, [object] $Item)
    $filter = Get-NetFirewallPortFilter -AssociatedNetFirewallRule $Rule
    $ports = (@($filter.LocalPort | ForEach-Object -Process { [string] $_ }) | Sort-Object) -join ','
    $wanted = (@($Item.ports | ForEach-Object -Process { [string] $_ }) | Sort-Object) -join ','
    $names = Read-EkProfileNames -Bits ([int] $Rule.Profile)
    $profiles = ($names | Sort-Object) -join ','
    return ([string] $Rule.Direction -eq 'Inbound' -and [string] $Rule.Action -eq 'Allow' -and
        [string] $filter.Protocol -eq [string] $Item.protocol -and $ports -eq $wanted -and
        $profiles -eq ((@($Item.profiles) | Sort-Object) -join ','))
}

function Set-EkFirewall {
    param([object] $Data)
    $changed = @()
    foreach ($name in @($Data.remove)) {
        foreach ($rule in (Get-EkRule -Name ([string] $name))) {
            if ([string] $rule.Description -ne $EkRuleWasOff) {
                Remove-NetFirewallRule -InputObject $rule -Confirm:$false
                $changed += 'removed Evenkeel {0}' -f $name
            }
            elseif ([string] $rule.Enabled -eq 'True') {
                Set-NetFirewallRule -InputObject $rule -Enabled False -Confirm:$false
                $changed += 'switched off Evenkeel {0}' -f $name
            }
        }
    }
    foreach ($item in @($Data.add)) {
        $found = Get-EkRule -Name ([string] $item.name)
        if ($found.Count -eq 1 -and (Test-EkRule -Rule $found[0] -Item $item)) {
            if ([string] $found[0].Enabled -eq 'True') { continue }
            Set-NetFirewallRule -InputObject $found[0] -Enabled True -Description $EkRuleWasOff -Confirm:$false
            $changed += 'switched on Evenkeel {0}' -f $item.name
            continue
        }
        foreach ($rule in $found) { Remove-NetFirewallRule -InputObject $rule -Confirm:$false }
        $ports = @($item.ports | ForEach-Object -Process { [string] $_ })
        [void] (New-NetFirewallRule -PolicyStore PersistentStore -Name ('Evenkeel-{0}' -f $item.name) -DisplayName ('Evenkeel {0}' -f $item.name) -Group 'Evenkeel' -Enabled True -Direction Inbound -Action Allow -Profile (@($item.profiles) -join ', ') -Protocol ([string] $item.protocol) -LocalPort $ports -Confirm:$false)
        $changed += 'added Evenkeel {0}' -f $item.name
    }
    Write-EkResult -Operation 'firewall' -Changed $changed -Facts @{}
}
