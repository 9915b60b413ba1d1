# Runs many scripts in one process: a line of JSON in ({ state, script }), a line of JSON out ({ exitCode, stdout,
# errors, state }). Each script is a file of its own, as its `exit` ends a file and not the process. Its functions are
# the same from script to script: they are read from a file that keeps its name, so that they are compiled once.
$folder = [IO.Path]::GetDirectoryName($env:EVENKEEL_STAND_IN_STATE)
$file = Join-Path -Path $folder -ChildPath 'script.ps1'
$known = @{}
$out = [Console]::Out
$first = $true
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $request = [Text.Json.Nodes.JsonNode]::Parse($line)
    if ($null -ne $request['state']) { [IO.File]::WriteAllText($env:EVENKEEL_STAND_IN_STATE, $request['state'].ToJsonString()) }
    $script = [string] $request['script']
    $cut = $script.LastIndexOf("`n# {")
    if ($cut -gt 0) {
        $functions = $script.Substring(0, $cut)
        if (-not $known.ContainsKey($functions)) {
            $known[$functions] = Join-Path -Path $folder -ChildPath ('functions-{0}.ps1' -f $known.Count)
            [IO.File]::WriteAllText($known[$functions], $functions)
        }
        $script = ". '{0}'{1}" -f $known[$functions], $script.Substring($cut)
    }
    [IO.File]::WriteAllText($file, $script)
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
