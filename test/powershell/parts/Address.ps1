# NetTCPIP: addresses

function Get-StandInAddress {
    param([Collections.IDictionary] $State)
    ConvertTo-StandInAddress -Index 1 -Name 'Loopback Pseudo-Interface 1' -Held @{ address = '127.0.0.1'; prefixLength = 8; skipAsSource = $false; state = 'Preferred' }
    foreach ($adapter in $State.adapters) {
        foreach ($held in $adapter.addresses) {
            if (-not (Test-StandInShown -Adapter $adapter -Family (Get-StandInFamily -Address $held.address))) { continue }
            ConvertTo-StandInAddress -Index $adapter.index -Name $adapter.name -Held $held
        }
    }
}

function ConvertTo-StandInAddress {
    param([int] $Index, [string] $Name, [Collections.IDictionary] $Held)
    # A link-local address is shown, and asked for, with its zone.
    $text = if ($Held.address -like 'fe80:*') { '{0}%{1}' -f $Held.address, $Index } else { $Held.address }
    return New-StandInObject -Class 'MSFT_NetIPAddress' -Properties @{
        IPAddress      = $text
        InterfaceIndex = [uint32] $Index
        ifIndex        = [uint32] $Index
        InterfaceAlias = $Name
        AddressFamily  = [EvenkeelStandIn.Family] (Get-StandInFamily -Address $Held.address)
        PrefixLength   = [byte] $Held.prefixLength
        SkipAsSource   = [bool] $Held.skipAsSource
        AddressState   = $Held.state
        PolicyStore    = 'ActiveStore'
    }
}

function Get-NetIPAddress {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [string[]] $IPAddress,
        [Alias('ifIndex')] [uint32[]] $InterfaceIndex,
        [Alias('ifAlias')] [string[]] $InterfaceAlias,
        [EvenkeelStandIn.Family[]] $AddressFamily,
        [ValidateSet('ActiveStore', 'PersistentStore')] [string] $PolicyStore
    )
    $all = @(Get-StandInAddress -State (Read-StandInState))
    Select-StandInObject -Objects $all -Bound $PSBoundParameters -Keys 'IPAddress', 'InterfaceIndex', 'InterfaceAlias', 'AddressFamily' -Class 'MSFT_NetIPAddress' -Cmdlet $PSCmdlet
}

function New-NetIPAddress {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium', DefaultParameterSetName = 'ByInterfaceAlias')]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $IPAddress,
        [Parameter(Mandatory, ParameterSetName = 'ByIfIndexOrIfAlias')] [Alias('ifIndex')] [uint32] $InterfaceIndex,
        [Parameter(Mandatory, ParameterSetName = 'ByInterfaceAlias')] [Alias('ifAlias')] [string] $InterfaceAlias,
        [byte] $PrefixLength,
        [bool] $SkipAsSource,
        [string] $DefaultGateway
    )
    if (-not $PSCmdlet.ShouldProcess($IPAddress)) { return }
    $state = Read-StandInState
    if (-not (Test-StandInAllowed -State $state -Cmdlet $PSCmdlet)) { return }
    $address = [Net.IPAddress]::Parse($IPAddress).ToString()
    $family = Get-StandInFamily -Address $address
    if ($PSCmdlet.ParameterSetName -eq 'ByInterfaceAlias') {
        $named = @($state.adapters | Where-Object -FilterScript { $_.name -eq $InterfaceAlias })
        if ($named.Count -eq 1) { $InterfaceIndex = [uint32] $named[0].index }
    }
    $adapter = Find-StandInAdapter -State $state -Index $InterfaceIndex
    if ($null -eq $adapter -or $null -eq $adapter[$family.ToLowerInvariant()] -or -not (Test-StandInShown -Adapter $adapter -Family $family)) {
        Write-StandInError -Cmdlet $PSCmdlet -Text 'Element not found.' -Id 'Windows System Error 1168' -Category 'ObjectNotFound'
        return
    }
    $everywhere = @($state.adapters | ForEach-Object -Process { $_.addresses } | Where-Object -FilterScript { $_.address -eq $address })
    if (@($adapter.addresses | Where-Object -FilterScript { $_.address -eq $address }).Count -gt 0 -or ($everywhere.Count -gt 0 -and $adapter.hardwareId -ne '*MSLOOP')) {
        Write-StandInError -Cmdlet $PSCmdlet -Text 'The object already exists.' -Id 'Windows System Error 87' -Category 'InvalidArgument'
        return
    }
    $values = $adapter[$family.ToLowerInvariant()]
    if ($values.dhcp -and $adapter.status -ne 'up') {
        Write-StandInError -Cmdlet $PSCmdlet -Text 'Inconsistent parameters PolicyStore PersistentStore and Dhcp Enabled' -Id 'Windows System Error 87' -Category 'InvalidArgument'
        return
    }
    # A static IPv4 address switches DHCP off by itself [D].
    if ($family -eq 'IPv4') { $values.dhcp = $false }
    $conflicts = @(Get-StandInFault -State $state -Name 'conflicts')
    $first = if ($conflicts -contains 'any' -or $conflicts -contains $address) { 'Duplicate' } elseif ([int] $values.dadTransmits -gt 0) { 'Tentative' } else { 'Preferred' }
    $prefix = if ($PSBoundParameters.ContainsKey('PrefixLength')) { $PrefixLength } elseif ($family -eq 'IPv6') { 64 } else { 32 }
    $limit = if ($family -eq 'IPv6') { 128 } else { 32 }
    if ($prefix -gt $limit) {
        Write-StandInError -Cmdlet $PSCmdlet -Text 'The parameter is incorrect.' -Id 'Windows System Error 87' -Category 'InvalidArgument'
        return
    }
    $adapter.addresses = @($adapter.addresses) + @{ address = $address; prefixLength = [int] $prefix; skipAsSource = $SkipAsSource; state = $first }
    Write-StandInState -State $state
    Get-NetIPAddress -InterfaceIndex $InterfaceIndex -IPAddress $address
}

