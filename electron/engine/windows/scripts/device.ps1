# Add-Type compiles in TEMP, which can be full, shared or swept: a private folder, and three tries. What stops it after
# that is nearly always a protection program.
function Add-EkDeviceType {
    $folder = Join-Path -Path (Get-EkFolder -Name 'work') -ChildPath ([Guid]::NewGuid().ToString('N'))
    [void] [IO.Directory]::CreateDirectory($folder)
    $temp = $env:TEMP
    $tmp = $env:TMP
    try {
        $env:TEMP = $folder
        $env:TMP = $folder
        for ($try = 1; $true; $try++) {
            try { Add-Type -TypeDefinition $EkDeviceSource -Language CSharp; return }
            catch {
                if ($try -ge 3) { Stop-Ek -Code 'add_type_blocked' -Message ([string] $_.Exception.Message) }
                Start-Sleep -Seconds 2
            }
        }
    }
    finally {
        $env:TEMP = $temp
        $env:TMP = $tmp
        Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction SilentlyContinue
    }
}

function Read-EkSetupLog {
    try {
        $path = Join-Path -Path $env:windir -ChildPath 'INF\setupapi.dev.log'
        return ((Get-Content -LiteralPath $path -Tail 25) -join "`n")
    }
    catch { return 'setupapi.dev.log could not be read.' }
}

# Runs a device call in a runspace of its own, so that a driver that hangs does not hang the session.
function Invoke-EkDeviceCall {
    param([string] $Text, [object[]] $Arguments, [int] $Seconds)
    $shell = [PowerShell]::Create()
    [void] $shell.AddScript($Text)
    foreach ($argument in $Arguments) { [void] $shell.AddArgument($argument) }
    $running = $shell.BeginInvoke()
    if (-not $running.AsyncWaitHandle.WaitOne([TimeSpan]::FromSeconds($Seconds))) {
        Stop-Ek -Code 'install_timeout' -Message (Read-EkSetupLog)
    }
    try { return @($shell.EndInvoke($running)) }
    catch { Stop-Ek -Code 'install_failed' -Message ("{0}`n{1}" -f $_.Exception.Message, (Read-EkSetupLog)) }
    finally { $shell.Dispose() }
}

# Names the device of ours whose driver is being installed; gone once it works.
function Get-EkDeviceNote {
    return Join-Path -Path (Get-EkFolder -Name 'work') -ChildPath 'device.txt'
}

# A driver that never answered leaves a device that no list of adapters shows. It goes only when the note says that we
# made it, and only while no adapter stands on it.
function Remove-EkLeftDevice {
    param([object] $Ref)
    $removed = @()
    $note = Get-EkDeviceNote
    if (-not [IO.File]::Exists($note)) { return , $removed }
    $id = [IO.File]::ReadAllText($note)
    if ($null -ne $Ref -and $null -ne $Ref.deviceId -and [string] $Ref.deviceId -ne $id) { return , $removed }
    if (@(Get-NetAdapter -IncludeHidden | Where-Object -FilterScript { [string] $_.PnPDeviceID -eq $id }).Count -gt 0) { return , $removed }
    $left = @(Get-CimInstance -ClassName Win32_PnPEntity | Where-Object -FilterScript {
            [string] $_.PNPDeviceID -eq $id -and @($_.HardwareID) -contains '*MSLOOP'
        })
    if ($left.Count -eq 1) {
        Add-EkDeviceType
        [void] (Invoke-EkDeviceCall -Text 'param($id) [EvenkeelDevice]::Remove($id)' -Arguments @($id) -Seconds 120)
        $removed += $id
    }
    [IO.File]::Delete($note)
    return , $removed
}
