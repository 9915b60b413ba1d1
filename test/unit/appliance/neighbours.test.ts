import { expect, it } from 'vitest';
import { interfaceFor6, parseNdisc6 } from '#engine/appliance/parsers/neighbours';

it('every MAC that answered a solicitation, once', () => {
  const said = [
    'Soliciting fd99::100 (fd99::100) on eth0...',
    'Target link-layer address: 62:64:9F:A9:3E:D7',
    ' from fd99::100',
    'Target link-layer address: 8E:C9:C3:B7:53:BA',
    ' from fd99::100',
    'Target link-layer address: 62:64:9F:A9:3E:D7',
    ' from fd99::100',
    '',
  ].join('\n');
  expect(parseNdisc6(said)).toEqual(['62:64:9f:a9:3e:d7', '8e:c9:c3:b7:53:ba']);
  expect(parseNdisc6('Soliciting fd99::77 (fd99::77) on eth0...\nTimed out.\nTimed out.\nNo response.\n')).toEqual([]);
});

it('the interface whose network holds an IPv6 address', () => {
  const said = [
    '1: lo    inet6 ::1/128 scope host \\       valid_lft forever preferred_lft forever',
    '2: eth0    inet6 fd4a:7c10:140::11/64 scope global \\       valid_lft forever preferred_lft forever',
    '2: eth0    inet6 fe80::250:56ff:fe9c:44a1/64 scope link \\       valid_lft forever preferred_lft forever',
    '3: eth1    inet6 fd4a:7c10:141::11/64 scope global \\       valid_lft forever preferred_lft forever',
    '3: eth1    inet6 fd4a:7c10:142::5/128 scope global \\       valid_lft forever preferred_lft forever',
  ].join('\n');
  expect(interfaceFor6(said, 'fd4a:7c10:140::100')).toBe('eth0');
  expect(interfaceFor6(said, 'FD4A:7C10:141:0::100')).toBe('eth1');
  expect(interfaceFor6(said, 'fd4a:7c10:142::5')).toBeNull();
  expect(interfaceFor6(said, '192.168.100.100')).toBeNull();
  expect(interfaceFor6('nonsense inet6 gg::/64', 'fd4a::1')).toBeNull();
});
