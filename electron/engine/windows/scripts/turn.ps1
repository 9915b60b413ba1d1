# After a lost link the script of before may still be at work: only one at a time changes this server. A file that is
# open for one alone: unlike a mutex it serves administrators and the system alike, and goes with the process.
function Wait-EkTurn {
    param([string] $Operation)
    $path = Join-Path -Path (Get-EkFolder -Name 'work') -ChildPath 'change.lock'
    $seconds = 150
    if ($Operation -eq 'dead-man-fire') { $seconds = 600 }
    $until = [DateTime]::UtcNow.AddSeconds($seconds)
    while ($true) {
        try { return [IO.File]::Open($path, 'OpenOrCreate', 'ReadWrite', 'None') }
        catch [IO.IOException] {
            if ([DateTime]::UtcNow -gt $until) { break }
        }
        Start-Sleep -Milliseconds 250
    }
    # A script that hangs must not keep the change from being taken back.
    if ($Operation -eq 'dead-man-fire') { return $null }
    Stop-Ek -Code 'failed' -Message 'Another change of this server is still running.'
}
