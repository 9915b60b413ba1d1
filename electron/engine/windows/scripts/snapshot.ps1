# A copy of the state on the server itself, so that a person at its console can see what was there before.
function Save-EkSnapshot {
    param([string] $Name)
    if ($Name -notmatch '^[A-Za-z0-9_-]{1,80}$') { Stop-Ek -Code 'bad_input' -Message 'Not a snapshot name.' }
    $path = Join-Path -Path (Get-EkFolder -Name 'snapshots') -ChildPath ($Name + '.json')
    $text = ConvertTo-Json -InputObject (Read-EkState) -Depth 8
    $utf8 = New-Object -TypeName Text.UTF8Encoding -ArgumentList $false
    if (-not [IO.File]::Exists($path)) { [IO.File]::WriteAllText($path, $text, $utf8) }
    $bytes = [IO.File]::ReadAllBytes($path)
    Write-EkResult -Operation 'snapshot' -Changed @() -Facts @{ path = $path; bytes = $bytes.Length }
}
