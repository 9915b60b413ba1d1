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
        $filters = @{}
        foreach ($filter in @(Get-NetFirewallPortFilter -PolicyStore ActiveStore)) { $filters[[string] $filter.InstanceID] = $filter }
        # A rule for one program or package opens every port to it alone: it says nothing of the program behind a port
        # unless it names the port.
        $bound = @{}
        foreach ($filter in @(Get-NetFirewallApplicationFilter -PolicyStore ActiveStore)) {
            $names = @(@([string] $filter.Program, [string] $filter.Package) | Where-Object -FilterScript { $_ -ne '' -and $_ -ne 'Any' })
            if ($names.Count -gt 0) { $bound[[string] $filter.InstanceID] = $true }
        }
        $rules = @()
        foreach ($rule in (Find-Ek -Query { Get-NetFirewallRule -PolicyStore ActiveStore -Enabled True -Direction Inbound -Action Allow })) {
            $filter = $filters[[string] $rule.InstanceID]
            if ($null -eq $filter) { continue }
            $protocol = [string] $filter.Protocol
            if ($protocol -eq '6') { $protocol = 'TCP' }
            if ($protocol -eq '17') { $protocol = 'UDP' }
            if ($protocol -ne 'TCP' -and $protocol -ne 'UDP' -and $protocol -ne 'Any') { continue }
            $ports = @($filter.LocalPort | ForEach-Object -Process { [string] $_ })
            if ($bound.ContainsKey([string] $rule.InstanceID) -and $ports -contains 'Any') { continue }
            $rules += @{
                name       = [string] $rule.DisplayName
                profiles   = (Read-EkProfileNames -Bits ([int] $rule.Profile))
                protocol   = $protocol
                localPorts = $ports
            }
        }
        return @{ profiles = $profiles; allowRules = $rules }
    }
    catch {
        # Without the right to read it the firewall is unknown, never open.
        return @{ profiles = $null; allowRules = @() }
    }
}
