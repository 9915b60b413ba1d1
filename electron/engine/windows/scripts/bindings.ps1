function Set-EkNetbios {
    param([object] $Adapter, [string] $Wanted)
    $value = @{ 'default' = 0; 'on' = 1; 'off' = 2 }[$Wanted]
    $path = 'HKLM:\SYSTEM\CurrentControlSet\Services\NetBT\Parameters\Interfaces\Tcpip_{0}' -f $Adapter.InterfaceGuid
    $now = 0
    if (Test-Path -LiteralPath $path) {
        $property = (Get-ItemProperty -LiteralPath $path).PSObject.Properties['NetbiosOptions']
        if ($null -ne $property) { $now = [int] $property.Value }
    }
    if ($now -eq $value) { return $false }
    $filter = 'InterfaceIndex = {0}' -f [int] $Adapter.ifIndex
    $configuration = @(Get-CimInstance -ClassName Win32_NetworkAdapterConfiguration -Filter $filter)
    $done = $false
    if ($configuration.Count -eq 1) {
        $answer = Invoke-CimMethod -InputObject $configuration[0] -MethodName 'SetTcpipNetbios' -Arguments @{ TcpipNetbiosOptions = [uint32] $value }
        # 0 done, 1 done after a restart; without an address the method refuses and the registry is the way [D].
        $done = ($answer.ReturnValue -eq 0 -or $answer.ReturnValue -eq 1)
    }
    if (-not $done) {
        if (-not (Test-Path -LiteralPath $path)) { [void] (New-Item -Path $path -Force) }
        Set-ItemProperty -LiteralPath $path -Name 'NetbiosOptions' -Value $value
    }
    return $true
}

function Set-EkBindings {
    param([object] $Data)
    $adapter = Get-EkOneAdapter -Ref $Data.adapter
    $wanted = @{}
    foreach ($item in @($Data.set)) { $wanted[[string] $item.component] = [bool] $item.enabled }
    $changed = @()
    # Taken as objects: names and descriptions may hold characters that are wildcards. Without -AllBindings: only what
    # the properties of the adapter list as well, never the filters below them.
    $bindings = @(Get-NetAdapterBinding -IncludeHidden | Where-Object -FilterScript {
            $_.InterfaceDescription -eq $adapter.InterfaceDescription
        })
    foreach ($binding in $bindings) {
        $component = [string] $binding.ComponentID
        $on = [bool] $binding.Enabled
        if ($wanted.ContainsKey($component)) { $on = $wanted[$component] }
        elseif ([string] $Data.others -eq 'off') { $on = $false }
        if ($on -eq [bool] $binding.Enabled) { continue }
        if ($on) { Enable-NetAdapterBinding -InputObject $binding -Confirm:$false }
        else { Disable-NetAdapterBinding -InputObject $binding -Confirm:$false }
        $changed += '{0} {1}' -f $component, $(if ($on) { 'on' } else { 'off' })
    }
    if ($null -ne $Data.netbios) {
        if (Set-EkNetbios -Adapter $adapter -Wanted ([string] $Data.netbios)) { $changed += 'NetBIOS {0}' -f $Data.netbios }
    }
    Write-EkResult -Operation 'bindings' -Changed $changed -Facts @{ index = [int] $adapter.ifIndex }
}
