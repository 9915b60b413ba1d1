import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import {
  changeRows,
  differenceOf,
  familyOf,
  fixOperations,
  knownVipsFor,
  normaliseAddress,
  reasonText,
  sameAddress,
  sameConfiguration,
  targetOf,
  verdictOf,
  type DrService,
  type TargetOptions,
} from '#shared/domain/direct-routing/index';
import { sentenceOf } from '#shared/domain/direct-routing/sentences';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import {
  annex,
  both,
  dicom,
  loopback,
  loopback6,
  loopbackHolds,
  secondLoopback,
  vip,
  web,
  web6,
  weakLan,
} from './cases-base';
import { held, lanAdapter, rightLoopback, rightServer, server, untouchedServer, weakHost } from './windows-fixtures';

const own = ['192.168.100.111', '192.168.140.111', 'fd4a::111'];
const former = '192.168.100.90';
const known: TargetOptions = { knownVips: [vip, former, 'fd4a::90'], removeStale: true };
const closed = { profiles: rightServer().firewall.profiles, allowRules: [] };

function compare(
  state: WindowsNetworkState,
  services: readonly DrService[] = [web, dicom],
  options: TargetOptions = {},
) {
  const target = targetOf(own, services, options);
  if (target === null) throw new Error('no target');
  return { target, difference: differenceOf(target, state) };
}

function sentences(...wanted: Parameters<typeof compare>): readonly string[] {
  const { target, difference } = compare(...wanted);
  return fixOperations(target, difference).map((part) => `${part.phase}: ${sentenceOf(part, difference)}`);
}

function rows(...wanted: Parameters<typeof compare>): readonly string[] {
  return changeRows('ICA-APP02', compare(...wanted).difference.checks).map(
    (row) => `${row.changed ? '*' : ' '} ${row.item}: ${row.before} → ${row.after}`,
  );
}

