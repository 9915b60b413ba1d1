import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeScript } from '#engine/windows/index';
import { settle, type WindowsFaults } from '#engine/practice-site/windows-model/index';
import { loopbackRef, type WindowsOperation } from '#shared/domain/direct-routing/operations';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import {
  held,
  lanAdapter,
  rightLoopback,
  rightServer,
  server,
  untouchedServer,
} from '#test/unit/direct-routing/windows-fixtures';
import { byModel, byScript, eventsOf } from './compare';
import { needsPwsh, pwsh } from './pwsh';
import { ResidentPwsh } from './resident';

const read: WindowsOperation = { operation: 'read-state', input: {} };
const install: WindowsOperation = { operation: 'ensure-device', input: { name: 'loopback' } };
const on = loopbackRef(null);
const add = (address: string, prefixLength: number): WindowsOperation => ({
  operation: 'addresses',
  input: {
    adapter: on,
    remove: [],
    add: [{ address, prefixLength, skipAsSource: true }],
    update: [],
    waitSeconds: 1,
  },
});
const open = (name: string): WindowsOperation => ({
  operation: 'firewall',
  input: { remove: [], add: [{ name, protocol: 'TCP', ports: ['443', '8000-8010'], profiles: ['Domain', 'Public'] }] },
});

interface Trial {
  readonly name: string;
  readonly state: WindowsNetworkState;
  readonly operations: readonly WindowsOperation[];
  readonly faults?: WindowsFaults;
  /** The code of the error that ends it; none: it goes well. */
  readonly code?: string;
}

const two = server([
  lanAdapter(),
  rightLoopback(),
  rightLoopback({ index: 19, deviceId: 'ROOT\\NET\\0001', description: 'x #2', name: 'b' }),
]);
const bracket = server([
  lanAdapter({ name: 'loopback' }),
  rightLoopback({ name: '[a-z]*', description: "Büro's [1] *?" }),
]);

