# Sessions of PowerShell remoting without WinRM: what is run "on the server" runs in this process, one object at a time.
function New-PSSessionOption { param([int] $OpenTimeout, [switch] $NoMachineProfile) return @{ OpenTimeout = $OpenTimeout } }

function New-PSSession {
    param([string] $ComputerName, [int] $Port, [switch] $UseSSL, [object] $SessionOption)
    if ($env:EVENKEEL_SESSIONS) { Add-Content -LiteralPath $env:EVENKEEL_SESSIONS -Value ('open {0} {1} {2}' -f $ComputerName, $Port, $UseSSL) }
    if ($ComputerName -eq 'denied') {
        $text = 'Connecting to remote server denied failed with the following error message : Access is denied.'
        $failure = New-Object -TypeName Management.Automation.Remoting.PSRemotingTransportException -ArgumentList $text
        $failure.ErrorCode = 5
        throw (New-Object -TypeName Management.Automation.ErrorRecord -ArgumentList $failure, 'AccessDenied,PSSessionOpenFailed', 'OpenError', $ComputerName)
    }
    return New-Object -TypeName PSObject -Property @{ ComputerName = $ComputerName; State = 'Opened' }
}

function Remove-PSSession { param([object] $Session) }

function Invoke-Command {
    param([object] $Session, [scriptblock] $ScriptBlock, [object[]] $ArgumentList)
    & $ScriptBlock @ArgumentList
}