describe('an address', () => {
  const group = fc.constantFrom('0', '1', '00a', 'FD4A', 'fd4a', '10', '', '12345', 'g');
  const text = fc.oneof(
    fc.array(group, { maxLength: 9 }).map((groups) => groups.join(':')),
    fc.ipV6(),
    fc.ipV4(),
  );

  it('has one spelling and one family, which are those of the parser', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const valid = ipaddr.isValid(one);
        expect(normaliseAddress(one)).toBe(valid ? ipaddr.parse(one).toString() : one.toLowerCase());
        expect(familyOf(one)).toBe(valid ? (ipaddr.parse(one).kind() === 'ipv4' ? 'IPv4' : 'IPv6') : null);
        expect(sameAddress(one, other)).toBe(normaliseAddress(one) === normaliseAddress(other));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('the target of a server', () => {
  it('holds each address once, whatever the number of services and pairs', () => {
    const target = targetOf(own, [web, dicom, annex, { ...web6, address: 'FD4A:0::100' }]);
    expect(target?.addresses.map((item) => `${item.address}/${item.prefixLength}`)).toEqual([
      '192.168.100.100/32',
      '192.168.140.100/32',
      'fd4a::100/128',
    ]);
    expect(target?.families).toEqual(['IPv4', 'IPv6']);
    expect(target?.realAddresses).toEqual(['192.168.100.111', '192.168.140.111', 'fd4a::111']);
    expect(target?.memberships.map((item) => item.pairId)).toEqual(['main', 'main', 'annex', 'main']);
  });

  it('is none where no service contains the server, unless something is to be cleared up', () => {
    expect(targetOf(['192.168.100.199'], [web, dicom])).toBeNull();
    expect(targetOf(['192.168.100.199'], [web], { knownVips: [vip] })).toBeNull();
    expect(targetOf(['192.168.100.199'], [web], known)).toMatchObject({ addresses: [], memberships: [] });
  });

  it('knows as former services only addresses that none of its own has', () => {
    expect(targetOf(own, [web], { knownVips: [vip, former, 'FD4A::90', 'fd4a::90', 'no address'] })?.knownVips).toEqual(
      [former, 'fd4a::90'],
    );
  });

  it('takes no address away whose service holds this server by an adapter that the inventory does not know', () => {
    const two = server([
      lanAdapter(),
      lanAdapter({ index: 8, deviceId: 'PCI-8', addresses: [held('192.168.140.111')] }),
    ]);
    expect(knownVipsFor([web, annex], [former, '192.168.140.100'], two)).toEqual([former]);
    expect(knownVipsFor([web, annex], [], server([]))).toEqual([vip, '192.168.140.100']);
  });

  it('takes host prefixes, and does nothing unasked', () => {
    expect(targetOf(own, [web])?.options).toEqual({ removeStale: false, firewall: false, ipv6Prefix: 'host' });
  });

  it('takes the prefix of the network from the LAN adapter that shares it', () => {
    const lan = lanAdapter({ addresses: [...lanAdapter().addresses, held('fd4a::111', { prefixLength: 56 })] });
    const { difference } = compare(server([lan, loopback6()]), [web6], { ipv6Prefix: 'network' });
    expect(difference.addresses.map((item) => item.prefixLength)).toEqual([56]);
  });
});

describe('the operations of a fix', () => {
  const operations = (...wanted: Parameters<typeof compare>) => {
    const { target, difference } = compare(...wanted);
    return fixOperations(target, difference).flatMap((part) => part.operations);
  };

  it('take an address off the other loopback before it is added', () => {
    const two = [rightLoopback({ addresses: [] }), secondLoopback({ status: 'down', addresses: [held(vip)] })];
    expect(operations(server([weakLan(), ...two]))).toMatchObject([
      { operation: 'addresses', input: { adapter: { deviceId: secondLoopback().deviceId }, remove: [vip], add: [] } },
      { operation: 'addresses', input: { adapter: { deviceId: rightLoopback().deviceId }, add: [{ address: vip }] } },
    ]);
  });

  it('widen a firewall rule of ours, and keep what it lets in', () => {
    const narrowed = {
      name: 'Evenkeel TCP 80',
      profiles: ['Domain' as const],
      protocol: 'TCP' as const,
      localPorts: ['80', '81'],
    };
    const state = { ...rightServer(), firewall: { ...closed, allowRules: [narrowed] } };
    const rule = { name: 'TCP 80', protocol: 'TCP', ports: ['80', '81'], profiles: ['Public', 'Domain'] };
    expect(operations(state, [{ ...web, ports: '80' }], { firewall: true })).toEqual([
      { operation: 'firewall', input: { add: [rule], remove: [] } },
    ]);
    // Rules of ours are part of what an undo has to bring back, those of others are not.
    expect(sameConfiguration(state, { ...state, firewall: closed })).toBe(false);
    const others = { ...narrowed, name: 'Imaging' };
    expect(sameConfiguration(state, { ...state, firewall: { ...closed, allowRules: [narrowed, others] } })).toBe(true);
  });
});

describe('what the operator reads', () => {
  it('a report has one value, a difference two', () => {
    const { difference } = compare({ ...loopbackHolds(), clusterPresent: true });
    expect(difference.checks.filter((item) => item.code !== null).map(reasonText)).toEqual([
      'The failover cluster service is installed. Now present.',
      '192.168.100.100: The loopback adapter does not hold the address. Now absent, wanted /32, SkipAsSource.',
    ]);
  });

  it('a step of each phase', () => {
    expect(sentences({ ...untouchedServer(), firewall: closed }, [web], { firewall: true })).toEqual([
      'install: Loopback from in-box netloop.inf; LAN may blip',
      'bindings: The loopback keeps IPv4 only, NetBIOS off',
      'interface: Weak host on, DAD 0, DHCP off, metric 254, no DNS',
      'address: 192.168.100.100/32, SkipAsSource',
      'firewall: Inbound rule for TCP 80, Public; Inbound rule for TCP 443, Public',
      'lan: Weak host receive on “net”, ifIndex 12',
    ]);
  });

  it('addresses that go, and from where', () => {
    expect(sentences(loopbackHolds(held(vip), held(former)), [web], known)).toEqual([
      'address: Removes 192.168.100.90 from “loopback”',
    ]);
    const two = [rightLoopback({ addresses: [] }), secondLoopback({ status: 'down', addresses: [held(vip)] })];
    expect(sentences(server([weakLan(), ...two]))).toEqual([
      'address: Removes 192.168.100.100 from “loopback 2”; 192.168.100.100/32, SkipAsSource',
    ]);
    const six = { bindings: both('ms_tcpip', 'ms_tcpip6'), ipv6: weakHost };
    expect(sentences(loopback({ ...six, addresses: [held(vip), held('fd4a::90')] }), [web], known)).toEqual([
      'bindings: Removes fd4a::90 from “loopback”; the loopback keeps IPv4 only, NetBIOS off',
    ]);
  });

  it('rows that change come first; what is kept shows one value', () => {
    const state = { ...loopbackHolds(held(former), held('10.9.9.9')), firewall: closed };
    expect(rows(state, [web], { ...known, firewall: true }).slice(0, 5)).toEqual([
      '* 192.168.100.100: absent → /32, SkipAsSource',
      '* Addresses of former services: 192.168.100.90/32 on “loopback” → 192.168.100.90 absent',
      '* Firewall, Public: 80 closed, 443 closed → 80 open, 443 open',
      '  Adapter *MSLOOP: loopback → loopback',
      '  Other addresses on loopback: 10.9.9.9/32 → 10.9.9.9/32',
    ]);
    expect(rows(state, [web], { knownVips: [former] })).toContain(
      '  Addresses of former services: 192.168.100.90/32 on “loopback” → 192.168.100.90/32 on “loopback”',
    );
  });
});

describe('the verdict of a cell', () => {
  it('does not count what is only told', () => {
    const cell = verdictOf(vip, compare({ ...rightServer(), firewall: closed }, [web]).difference);
    expect(cell.server).toBe('proved');
    expect(cell.reasons.map((reason) => reason.code)).toEqual(['firewall-closed', 'firewall-closed']);
  });

  it('is unknown where nothing was read', () => {
    expect(verdictOf(vip, null)).toEqual({ server: 'unknown', word: 'unknown', reasons: [] });
  });
});