const trials: readonly Trial[] = [
  { name: 'a loopback adapter is installed, up, named', state: untouchedServer(), operations: [install, read] },
  {
    name: 'its name is taken: it gets a number',
    state: server([lanAdapter({ name: 'Loopback' })]),
    operations: [install],
  },
  { name: 'one is there: nothing happens', state: rightServer(), operations: [install, install] },
  {
    name: 'installing is stopped by a protection program',
    state: untouchedServer(),
    operations: [install],
    faults: { addTypeBlocked: true },
    code: 'add_type_blocked',
  },
  {
    name: 'removed, and removed again',
    state: rightServer(),
    operations: [
      { operation: 'remove-device', input: { adapter: on } },
      { operation: 'remove-device', input: { adapter: on } },
    ],
  },
  {
    name: 'a LAN adapter is never removed',
    state: rightServer(),
    operations: [{ operation: 'remove-device', input: { adapter: { hardwareId: null, deviceId: null, index: 12 } } }],
    code: 'not_a_loopback',
  },
  {
    name: 'two adapters fit: neither is touched',
    state: two,
    operations: [{ operation: 'dns', input: { adapter: on, register: true } }],
    code: 'adapter_ambiguous',
  },
  {
    name: 'no adapter fits',
    state: untouchedServer(),
    operations: [{ operation: 'dns', input: { adapter: on, register: true } }],
    code: 'adapter_not_found',
  },
  {
    name: 'names that are wildcards mean nobody else',
    state: bracket,
    operations: [
      {
        operation: 'bindings',
        input: { adapter: on, others: 'off', set: [{ component: 'ms_tcpip6', enabled: true }], netbios: 'on' },
      },
      read,
    ],
  },
  {
    name: 'NetBIOS by the registry where no address is',
    state: server([lanAdapter(), rightLoopback({ addresses: [] })]),
    operations: [{ operation: 'bindings', input: { adapter: on, others: 'leave', set: [], netbios: 'default' } }, read],
  },
  {
    name: 'the interface of a protocol that is not bound: nothing is touched',
    state: rightServer(),
    operations: [
      {
        operation: 'interface',
        input: {
          adapter: on,
          families: [
            { family: 'IPv4', weakHostReceive: false, weakHostSend: false, dadTransmits: 1, dhcp: true, metric: null },
            { family: 'IPv6', weakHostReceive: true, weakHostSend: true, dadTransmits: 0, dhcp: false, metric: 254 },
          ],
        },
      },
    ],
    code: 'interface_missing',
  },
  {
    name: 'the LAN, one protocol of two',
    state: untouchedServer(),
    operations: [
      {
        operation: 'lan',
        input: {
          adapter: { hardwareId: null, deviceId: null, index: 12 },
          families: [{ family: 'IPv6', weakHostReceive: true }],
        },
      },
      read,
    ],
  },
  {
    name: 'registered in DNS and back',
    state: rightServer(),
    operations: [
      { operation: 'dns', input: { adapter: on, register: true } },
      { operation: 'dns', input: { adapter: on, register: true } },
      { operation: 'dns', input: { adapter: on, register: false } },
    ],
  },
  {
    name: 'an address once more',
    state: rightServer(),
    operations: [add('192.168.100.100', 32), add('192.168.100.101', 32), read],
  },
  {
    name: 'an address of a protocol that is not bound',
    state: rightServer(),
    operations: [add('fd4a::100', 128)],
    code: 'interface_missing',
  },
  {
    name: 'another host has the address',
    state: server([
      lanAdapter(),
      rightLoopback({
        ipv4: { weakHostReceive: true, weakHostSend: true, dadTransmits: 3, dhcp: false, metric: 254 },
        addresses: [],
      }),
    ]),
    operations: [add('192.168.100.100', 32)],
    faults: { takenElsewhere: ['192.168.100.100'] },
    code: 'address_conflict',
  },
  {
    name: 'every address is a duplicate',
    state: server([lanAdapter(), rightLoopback({ addresses: [] })]),
    operations: [add('192.168.100.100', 32)],
    faults: { conflicts: 'any' },
    code: 'address_conflict',
  },
  {
    name: 'an address that is to be corrected is not there',
    state: rightServer(),
    operations: [
      {
        operation: 'addresses',
        input: {
          adapter: on,
          remove: ['192.168.100.100'],
          add: [],
          update: [{ address: '10.1.1.1', skipAsSource: true }],
          waitSeconds: 1,
        },
      },
    ],
    code: 'failed',
  },
  {
    name: 'foreign addresses stay',
    state: server([lanAdapter(), rightLoopback({ addresses: [held('10.9.9.9'), held('192.168.100.100')] })]),
    operations: [
      {
        operation: 'addresses',
        input: { adapter: on, remove: ['192.168.100.100'], add: [], update: [], waitSeconds: 1 },
      },
      read,
    ],
  },
  {
    name: 'rules are added, kept, replaced, removed',
    state: rightServer(),
    operations: [
      open('TCP 443'),
      open('TCP 443'),
      read,
      { operation: 'firewall', input: { remove: ['TCP 443', 'TCP 444'], add: [] } },
      read,
    ],
  },
  {
    name: 'a copy of the state on the server',
    state: rightServer(),
    operations: [
      { operation: 'snapshot', input: { name: 'job-1_a' } },
      { operation: 'snapshot', input: { name: 'job-1_a' } },
    ],
  },
  {
    name: 'without the rights nothing begins',
    state: { ...rightServer(), isAdministrator: false },
    operations: [read, add('192.168.100.101', 32)],
    code: 'not_administrator',
  },
];

describe.skipIf(pwsh === null)(`operations, with the real scripts${needsPwsh}`, { timeout: 180_000 }, () => {
  let shell: ResidentPwsh;
  beforeAll(async () => {
    shell = await ResidentPwsh.start();
  });
  afterAll(async () => {
    await shell.stop();
  });

  it.each(trials)('$name', async ({ state, operations, faults, code }) => {
    const done = await byScript(shell, settle(state), operations, faults);
    expect(done).toEqual(await byModel(state, operations, faults));
    expect(done.events.at(-1)).toMatchObject(code === undefined ? { event: 'done' } : { event: 'error', code });
  });

  it('a cmdlet that fails ends the script there, though it is a function of a module', async () => {
    // Gone between the look and the change.
    const vanishing = 'function Get-EkInterface { return @{ WeakHostReceive = "Disabled" } }\n';
    const script = composeScript([
      {
        operation: 'lan',
        input: {
          adapter: { hardwareId: null, deviceId: null, index: 12 },
          families: [{ family: 'IPv6', weakHostReceive: true }],
        },
      },
    ]).replace(/^Invoke-Evenkeel/m, `${vanishing}$&`);
    const state = server([lanAdapter({ bindings: [{ component: 'ms_tcpip', enabled: true }] })]);
    const ran = await shell.run(script, { ...settle(state), standIn: {} });
    expect(eventsOf(ran.stdout).at(-1)).toMatchObject({ event: 'error', operation: 'lan', code: 'failed' });
    expect(ran.exitCode).toBe(1);
  });
});
