function Uninstall-EkDevice {
    param([object] $Ref)
    $found = Get-EkAdapter -Ref $Ref
    $changed = @()
    $facts = @{}
    if ($found.Count -gt 0) {
        $adapter = Get-EkOneAdapter -Ref $Ref
        $id = [string] $adapter.PnPDeviceID
        if ([string] $adapter.ComponentID -ne '*MSLOOP') {
            Stop-Ek -Code 'not_a_loopback' -Message ('{0} is not a loopback adapter.' -f $id)
        }
        Add-EkDeviceType
        [void] (Invoke-EkDeviceCall -Text 'param($id) [EvenkeelDevice]::Remove($id)' -Arguments @($id) -Seconds 120)
        $changed += 'removed {0}' -f $id
        $facts['deviceId'] = $id
        [IO.File]::Delete((Get-EkDeviceNote))
    }
    else {
        foreach ($left in (Remove-EkLeftDevice -Ref $Ref)) {
            $changed += 'removed {0}' -f $left
            $facts['deviceId'] = $left
        }
    }
    Write-EkResult -Operation 'remove-device' -Changed $changed -Facts $facts
}
