# Runs many scripts in one process: a line of JSON in ({ state, script }), a line of JSON out ({ exitCode, stdout,
# errors, state }). Each script is a file of its own, as its `exit` ends a file and not the process.
$file = Join-Path -Path ([IO.Path]::GetDirectoryName($env:EVENKEEL_STAND_IN_STATE)) -ChildPath 'script.ps1'
$out = [Console]::Out
$first = $true
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $request = [Text.Json.Nodes.JsonNode]::Parse($line)
    if ($null -ne $request['state']) { [IO.File]::WriteAllText($env:EVENKEEL_STAND_IN_STATE, $request['state'].ToJsonString()) }
    [IO.File]::WriteAllText($file, [string] $request['script'])
    if ($first) { Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath 'EvenkeelStandIn.psm1') }
    $first = $false
    Set-StandInEnvironment
    $global:ErrorActionPreference = 'Continue'
    $printed = New-Object -TypeName IO.StringWriter
    [Console]::SetOut($printed)
    $global:LASTEXITCODE = 0
    try { $rest = @(& $file *>&1 | ForEach-Object -Process { [string] $_ }) }
    catch {
        $rest = @('terminating: {0}' -f $_)
        $global:LASTEXITCODE = 1
    }
    [Console]::SetOut($out)
    $answer = @{
        exitCode = [int] $global:LASTEXITCODE
        stdout   = $printed.ToString()
        errors   = $rest -join "`n"
        state    = [IO.File]::ReadAllText($env:EVENKEEL_STAND_IN_STATE)
    }
    $out.WriteLine((ConvertTo-Json -InputObject $answer -Compress))
    $out.Flush()
}
