function Get-EkAddress {
    param([int] $Index, [string] $Address)
    if ($Index -le 0) { Stop-Ek -Code 'adapter_not_found' -Message 'The adapter has no index.' }
    $wanted = [Net.IPAddress]::Parse($Address)
    $held = Find-Ek -Query { Get-NetIPAddress -InterfaceIndex $Index -PolicyStore ActiveStore }
    $found = @($held | Where-Object -FilterScript {
            [Net.IPAddress]::Parse(([string] $_.IPAddress).Split('%')[0]).Equals($wanted)
        })
    return , $found
}

# By index and address, so that it goes from the active and the persistent store.
function Remove-EkAddress {
    param([int] $Index, [string] $Address)
    if ($Index -le 0 -or $Address -eq '') { Stop-Ek -Code 'bad_input' -Message 'No address is named.' }
    Remove-NetIPAddress -InterfaceIndex $Index -IPAddress $Address -Confirm:$false
}

function Wait-EkPreferred {
    param([int] $Index, [string[]] $Addresses, [int] $Seconds)
    $until = [DateTime]::UtcNow.AddSeconds($Seconds)
    while ($true) {
        $waiting = @()
        foreach ($address in $Addresses) {
            $found = Get-EkAddress -Index $Index -Address $address
            $state = 'missing'
            if ($found.Count -eq 1) { $state = [string] $found[0].AddressState }
            if ($state -eq 'Duplicate') {
                Stop-Ek -Code 'address_conflict' -Message ('{0} is in use by another host.' -f $address)
            }
            if ($state -ne 'Preferred') { $waiting += '{0} {1}' -f $address, $state }
        }
        if ($waiting.Count -eq 0) { return }
        if ([DateTime]::UtcNow -gt $until) { Stop-Ek -Code 'address_not_preferred' -Message ($waiting -join ', ') }
        Start-Sleep -Milliseconds 250
    }
}

function Set-EkAddresses {
    param([object] $Data)
    $index = [int] (Get-EkOneAdapter -Ref $Data.adapter).ifIndex
    $changed = @()
    # All that is needed is there, or nothing is touched.
    foreach ($item in @($Data.add)) {
        $family = 'IPv4'
        if (([string] $item.address).Contains(':')) { $family = 'IPv6' }
        [void] (Get-EkInterface -Index $index -Family $family)
    }
    foreach ($item in @($Data.update)) {
        if ((Get-EkAddress -Index $index -Address ([string] $item.address)).Count -eq 1) { continue }
        Stop-Ek -Code 'failed' -Message ('No address {0} on this adapter.' -f $item.address)
    }
    foreach ($address in @($Data.remove)) {
        foreach ($found in (Get-EkAddress -Index $index -Address ([string] $address))) {
            Remove-EkAddress -Index $index -Address ([string] $found.IPAddress)
            $changed += 'removed {0}' -f $address
        }
    }
    foreach ($item in @($Data.add)) {
        $found = Get-EkAddress -Index $index -Address ([string] $item.address)
        # A duplicate or deprecated address never becomes Preferred by waiting: it is taken away and added anew.
        if ($found.Count -eq 1 -and [int] $found[0].PrefixLength -eq [int] $item.prefixLength -and
            [bool] $found[0].SkipAsSource -eq [bool] $item.skipAsSource -and
            @('Preferred', 'Tentative') -contains [string] $found[0].AddressState) { continue }
        foreach ($old in $found) { Remove-EkAddress -Index $index -Address ([string] $old.IPAddress) }
        [void] (New-NetIPAddress -InterfaceIndex $index -IPAddress ([string] $item.address) -PrefixLength ([byte] $item.prefixLength) -SkipAsSource ([bool] $item.skipAsSource) -Confirm:$false)
        $changed += 'added {0}/{1}' -f $item.address, $item.prefixLength
    }
    foreach ($item in @($Data.update)) {
        $found = Get-EkAddress -Index $index -Address ([string] $item.address)
        if ($found.Count -ne 1 -or [bool] $found[0].SkipAsSource -eq [bool] $item.skipAsSource) { continue }
        Set-NetIPAddress -InterfaceIndex $index -IPAddress ([string] $found[0].IPAddress) -SkipAsSource ([bool] $item.skipAsSource) -Confirm:$false
        $changed += 'corrected {0}' -f $item.address
    }
    $names = @(@($Data.add) + @($Data.update) | ForEach-Object -Process { [string] $_.address })
    if ($names.Count -gt 0) { Wait-EkPreferred -Index $index -Addresses $names -Seconds ([int] $Data.waitSeconds) }
    Write-EkResult -Operation 'addresses' -Changed $changed -Facts @{ index = $index }
}
