function Test-EkPendingReboot {
    $servicing = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending'
    $update = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired'
    return ((Test-Path -LiteralPath $servicing) -or (Test-Path -LiteralPath $update))
}

# Reads only. The same function serves the check, the snapshot and the proof.
function Read-EkState {
    $system = Get-CimInstance -ClassName Win32_OperatingSystem
    $all = @{
        devices    = @(Get-CimInstance -ClassName Win32_NetworkAdapter | Where-Object -FilterScript { $null -ne $_.PNPDeviceID })
        bindings   = @(Get-NetAdapterBinding -IncludeHidden)
        interfaces = @(Get-NetIPInterface -PolicyStore ActiveStore)
        addresses  = @(Get-NetIPAddress -PolicyStore ActiveStore)
        routes     = @(Get-NetRoute -PolicyStore ActiveStore | Where-Object -FilterScript {
                $_.DestinationPrefix -eq '0.0.0.0/0' -or $_.DestinationPrefix -eq '::/0'
            })
        dns        = @(Get-DnsClient)
    }
    $adapters = @(Get-NetAdapter -IncludeHidden | Where-Object -FilterScript {
            (-not $_.Hidden -or [string] $_.ComponentID -eq '*MSLOOP') -and [int] $_.ifIndex -gt 0
        } | Sort-Object -Property ifIndex | ForEach-Object -Process { Read-EkAdapter -Adapter $_ -All $all })
    $administrator = Test-EkAdministrator
    $cluster = $false
    try { $cluster = ((Find-Ek -Query { Get-Service -Name 'ClusSvc' }).Count -gt 0) }
    catch {
        # Others may not ask for services from afar [D]; they change nothing either.
        if ($administrator) { throw }
    }
    $balancing = @($all.bindings | Where-Object -FilterScript { [string] $_.ComponentID -eq 'ms_wlbs' -and $_.Enabled })
    $type = [string] (Get-EkValue -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' -Name 'InstallationType')
    return @{
        computerName    = [string] $env:COMPUTERNAME
        osName          = [string] $system.Caption
        osBuild         = [string] $system.BuildNumber
        serverCore      = ($type -eq 'Server Core')
        languageMode    = [string] $ExecutionContext.SessionState.LanguageMode
        is64BitProcess  = [Environment]::Is64BitProcess
        isAdministrator = $administrator
        pendingReboot   = (Test-EkPendingReboot)
        clusterPresent  = $cluster
        nlbPresent      = ($balancing.Count -gt 0)
        bootedAt        = $system.LastBootUpTime.ToString('o')
        adapters        = $adapters
        firewall        = (Read-EkFirewall)
    }
}
