# What the CIM cmdlets have in common: objects with the class's type name, and queries by property that find nothing.

function New-StandInObject {
    param([string] $Class, [Collections.IDictionary] $Properties, [string] $Namespace = 'ROOT/StandardCimv2')
    return [EvenkeelStandIn.Cim]::Make($Namespace, $Class, $Properties)
}

# Those that match every given property; a query that names a value and finds nothing is an error.
function Select-StandInObject {
    param(
        [object[]] $Objects,
        [Collections.IDictionary] $Bound,
        [string[]] $Keys,
        [string] $Class,
        [Management.Automation.PSCmdlet] $Cmdlet
    )
    if (Test-StandInFailing -Cmdlet $Cmdlet) { return }
    $given = @(foreach ($key in $Keys) { if ($Bound.ContainsKey($key)) { $key } })
    $found = $Objects
    foreach ($key in $given) { $found = [EvenkeelStandIn.Cim]::Where($found, $key, @($Bound[$key])) }
    if ($given.Count -eq 0 -or $found.Count -gt 0) { return $found }
    $text = "No matching $Class objects found by CIM query for instances of the ROOT/StandardCimv2/$Class class on the CIM server. Verify query parameters and retry."
    $id = 'CmdletizationQuery_NotFound'
    if ($given.Count -eq 1) {
        $value = @($Bound[$given[0]])[0]
        $text = "No $Class objects found with property '$($given[0])' equal to '$value'.  Verify the value of the property and retry."
        $id = "CmdletizationQuery_NotFound_$($given[0])"
    }
    Write-StandInError -Cmdlet $Cmdlet -Text $text -Id $id -Category 'ObjectNotFound'
}

# What WMI says when a provider does not answer: neither an object nor "there is none".
function Test-StandInFailing {
    param([Management.Automation.PSCmdlet] $Cmdlet)
    if ($script:StandInFailing -notcontains $Cmdlet.MyInvocation.MyCommand.Name) { return $false }
    Write-StandInError -Cmdlet $Cmdlet -Text 'Generic failure' -Id 'HRESULT 0x80041001'
    return $true
}

function Write-StandInError {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Text, [string] $Id, [string] $Category = 'NotSpecified')
    $record = New-Object -TypeName Management.Automation.ErrorRecord -ArgumentList ([Exception]::new($Text)), $Id, $Category, $null
    $Cmdlet.WriteError($record)
}

# Everything that changes something needs the token.
function Test-StandInAllowed {
    param([Collections.IDictionary] $State, [Management.Automation.PSCmdlet] $Cmdlet)
    if ($State.isAdministrator) { return $true }
    Write-StandInError -Cmdlet $Cmdlet -Text 'Access is denied.' -Id 'Windows System Error 5' -Category 'PermissionDenied'
    return $false
}

function Find-StandInAdapter {
    param([Collections.IDictionary] $State, [int] $Index)
    foreach ($adapter in $State.adapters) { if ([int] $adapter.index -eq $Index) { return $adapter } }
}

# A protocol that is not bound, or a disabled adapter, shows no interface and no addresses; the settings are kept.
function Test-StandInShown {
    param([Collections.IDictionary] $Adapter, [string] $Family)
    if ($Adapter.status -eq 'disabled') { return $false }
    $component = if ($Family -eq 'IPv6') { 'ms_tcpip6' } else { 'ms_tcpip' }
    foreach ($binding in $Adapter.bindings) { if ($binding.component -eq $component -and $binding.enabled) { return $true } }
    return $false
}

function Get-StandInFamily {
    param([string] $Address)
    if ($Address -match ':') { return 'IPv6' }
    return 'IPv4'
}
