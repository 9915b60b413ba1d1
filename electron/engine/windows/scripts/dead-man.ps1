# What belongs to one dead-man: a scheduled task, its restore script, a record while it is armed, an outcome once it has
# fired. Times are milliseconds since 1970: newer versions of ConvertFrom-Json make something else of a date in text.
$EkTaskPath = '\Evenkeel\'

function Get-EkDeadManPath {
    param([string] $Name, [string] $Ending)
    if ($Name -notmatch '^[A-Za-z0-9_-]{1,80}\z') { Stop-Ek -Code 'bad_input' -Message 'Not a name.' }
    return Join-Path -Path $env:ProgramData -ChildPath ('Evenkeel\dead-man\{0}.{1}' -f $Name, $Ending)
}

function Get-EkNow {
    $epoch = New-Object -TypeName DateTime -ArgumentList 1970, 1, 1
    return [long] [Math]::Floor(([DateTime]::UtcNow - $epoch).TotalMilliseconds)
}

function ConvertTo-EkTime {
    param([object] $Milliseconds)
    if ($null -eq $Milliseconds) { return $null }
    $epoch = New-Object -TypeName DateTime -ArgumentList 1970, 1, 1
    return $epoch.AddMilliseconds([double] $Milliseconds).ToString('s', [Globalization.CultureInfo]::InvariantCulture) + 'Z'
}

function Read-EkRecord {
    param([string] $Path)
    if (-not [IO.File]::Exists($Path)) { return $null }
    return ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($Path))
}

# A new file, through to the disk: a driver that stops the server right after must not leave an empty one.
function Write-EkBytes {
    param([string] $Path, [byte[]] $Bytes)
    $file = [IO.File]::Open($Path, 'CreateNew', 'Write', 'None')
    try {
        $file.Write($Bytes, 0, $Bytes.Length)
        $file.Flush($true)
    }
    finally { $file.Dispose() }
}

# Whole or not at all, also when the power goes.
function Write-EkRecord {
    param([string] $Path, [hashtable] $Record)
    $new = '{0}.new' -f $Path
    [IO.File]::Delete($new)
    Write-EkBytes -Path $new -Bytes ([Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $Record -Compress)))
    if ([IO.File]::Exists($Path)) { [IO.File]::Replace($new, $Path, [NullString]::Value) }
    else { [IO.File]::Move($new, $Path) }
}

function Get-EkTask {
    param([string] $Name)
    return , (Find-Ek -Query { Get-ScheduledTask -TaskName $Name -TaskPath $EkTaskPath })
}

function Remove-EkTask {
    param([string] $Name)
    if ((Get-EkTask -Name $Name).Count -eq 0) { return }
    Unregister-ScheduledTask -TaskName $Name -TaskPath $EkTaskPath -Confirm:$false
}

# A change that was taken back can be neither confirmed nor given more time.
function Assert-EkNotFired {
    param([string] $Name)
    $outcome = Read-EkRecord -Path (Get-EkDeadManPath -Name $Name -Ending 'outcome.json')
    if ($null -eq $outcome) { return }
    $text = 'Taken back at {0}, {1}: {2}' -f (ConvertTo-EkTime -Milliseconds $outcome.firedAt), $outcome.outcome, $outcome.text
    Stop-Ek -Code 'dead_man_fired' -Message $text
}
