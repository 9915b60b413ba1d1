# ScheduledTasks. Tasks are kept in the state file; nothing runs them by itself.

function New-StandInTaskPart {
    param([string] $Class, [Collections.IDictionary] $Properties)
    return New-StandInObject -Namespace 'Root/Microsoft/Windows/TaskScheduler' -Class $Class -Properties $Properties
}

function New-ScheduledTaskAction {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [string] $Execute, [Parameter(Position = 1)] [string] $Argument, [string] $WorkingDirectory)
    New-StandInTaskPart -Class 'MSFT_TaskExecAction' -Properties @{ Execute = $Execute; Arguments = $Argument }
}

function New-ScheduledTaskTrigger {
    [CmdletBinding(DefaultParameterSetName = 'Once')]
    param(
        [Parameter(Mandatory, ParameterSetName = 'Once')] [switch] $Once,
        [Parameter(Mandatory, ParameterSetName = 'Once')] [DateTime] $At,
        [Parameter(ParameterSetName = 'Once')] [TimeSpan] $RepetitionInterval = [TimeSpan]::Zero,
        [Parameter(ParameterSetName = 'Once')] [TimeSpan] $RepetitionDuration,
        [Parameter(Mandatory, ParameterSetName = 'AtStartup')] [switch] $AtStartup,
        [TimeSpan] $RandomDelay
    )
    $start = if ($AtStartup) { $null } else { $At.ToString('s') }
    $class = if ($AtStartup) { 'MSFT_TaskBootTrigger' } else { 'MSFT_TaskTimeTrigger' }
    New-StandInTaskPart -Class $class -Properties @{ Kind = $class; StartBoundary = $start; Enabled = $true; EveryMinutes = $RepetitionInterval.TotalMinutes }
}

function New-ScheduledTaskPrincipal {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $UserId,
        [ValidateSet('None', 'Password', 'S4U', 'Interactive', 'Group', 'ServiceAccount', 'InteractiveOrPassword')] [string] $LogonType,
        [ValidateSet('Limited', 'Highest')] [string] $RunLevel
    )
    New-StandInTaskPart -Class 'MSFT_TaskPrincipal2' -Properties @{ UserId = $UserId; LogonType = $LogonType; RunLevel = $RunLevel }
}

function New-ScheduledTaskSettingsSet {
    [CmdletBinding()]
    param(
        [switch] $StartWhenAvailable,
        [switch] $AllowStartIfOnBatteries,
        [switch] $DontStopIfGoingOnBatteries,
        [TimeSpan] $ExecutionTimeLimit,
        [ValidateSet('Parallel', 'Queue', 'IgnoreNew')] [string] $MultipleInstances,
        [int] $RestartCount,
        [TimeSpan] $RestartInterval,
        [ValidateRange(0, 10)] [int] $Priority
    )
    if ($RestartCount -gt 0 -and $RestartInterval -lt [TimeSpan]::FromMinutes(1)) {
        throw 'The task XML contains a value which is incorrectly formatted or out of range.'
    }
    New-StandInTaskPart -Class 'MSFT_TaskSettings3' -Properties @{ StartWhenAvailable = [bool] $StartWhenAvailable }
}

function Register-ScheduledTask {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $TaskName,
        [string] $TaskPath = '\',
        [Parameter(Mandatory)]
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#Root/Microsoft/Windows/TaskScheduler/MSFT_TaskExecAction')] [object[]] $Action,
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance')] [object[]] $Trigger,
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#Root/Microsoft/Windows/TaskScheduler/MSFT_TaskPrincipal2')] [object] $Principal,
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#Root/Microsoft/Windows/TaskScheduler/MSFT_TaskSettings3')] [object] $Settings,
        [string] $Description,
        [switch] $Force
    )
    if ($TaskPath -notmatch '^\\(.*\\)?$') { throw 'The filename, directory name, or volume label syntax is incorrect.' }
    $state = Read-StandInState
    if (-not (Test-StandInAllowed -State $state -Cmdlet $PSCmdlet)) { return }
    if (-not $state.Contains('standInTasks')) { $state['standInTasks'] = @{} }
    $key = $TaskPath + $TaskName
    if ($state['standInTasks'].Contains($key) -and -not $Force) {
        Write-StandInError -Cmdlet $PSCmdlet -Text 'Cannot create a file when that file already exists.' -Id 'HRESULT 0x800700b7' -Category 'ResourceExists'
        return
    }
    $state['standInTasks'][$key] = @{
        execute   = $Action[0].Execute
        arguments = $Action[0].Arguments
        user      = $Principal.UserId
        triggers  = @($Trigger | ForEach-Object -Process { @{ kind = $_.Kind; start = $_.StartBoundary; everyMinutes = $_.EveryMinutes } })
    }
    Write-StandInState -State $state
    Get-ScheduledTask -TaskName $TaskName -TaskPath $TaskPath
}

function Get-ScheduledTask {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string[]] $TaskName, [Parameter(Position = 1)] [string[]] $TaskPath)
    $state = Read-StandInState
    $all = @(if ($state.Contains('standInTasks')) {
            foreach ($key in $state['standInTasks'].Keys) {
                $cut = $key.LastIndexOf('\') + 1
                New-StandInTaskPart -Class 'MSFT_ScheduledTask' -Properties @{ TaskName = $key.Substring($cut); TaskPath = $key.Substring(0, $cut); State = 'Ready' }
            }
        })
    Select-StandInObject -Objects $all -Bound $PSBoundParameters -Keys 'TaskName', 'TaskPath' -Class 'MSFT_ScheduledTask' -Cmdlet $PSCmdlet
}

function Unregister-ScheduledTask {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    param([Parameter(Position = 0)] [string[]] $TaskName, [Parameter(Position = 1)] [string[]] $TaskPath)
    $query = @{} + $PSBoundParameters
    foreach ($other in 'Confirm', 'WhatIf') { $query.Remove($other) }
    foreach ($task in @(Get-ScheduledTask @query)) {
        if (-not $PSCmdlet.ShouldProcess($task.TaskName)) { continue }
        $state = Read-StandInState
        if (-not (Test-StandInAllowed -State $state -Cmdlet $PSCmdlet)) { return }
        $state['standInTasks'].Remove($task.TaskPath + $task.TaskName)
        Write-StandInState -State $state
    }
}
