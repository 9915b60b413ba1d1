# Runs on this computer, not on the server: opens a session under the sign-on of whoever uses this computer, keeps it,
# and runs one script there. The script is the same text, started by the same bootstrap, as over the stored account.
# Output: one frame a line, <call>:<kind>:<Base64 of UTF-8>, so that no code page and no other line can disturb it.
param([string] $Data)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
$request = ConvertFrom-Json -InputObject ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Data)))

function Write-EkFrame {
    param([string] $Kind, [string] $Text)
    $body = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text))
    [Console]::Out.WriteLine(('{0}:{1}:{2}' -f $request.call, $Kind, $body))
    [Console]::Out.Flush()
}

function Open-EkSession {
    $kept = Get-Variable -Name 'EvenkeelSession' -Scope 'Global' -ValueOnly -ErrorAction SilentlyContinue
    if ($null -ne $kept) {
        if ([string] $kept.State -eq 'Opened') { return $kept }
        Remove-PSSession -Session $kept
    }
    # Without -Authentication Windows itself chooses: Kerberos in a domain, which proves the server too. TrustedHosts stays as it is.
    $option = New-PSSessionOption -OpenTimeout ([int] $request.openTimeoutMs) -NoMachineProfile
    $session = New-PSSession -ComputerName ([string] $request.host) -Port ([int] $request.port) -UseSSL:([bool] $request.ssl) -SessionOption $option
    Set-Variable -Name 'EvenkeelSession' -Scope 'Global' -Value $session
    return $session
}

# A process of its own on the server: its standard output is what the script writes, its exit code is the script's.
$there = {
    param([string] $Bootstrap, [string] $Script)
    $ErrorActionPreference = 'Continue'
    $Script | & powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand $Bootstrap 2>&1 | ForEach-Object -Process {
        if ($_ -is [Management.Automation.ErrorRecord]) { 'E' + [string] $_ } else { 'O' + [string] $_ }
    }
    'X' + [string] $LASTEXITCODE
}

$stage = 'open'
try {
    $session = Open-EkSession
    $stage = 'run'
    Invoke-Command -Session $session -ScriptBlock $there -ArgumentList ([string] $request.bootstrap), ([string] $request.script) | ForEach-Object -Process {
        Write-EkFrame -Kind ([string] $_).Substring(0, 1) -Text ([string] $_).Substring(1)
    }
}
catch {
    $failure = $_.Exception
    $number = $null
    if ($null -ne $failure.PSObject.Properties['ErrorCode']) { $number = [long] $failure.ErrorCode }
    $told = @{
        stage   = $stage
        id      = [string] $_.FullyQualifiedErrorId
        number  = $number
        message = [string] $failure.Message
    }
    Write-EkFrame -Kind 'F' -Text (ConvertTo-Json -InputObject $told -Compress)
}
