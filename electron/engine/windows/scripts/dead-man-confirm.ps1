function Clear-EkDeadMan {
    param([string] $Name)
    Assert-EkNotFired -Name $Name
    $record = Get-EkDeadManPath -Name $Name -Ending 'json'
    $was = 'none'
    $changed = @()
    if ([IO.File]::Exists($record) -and (Get-EkTask -Name $Name).Count -gt 0) {
        $was = 'armed'
        $changed += 'disarmed'
    }
    Remove-EkTask -Name $Name
    [void] (Get-EkFolder -Name 'dead-man')
    [IO.File]::Delete($record)
    [IO.File]::Delete((Get-EkDeadManPath -Name $Name -Ending 'ps1'))
    Write-EkResult -Operation 'dead-man-confirm' -Changed $changed -Facts @{ name = $Name; was = $was }
}
