import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { settle } from '#engine/practice-site/windows-model/index';
import { allowedCmdlets } from '#test/unit/direct-routing/allowed-cmdlets';
import { rightServer } from '#test/unit/direct-routing/windows-fixtures';
import { keptState, ordered } from './compare';
import { needsPwsh, pwsh } from './pwsh';
import { ResidentPwsh } from './resident';

/** Wrong calls, each with what Windows would say; without the rule they would change what they must not. */
const wrong: readonly (readonly [name: string, call: string, says: RegExp])[] = [
  ['no filter: every interface', 'Set-NetIPInterface -WeakHostSend Enabled', /loopback pseudo interface/],
  [
    'an interface that is not there',
    'Set-NetIPInterface -InterfaceIndex 99 -Dhcp Disabled',
    /No MSFT_NetIPInterface objects found/,
  ],
  ['an empty index', 'Set-NetIPInterface -InterfaceIndex $null -Dhcp Disabled', /InterfaceIndex|loopback pseudo/],
  [
    'a boolean where a switch value is due',
    'Set-NetIPInterface -InterfaceIndex 17 -WeakHostSend $true',
    /WeakHostSend/,
  ],
  [
    'removing asks first',
    'Remove-NetIPAddress -InterfaceIndex 17 -IPAddress 192.168.100.100',
    /NonInteractive|prompt/i,
  ],
  [
    'an address twice',
    'New-NetIPAddress -InterfaceIndex 17 -IPAddress 192.168.100.100 -PrefixLength 32',
    /already exists/,
  ],
  [
    'a prefix that is too long',
    'New-NetIPAddress -InterfaceIndex 17 -IPAddress 10.0.0.1 -PrefixLength 64',
    /parameter is incorrect/,
  ],
  [
    'a protocol that is not bound',
    'New-NetIPAddress -InterfaceIndex 17 -IPAddress fd4a::1 -PrefixLength 128',
    /Element not found/,
  ],
  [
    'an object of another kind',
    'Disable-NetAdapterBinding -InputObject (Get-NetAdapter)[0] -Confirm:$false',
    /InputObject/,
  ],
  ['a parameter that does not exist', 'Get-NetAdapter -HardwareId x', /HardwareId/],
  ['DNS without an interface', 'Set-DnsClient -RegisterThisConnectionsAddress $false', /InterfaceAlias|mandatory/],
  [
    'an argument of the wrong type',
    'Invoke-CimMethod -InputObject @(Get-CimInstance -ClassName Win32_NetworkAdapterConfiguration)[0] -MethodName SetTcpipNetbios -Arguments @{ TcpipNetbiosOptions = 2 }',
    /Type mismatch/,
  ],
  [
    'a task folder without its strokes',
    'Register-ScheduledTask -TaskName a -TaskPath Evenkeel -Action (New-ScheduledTaskAction -Execute x)',
    /syntax is incorrect/,
  ],
  ['a service that is not there', 'Get-Service -Name ClusSvc', /Cannot find any service/],
];

describe.skipIf(pwsh === null)(`stand-ins of the Windows cmdlets${needsPwsh}`, { timeout: 120_000 }, () => {
  let shell: ResidentPwsh;
  beforeAll(async () => {
    shell = await ResidentPwsh.start();
  });
  afterAll(async () => {
    await shell.stop();
  });

  it('have every cmdlet and parameter that the scripts may use', async () => {
    const wanted = Object.entries(allowedCmdlets).map(([name, { parameters }]) => ({ name, parameters }));
    const ran = await shell.run(
      `foreach ($one in (ConvertFrom-Json '${JSON.stringify(wanted)}')) {
         $command = Get-Command -Name $one.name -ErrorAction SilentlyContinue
         foreach ($key in $one.parameters) {
           if ($null -eq $command -or -not $command.Parameters.ContainsKey($key)) { [Console]::Out.WriteLine("$($one.name) -$key") }
         }
       }`,
      settle(rightServer()),
    );
    expect(ran.stdout).toBe('');
  });

  it.each(wrong)('%s', async (_name, call, says) => {
    const state = settle(rightServer());
    const ran = await shell.run(`$global:ErrorActionPreference = 'Stop'\n${call}`, state);
    expect(ran.errors).toMatch(says);
    expect(ordered(keptState(z.looseObject({}).parse(ran.state)))).toEqual(ordered(state));
  });
});
