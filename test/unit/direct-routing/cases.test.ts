import { describe, expect, it } from 'vitest';
import {
  differenceOf,
  faultsOf,
  fixOperations,
  targetOf,
  verdictOf,
  type DrService,
  type Phase,
  type ReasonCode,
} from '#shared/domain/direct-routing/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import {
  lanAdapter,
  rightLoopback,
  rightServer,
  server,
  strongHost,
  untouchedServer,
  weakHost,
} from './windows-fixtures';

const service = (name: string, address: string, ports: string, real: string, pairId = 'main'): DrService => ({
  pairId,
  pairName: pairId,
  serviceName: name,
  address,
  ports,
  protocol: 'tcp',
  realServers: [{ label: `${name}2`, address: real }],
});
const web = service('ICA_WEB', '192.168.100.100', '80,443', '192.168.100.111');
const dicom = service('ICA_DICOM', '192.168.100.100', '4444', '192.168.100.111');
const six = service('ICA_WEB6', 'fd4a::100', '443', 'fd4a::111');
const weakLan = { ipv4: { ...strongHost, weakHostReceive: true } };
const lanWithSix = lanAdapter({
  ...weakLan,
  ipv6: { ...strongHost, weakHostReceive: true },
  addresses: [
    { address: '192.168.100.111', prefixLength: 24, skipAsSource: false, state: 'Preferred' },
    { address: 'fd4a::111', prefixLength: 64, skipAsSource: false, state: 'Preferred' },
  ],
});
const vip = (over: object) => [
  { address: '192.168.100.100', prefixLength: 32, skipAsSource: true, state: 'Preferred' as const, ...over },
];
const onLoopback = (over: Parameters<typeof rightLoopback>[0]) => server([lanAdapter(weakLan), rightLoopback(over)]);

interface Case {
  readonly name: string;
  readonly state: WindowsNetworkState;
  readonly services?: readonly DrService[];
  readonly codes: readonly ReasonCode[];
  readonly word: string;
  readonly phases: readonly Phase[];
}

const everything: readonly Phase[] = ['install', 'bindings', 'interface', 'address', 'lan'];

