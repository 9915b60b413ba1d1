function Get-EkLoopback {
    $ref = New-Object -TypeName PSObject -Property @{ hardwareId = '*MSLOOP'; deviceId = $null; index = $null }
    return , (Get-EkAdapter -Ref $ref)
}

function Get-EkFreeName {
    param([string] $Name)
    $used = @(Get-NetAdapter -IncludeHidden | ForEach-Object -Process { [string] $_.Name })
    $free = $Name
    for ($number = 2; $used -contains $free; $number++) { $free = '{0} {1}' -f $Name, $number }
    return $free
}

function Install-EkDevice {
    param([string] $Name)
    $present = Get-EkLoopback
    $changed = @()
    if ($present.Count -eq 0) {
        foreach ($left in (Remove-EkLeftDevice -Ref $null)) { $changed += 'removed {0}' -f $left }
        Add-EkDeviceType
        $inf = Join-Path -Path $env:windir -ChildPath 'INF\netloop.inf'
        $id = [string] @(Invoke-EkDeviceCall -Text 'param($id, $inf, $note) [EvenkeelDevice]::Install($id, $inf, $note)' -Arguments @('*MSLOOP', $inf, (Get-EkDeviceNote)) -Seconds 120)[0]
        $changed += 'installed {0}' -f $id
        $until = [DateTime]::UtcNow.AddSeconds(60)
        while ($true) {
            $present = Get-EkLoopback
            if ($present.Count -eq 1 -and [int] $present[0].ifIndex -gt 0 -and [string] $present[0].Status -eq 'Up') { break }
            if ([DateTime]::UtcNow -gt $until) { Stop-Ek -Code 'install_failed' -Message (Read-EkSetupLog) }
            Start-Sleep -Milliseconds 500
        }
        [IO.File]::Delete((Get-EkDeviceNote))
        if ([string] $present[0].Name -ne $Name) {
            $free = Get-EkFreeName -Name $Name
            Rename-NetAdapter -InputObject $present[0] -NewName $free -Confirm:$false
            $present = Get-EkLoopback
        }
    }
    Write-EkResult -Operation 'ensure-device' -Changed $changed -Facts @{
        created  = ($changed.Count -gt 0)
        deviceId = [string] $present[0].PnPDeviceID
        index    = [int] $present[0].ifIndex
        name     = [string] $present[0].Name
    }
}
