function Register-EkTask {
    param([string] $Name, [DateTime] $Due)
    $program = Join-Path -Path $env:windir -ChildPath 'System32\WindowsPowerShell\v1.0\powershell.exe'
    # Read as text, not run as a file: an execution policy set by group policy would stop a file without a signature.
    $text = '-NoProfile -NonInteractive -Command "& ([ScriptBlock]::Create([IO.File]::ReadAllText($env:ProgramData + ''\Evenkeel\dead-man\{0}.ps1'')))"'
    $action = New-ScheduledTaskAction -Execute $program -Argument ($text -f $Name)
    # Again every minute until the restore script has done its work and removed the task: one start may be refused, or
    # come while the clock is being set back.
    $once = New-ScheduledTaskTrigger -Once -At $Due.ToLocalTime() -RepetitionInterval ([TimeSpan]::FromMinutes(1)) -RepetitionDuration ([TimeSpan]::FromDays(1))
    # In UTC, so that a change to summer time in between does not move it.
    $once.StartBoundary = $Due.ToString('s', [Globalization.CultureInfo]::InvariantCulture) + 'Z'
    # A start that was missed is made up for only some minutes after a boot; this trigger comes at once. The restore
    # script itself looks whether its time has come.
    $boot = New-ScheduledTaskTrigger -AtStartup
    # By its identifier: the name of the account is localised.
    $principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount -RunLevel Highest
    $settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -ExecutionTimeLimit ([TimeSpan]::Zero) -MultipleInstances IgnoreNew -RestartCount 3 -RestartInterval ([TimeSpan]::FromMinutes(1)) -Priority 4
    [void] (Register-ScheduledTask -TaskName $Name -TaskPath $EkTaskPath -Action $action -Trigger @($once, $boot) -Principal $principal -Settings $settings -Description 'Takes a change of the network back unless it is confirmed in time.' -Force)
    if ((Get-EkTask -Name $Name).Count -ne 1) { Stop-Ek -Code 'failed' -Message 'The scheduled task is not there.' }
}

# One that another computer or another job armed would take back this change as well, at its own time.
function Assert-EkNoOther {
    param([string] $Name, [string] $Folder)
    foreach ($path in [IO.Directory]::GetFiles($Folder, '*.json')) {
        $other = [IO.Path]::GetFileNameWithoutExtension($path)
        # An outcome, which has one more dot, waits for nothing.
        if ($other -eq $Name -or $other -notmatch '^[A-Za-z0-9_-]{1,80}\z') { continue }
        if ((Get-EkTask -Name $other).Count -eq 0) { continue }
        $due = ConvertTo-EkTime -Milliseconds (Read-EkRecord -Path $path).dueAt
        Stop-Ek -Code 'dead_man_armed' -Message ('{0} takes an earlier change back at {1}.' -f $other, $due)
    }
}

function Set-EkDeadMan {
    param([object] $Data)
    $name = [string] $Data.name
    Assert-EkNotFired -Name $name
    Assert-EkNoOther -Name $name -Folder (Get-EkFolder -Name 'dead-man')
    $script = Get-EkDeadManPath -Name $name -Ending 'ps1'
    $record = Get-EkDeadManPath -Name $name -Ending 'json'
    $renewed = ([IO.File]::Exists($record) -and (Get-EkTask -Name $name).Count -gt 0)
    # Seconds are all that a task knows.
    $now = Get-EkNow
    $dueAt = $now - ($now % 1000) + 60000 * [long] $Data.minutes
    $epoch = New-Object -TypeName DateTime -ArgumentList 1970, 1, 1, 0, 0, 0, ([DateTimeKind]::Utc)
    [IO.File]::Delete($script)
    Write-EkBytes -Path $script -Bytes ([Convert]::FromBase64String([string] $Data.script))
    Write-EkRecord -Path $record -Record @{ dueAt = $dueAt }
    Register-EkTask -Name $name -Due ($epoch.AddMilliseconds($dueAt))
    $due = ConvertTo-EkTime -Milliseconds $dueAt
    Write-EkResult -Operation 'dead-man-arm' -Changed @('armed until {0}' -f $due) -Facts @{
        name    = $name
        dueAt   = $due
        path    = $script
        renewed = $renewed
    }
}
