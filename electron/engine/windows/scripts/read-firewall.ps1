function Read-EkProfileNames {
    param([int] $Bits)
    # Domain 1, Private 2, Public 4; 0 and 2147483647 mean any [D].
    if ($Bits -eq 0 -or $Bits -eq 2147483647) { return , @('Any') }
    $names = @()
    if ($Bits -band 1) { $names += 'Domain' }
    if ($Bits -band 2) { $names += 'Private' }
    if ($Bits -band 4) { $names += 'Public' }
    return , $names
}

function Read-EkFirewall {
    try {
        $profiles = @(Get-NetFirewallProfile -PolicyStore ActiveStore | ForEach-Object -Process {
                @{ name = [string] $_.Name; enabled = ([string] $_.Enabled -eq 'True') }
            })
        $ports = @{}
        foreach ($filter in @(Get-NetFirewallPortFilter -PolicyStore ActiveStore)) { $ports[[string] $filter.InstanceID] = $filter }
        $rules = @()
        $found = Get-NetFirewallRule -PolicyStore ActiveStore -Enabled True -Direction Inbound -Action Allow -ErrorAction SilentlyContinue
        foreach ($rule in @($found)) {
            if ($null -eq $rule) { continue }
            $filter = $ports[[string] $rule.InstanceID]
            if ($null -eq $filter) { continue }
            $protocol = [string] $filter.Protocol
            if ($protocol -eq '6') { $protocol = 'TCP' }
            if ($protocol -eq '17') { $protocol = 'UDP' }
            if ($protocol -ne 'TCP' -and $protocol -ne 'UDP' -and $protocol -ne 'Any') { continue }
            $rules += @{
                name       = [string] $rule.DisplayName
                profiles   = (Read-EkProfileNames -Bits ([int] $rule.Profile))
                protocol   = $protocol
                localPorts = @($filter.LocalPort | ForEach-Object -Process { [string] $_ })
            }
        }
        return @{ profiles = $profiles; allowRules = $rules }
    }
    catch {
        # Without the right to read it the firewall is unknown, never open.
        return @{ profiles = $null; allowRules = @() }
    }
}