function Set-NetIPAddress {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    param(
        [Parameter(Position = 0)] [string[]] $IPAddress,
        [Alias('ifIndex')] [uint32[]] $InterfaceIndex,
        [Alias('ifAlias')] [string[]] $InterfaceAlias,
        [byte] $PrefixLength,
        [bool] $SkipAsSource
    )
    $state = Read-StandInState
    if (-not (Test-StandInAllowed -State $state -Cmdlet $PSCmdlet)) { return }
    $chosen = @(Select-StandInObject -Objects @(Get-StandInAddress -State $state) -Bound $PSBoundParameters -Keys 'IPAddress', 'InterfaceIndex', 'InterfaceAlias' -Class 'MSFT_NetIPAddress' -Cmdlet $PSCmdlet)
    foreach ($one in $chosen) {
        if (-not $PSCmdlet.ShouldProcess($one.IPAddress)) { continue }
        $adapter = Find-StandInAdapter -State $state -Index $one.InterfaceIndex
        foreach ($held in @($adapter.addresses | Where-Object -FilterScript { $_.address -eq $one.IPAddress.Split('%')[0] })) {
            if ($PSBoundParameters.ContainsKey('SkipAsSource')) { $held.skipAsSource = $SkipAsSource }
            if ($PSBoundParameters.ContainsKey('PrefixLength')) { $held.prefixLength = [int] $PrefixLength }
        }
    }
    Write-StandInState -State $state
}

# Asks before it acts, and without a filter removes every address.
function Remove-NetIPAddress {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    param(
        [Parameter(Position = 0)] [string[]] $IPAddress,
        [Alias('ifIndex')] [uint32[]] $InterfaceIndex,
        [Alias('ifAlias')] [string[]] $InterfaceAlias
    )
    $state = Read-StandInState
    if (-not (Test-StandInAllowed -State $state -Cmdlet $PSCmdlet)) { return }
    $chosen = @(Select-StandInObject -Objects @(Get-StandInAddress -State $state) -Bound $PSBoundParameters -Keys 'IPAddress', 'InterfaceIndex', 'InterfaceAlias' -Class 'MSFT_NetIPAddress' -Cmdlet $PSCmdlet)
    foreach ($one in $chosen) {
        if (-not $PSCmdlet.ShouldProcess($one.IPAddress)) { continue }
        if ($one.InterfaceIndex -eq 1) { throw 'A script removed an address of the loopback pseudo interface of Windows.' }
        $adapter = Find-StandInAdapter -State $state -Index $one.InterfaceIndex
        $adapter.addresses = @($adapter.addresses | Where-Object -FilterScript { $_.address -ne $one.IPAddress.Split('%')[0] })
    }
    Write-StandInState -State $state
}