const cases: readonly Case[] = [
  {
    name: 'nothing there',
    state: untouchedServer(),
    codes: [
      'no-loopback',
      'no-address',
      'weak-host-receive-loopback',
      'weak-host-send-loopback',
      'dad',
      'metric',
      'dhcp',
      'binding',
      'netbios',
      'dns-registration',
      'weak-host-receive-lan',
    ],
    word: 'no address',
    phases: everything,
  },
  { name: 'right already', state: rightServer(), codes: [], word: 'proved', phases: [] },
  { name: 'renamed loopback', state: onLoopback({ name: 'Ethernet 4' }), codes: [], word: 'proved', phases: [] },
  {
    name: 'wrong mask',
    state: onLoopback({ addresses: vip({ prefixLength: 24 }) }),
    codes: ['wrong-mask'],
    word: 'wrong mask',
    phases: ['address'],
  },
  {
    name: 'used as a source address',
    state: onLoopback({ addresses: vip({ skipAsSource: false }) }),
    codes: ['skip-as-source'],
    word: 'used as source',
    phases: ['address'],
  },
  {
    name: 'tentative address',
    state: onLoopback({ addresses: vip({ state: 'Tentative' }) }),
    codes: ['address-not-preferred'],
    word: 'address not ready',
    phases: ['address'],
  },
  {
    name: 'duplicate address',
    state: onLoopback({ addresses: vip({ state: 'Duplicate' }) }),
    codes: ['address-duplicate'],
    word: 'duplicate address',
    phases: ['address'],
  },
  {
    name: 'weak host off on the LAN only',
    state: server([lanAdapter(), rightLoopback()]),
    codes: ['weak-host-receive-lan'],
    word: 'weak host off',
    phases: ['lan'],
  },
  {
    name: 'weak host off on the loopback',
    state: onLoopback({ ipv4: { ...weakHost, weakHostSend: false } }),
    codes: ['weak-host-send-loopback'],
    word: 'weak host off',
    phases: ['interface'],
  },
  {
    name: 'duplicate address detection on',
    state: onLoopback({ ipv4: { ...weakHost, dadTransmits: 3 } }),
    codes: ['dad'],
    word: 'DAD on',
    phases: ['interface'],
  },
  {
    name: 'VIP on the LAN adapter',
    state: server([
      lanAdapter({
        addresses: [
          ...lanAdapter().addresses,
          { address: '192.168.100.100', prefixLength: 24, skipAsSource: false, state: 'Preferred' },
        ],
      }),
    ]),
    codes: [
      'no-loopback',
      'vip-on-other-adapter',
      'no-address',
      'weak-host-receive-loopback',
      'weak-host-send-loopback',
      'dad',
      'metric',
      'dhcp',
      'binding',
      'netbios',
      'dns-registration',
      'weak-host-receive-lan',
    ],
    word: 'address on LAN',
    phases: everything,
  },
  {
    name: 'disabled loopback',
    state: onLoopback({ status: 'disabled' }),
    codes: ['loopback-disabled'],
    word: 'adapter disabled',
    phases: [],
  },
  {
    name: 'foreign address on the loopback: kept, reported',
    state: onLoopback({
      addresses: [...vip({}), { address: '10.9.9.9', prefixLength: 32, skipAsSource: true, state: 'Preferred' }],
    }),
    codes: [],
    word: 'proved',
    phases: [],
  },
  {
    name: 'two loopback adapters: the one with the address counts',
    state: server([
      lanAdapter(weakLan),
      rightLoopback({ index: 5, deviceId: String.raw`ROOT\NET\0001`, addresses: [], name: 'spare' }),
      rightLoopback(),
    ]),
    codes: [],
    word: 'proved',
    phases: [],
  },
  {
    name: 'real address on no adapter',
    state: server([rightLoopback()]),
    codes: ['lan-not-found'],
    word: 'LAN not found',
    phases: [],
  },
  {
    name: 'no administrator',
    state: { ...rightServer(), isAdministrator: false },
    codes: ['read-denied'],
    word: 'read denied',
    phases: [],
  },
  {
    name: 'constrained language mode',
    state: { ...rightServer(), languageMode: 'ConstrainedLanguage' },
    codes: ['read-denied'],
    word: 'read denied',
    phases: [],
  },
  {
    name: 'cluster, NLB, pending restart and a closed firewall are told and change nothing',
    state: {
      ...rightServer(),
      clusterPresent: true,
      nlbPresent: true,
      pendingReboot: true,
      firewall: { profiles: rightServer().firewall.profiles, allowRules: [] },
    },
    codes: [],
    word: 'proved',
    phases: [],
  },
  {
    name: 'IPv6 beside IPv4: the other protocol is bound, its interface set, its address added',
    state: server([lanWithSix, rightLoopback()]),
    services: [web, six],
    codes: ['no-address', 'weak-host-receive-loopback', 'weak-host-send-loopback', 'dad', 'metric', 'dhcp', 'binding'],
    word: 'weak host off',
    phases: ['bindings', 'interface', 'address'],
  },
];

describe('a server beside the services that contain it', () => {
  it.each(cases)('$name', ({ state, services, codes, word, phases }) => {
    const target = targetOf(['192.168.100.111', 'fd4a::111'], services ?? [web, dicom]);
    if (target === null) throw new Error('no target');
    const difference = differenceOf(target, state);
    expect(faultsOf(difference).map((item) => item.code)).toEqual(codes);
    expect(verdictOf('192.168.100.100', difference).word).toBe(word);
    expect(fixOperations(target, difference).map((part) => part.phase)).toEqual(phases);
  });

  it('reports without counting it against the server', () => {
    const target = targetOf(['192.168.100.111'], [web]);
    if (target === null) throw new Error('no target');
    const state = { ...rightServer(), firewall: { profiles: rightServer().firewall.profiles, allowRules: [] } };
    const cell = verdictOf('192.168.100.100', differenceOf(target, state));
    expect(cell.server).toBe('proved');
    expect(cell.reasons.map((reason) => reason.code)).toEqual(['firewall-closed', 'firewall-closed']);
  });

  it('is unknown where it was not read, and has no target where no service contains it', () => {
    expect(verdictOf('192.168.100.100', null)).toEqual({ server: 'unknown', word: 'unknown', reasons: [] });
    expect(targetOf(['192.168.100.199'], [web, dicom])).toBeNull();
  });

  it('holds each address once, whatever the number of services and pairs', () => {
    const annex = service('OTHER', '192.168.140.100', '104', '192.168.100.111', 'annex');
    const target = targetOf(['192.168.100.111'], [web, dicom, annex]);
    expect(target?.addresses.map((item) => `${item.address}/${item.prefixLength}`)).toEqual([
      '192.168.100.100/32',
      '192.168.140.100/32',
    ]);
    expect(target?.memberships.map((item) => item.pairId)).toEqual(['main', 'main', 'annex']);
  });
});
