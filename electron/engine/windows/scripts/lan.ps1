# Only WeakHostReceive, only on this adapter: nothing else on the LAN is touched.
function Set-EkLan {
    param([object] $Data)
    $index = [int] (Get-EkOneAdapter -Ref $Data.adapter).ifIndex
    $changed = @()
    # All of them are there, or none is touched.
    foreach ($item in @($Data.families)) { [void] (Get-EkInterface -Index $index -Family ([string] $item.family)) }
    foreach ($item in @($Data.families)) {
        $family = [string] $item.family
        $receive = ConvertTo-EkSwitch -On ([bool] $item.weakHostReceive)
        $before = Get-EkInterface -Index $index -Family $family
        if ([string] $before.WeakHostReceive -eq $receive) { continue }
        Set-NetIPInterface -InterfaceIndex $index -AddressFamily $family -WeakHostReceive $receive -Confirm:$false
        $changed += '{0} WeakHostReceive' -f $family
    }
    Write-EkResult -Operation 'lan' -Changed $changed -Facts @{ index = $index }
}
