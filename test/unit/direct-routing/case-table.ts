import {
  annex,
  both,
  dicom,
  lanWith,
  loopback,
  loopback6,
  loopbackHolds,
  secondLoopback,
  service,
  vip,
  weakLan,
  web,
  web6,
  type Case,
  type Reason,
} from './cases-base';
import {
  held,
  lanAdapter,
  rightLoopback,
  rightServer,
  server,
  teamAdapters,
  untouchedServer,
  weakHost,
} from './windows-fixtures';

const byPerson = 'none, a person settles it first';
/** What a server lacks that has no loopback adapter yet. */
const theLoopback: readonly Reason[] = [
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
];
const anIpv6Interface: readonly Reason[] = [
  'weak-host-receive-loopback',
  'weak-host-send-loopback',
  'dad',
  'metric',
  'dhcp',
  'binding',
];
const right = rightServer();
const bothFamilies = { bindings: both('ms_tcpip', 'ms_tcpip6'), ipv6: weakHost };
const closed = { profiles: right.firewall.profiles, allowRules: [] };
const former = '192.168.100.90';
const known = { knownVips: [vip, former, 'fd4a::90'] };

// prettier-ignore
/** Servers beside the services that contain them, and what follows. The scripts are held against the same rows. */
export const cases: readonly Case[] = [
  // Nothing, everything
  { name: 'nothing there',                   server: untouchedServer(), reasons: [...theLoopback, 'weak-host-receive-lan'], plan: ['install', 'bindings', 'interface', 'address', 'lan'], cell: 'no address' },
  { name: 'right already',                   server: right,             reasons: [], plan: [], cell: 'proved' },
  { name: 'account without administrator rights', server: { ...right, isAdministrator: false },                   reasons: ['stop read-denied'], plan: byPerson, cell: 'read denied' },
  { name: 'constrained language mode',       server: { ...right, languageMode: 'ConstrainedLanguage' }, reasons: ['stop read-denied'], plan: byPerson, cell: 'read denied' },
  { name: '32-bit process',                  server: { ...right, is64BitProcess: false },               reasons: ['stop read-denied'], plan: byPerson, cell: 'read denied' },

  // The device
  { name: 'loopback adapter renamed',        server: loopback({ name: 'Ethernet 4' }), reasons: [], plan: [], cell: 'proved' },
  { name: 'names of a German server',        server: server([weakLan({ name: 'Ethernet (Büro)' }), rightLoopback({ name: 'LAN-Verbindung* 3', description: 'Microsoft KM-TEST-Loopbackadapter' })]), reasons: [], plan: [], cell: 'proved' },
  { name: 'names of a Japanese server',      server: server([lanAdapter({ name: 'イーサネット' }), rightLoopback({ name: 'ループバック', description: 'Microsoft KM-TEST ループバック アダプター' })]), reasons: ['weak-host-receive-lan'], plan: ['lan'], cell: 'weak host off' },
  { name: 'Server Core',                     server: { ...untouchedServer(), serverCore: true }, reasons: [...theLoopback, 'weak-host-receive-lan'], plan: ['install', 'bindings', 'interface', 'address', 'lan'], cell: 'no address' },
  { name: 'disabled loopback adapter',       server: loopback({ status: 'disabled', ipv4: null, addresses: [] }), reasons: ['stop loopback-disabled', ...theLoopback.filter((code) => !['no-loopback', 'binding', 'netbios', 'dns-registration'].includes(code))], plan: byPerson, cell: 'adapter disabled' },
  { name: 'loopback adapter whose driver fails', server: loopback({ driverOk: false }),               reasons: ['stop loopback-driver'], plan: byPerson, cell: 'adapter faulty' },

  // More than one loopback adapter
  { name: 'two loopback adapters: the one with the address counts', server: server([weakLan(), secondLoopback({ index: 5 }), rightLoopback()]), reasons: ['told several-loopbacks'], plan: [], cell: 'proved' },
  { name: 'two: the one that works counts',  server: server([weakLan(), rightLoopback({ status: 'disabled', ipv4: null, addresses: [] }), secondLoopback()]), reasons: ['told several-loopbacks', 'no-address'], plan: ['address'], cell: 'no address' },
  { name: 'two: the address is on both: it leaves the second', server: server([weakLan(), rightLoopback(), secondLoopback({ addresses: [held(vip)] })]), reasons: ['told several-loopbacks', 'vip-on-other-loopback'], plan: ['address'], cell: 'other loopback' },
  { name: 'two: on both, so Windows calls it a duplicate: mended', server: server([weakLan(), rightLoopback({ addresses: [held(vip, { state: 'Duplicate' })] }), secondLoopback({ addresses: [held(vip)] })]), reasons: ['told several-loopbacks', 'vip-on-other-loopback', 'address-duplicate'], plan: ['address'], cell: 'duplicate address' },
  { name: 'two: one address each: one moves over', server: server([lanWith('192.168.140.111'), rightLoopback(), secondLoopback({ addresses: [held('192.168.140.100')] })]), services: [web, annex], reasons: ['told several-loopbacks', 'vip-on-other-loopback', 'no-address'], plan: ['address'], cell: 'no address', vip: '192.168.140.100' },
  { name: 'two: other addresses on the second are not touched', server: server([weakLan(), rightLoopback(), secondLoopback({ addresses: [held('10.9.9.9')] })]), reasons: ['told several-loopbacks'], plan: [], cell: 'proved' },

  // The address
  { name: 'address missing',                 server: loopbackHolds(),                                    reasons: ['no-address'],            plan: ['address'], cell: 'no address' },
  { name: 'wrong mask',                      server: loopbackHolds(held(vip, { prefixLength: 24 })),     reasons: ['wrong-mask'],            plan: ['address'], cell: 'wrong mask' },
  { name: 'used as a source address',        server: loopbackHolds(held(vip, { skipAsSource: false })),  reasons: ['skip-as-source'],        plan: ['address'], cell: 'used as source' },
  { name: 'tentative address: waited for',   server: loopbackHolds(held(vip, { state: 'Tentative' })),   reasons: ['address-not-preferred'], plan: ['address'], cell: 'address not ready' },
  { name: 'address given up: set anew',      server: loopbackHolds(held(vip, { state: 'Deprecated' })),  reasons: ['address-not-preferred'], plan: ['address'], cell: 'address not ready' },
  { name: 'duplicate address: another host has it', server: loopbackHolds(held(vip, { state: 'Duplicate' })), reasons: ['stop address-duplicate'], plan: byPerson, cell: 'duplicate address' },
  { name: 'VIP on the LAN adapter',          server: server([lanWith(vip), rightLoopback()]),            reasons: ['stop vip-on-other-adapter'], plan: byPerson, cell: 'address on LAN' },
  { name: 'VIP on the LAN adapter, no loopback', server: server([lanWith(vip)]),                         reasons: ['no-loopback', 'stop vip-on-other-adapter', ...theLoopback.slice(1)], plan: byPerson, cell: 'address on LAN' },
  { name: 'foreign address on the loopback: kept', server: loopbackHolds(held(vip), held('10.9.9.9')),   reasons: ['told foreign-address'],  plan: [], cell: 'proved' },
  { name: 'foreign IPv6 address: its protocol stays bound', server: loopback({ ...bothFamilies, addresses: [held(vip), held('fd4a:9::9')] }), reasons: ['told foreign-address'], plan: [], cell: 'proved' },
  { name: 'addresses that Windows gives itself are nobody’s', server: loopbackHolds(held(vip), held('169.254.7.7', { prefixLength: 16, skipAsSource: false })), reasons: [], plan: [], cell: 'proved' },

  // Services that are gone
  { name: 'service removed: told',           server: loopbackHolds(held(vip), held(former)), options: known,                            reasons: ['told stale-address'], plan: [], cell: 'proved' },
  { name: 'service removed, clearing up',    server: loopbackHolds(held(vip), held(former)), options: { ...known, removeStale: true },  reasons: ['stale-address'], plan: ['address'], cell: 'proved' },
  { name: 'clearing up keeps what never was a service', server: loopbackHolds(held(vip), held('10.9.9.9')), options: { ...known, removeStale: true }, reasons: ['told foreign-address'], plan: [], cell: 'proved' },
  { name: 'clearing up waits while a pair is not read', server: loopbackHolds(held(vip), held(former)), options: { ...known, removeStale: true, unreadPairs: ['annex'] }, reasons: ['told stale-address', 'told stale-unsure'], plan: [], cell: 'proved' },
  { name: 'clearing up keeps what a pair that left the inventory may use', server: loopbackHolds(held(vip), held(former), held('10.9.9.9')), options: { unsureVips: [former], removeStale: true }, reasons: ['told foreign-address', 'told stale-unsure'], plan: [], cell: 'proved' },
  { name: 'an IPv6 address of such a pair: its protocol stays bound', server: loopback({ ...bothFamilies, addresses: [held(vip), held('fd4a::90')] }), options: { unsureVips: ['fd4a::90'], removeStale: true }, reasons: ['told stale-unsure'], plan: [], cell: 'proved' },
  { name: 'moved to another service',        server: loopbackHolds(held(former)), options: { ...known, removeStale: true },             reasons: ['no-address', 'stale-address'], plan: ['address'], cell: 'no address' },
  { name: 'the last IPv6 service is gone: its protocol too', server: loopback({ ...bothFamilies, addresses: [held(vip), held('fd4a::90')] }), options: { ...known, removeStale: true }, reasons: ['stale-address', 'binding'], plan: ['bindings'], cell: 'bindings' },
  { name: 'a stale address on a second loopback', server: server([weakLan(), rightLoopback(), secondLoopback({ addresses: [held(former)] })]), options: { ...known, removeStale: true }, reasons: ['told several-loopbacks', 'stale-address'], plan: ['address'], cell: 'proved' },
  { name: 'in no service any more: the address goes, all else stays', server: server([lanAdapter(), rightLoopback()]), services: [], options: { ...known, removeStale: true }, reasons: ['stale-address'], plan: ['address'], cell: 'old address' },

  // The loopback interface
  { name: 'weak host receive off on the loopback', server: loopback({ ipv4: { ...weakHost, weakHostReceive: false } }), reasons: ['weak-host-receive-loopback'], plan: ['interface'], cell: 'weak host off' },
  { name: 'weak host send off on the loopback', server: loopback({ ipv4: { ...weakHost, weakHostSend: false } }), reasons: ['weak-host-send-loopback'], plan: ['interface'], cell: 'weak host off' },
  { name: 'duplicate address detection on (DadTransmits 3)', server: loopback({ ipv4: { ...weakHost, dadTransmits: 3 } }), reasons: ['dad'], plan: ['interface'], cell: 'DAD on' },
  { name: 'DHCP on',                         server: loopback({ ipv4: { ...weakHost, dhcp: true } }),    reasons: ['dhcp'],             plan: ['interface'], cell: 'DHCP on' },
  { name: 'automatic metric',                server: loopback({ ipv4: { ...weakHost, metric: null } }),  reasons: ['metric'],           plan: ['interface'], cell: 'metric' },
  { name: 'registered in DNS',               server: loopback({ registersInDns: true }),                 reasons: ['dns-registration'], plan: ['interface'], cell: 'in DNS' },
  { name: 'file sharing bound',              server: loopback({ bindings: both('ms_tcpip', 'ms_server') }), reasons: ['binding'],       plan: ['bindings'],  cell: 'bindings' },
  { name: 'NetBIOS by default',              server: loopback({ netbios: 'default' }),                   reasons: ['netbios'],          plan: ['bindings'],  cell: 'NetBIOS on' },

  // IPv6
  { name: 'IPv6 only, right',                server: server([lanWith('fd4a::111'), loopback6()]), services: [web6], reasons: [], plan: [], cell: 'proved', vip: 'fd4a::100' },
  { name: 'IPv6 only, nothing there',        server: server([lanAdapter({ addresses: [...lanAdapter().addresses, held('fd4a::111', { prefixLength: 64 })] })]), services: [web6], reasons: [...theLoopback, 'weak-host-receive-lan'], plan: ['install', 'bindings', 'interface', 'address', 'lan'], cell: 'no address', vip: 'fd4a::100' },
  { name: 'IPv6 beside IPv4: bound, set, added', server: server([lanWith('fd4a::111'), rightLoopback()]), services: [web, web6], reasons: ['no-address', ...anIpv6Interface], plan: ['bindings', 'interface', 'address'], cell: 'weak host off' },
  { name: 'IPv6 with the prefix of the network (the guide), host prefix chosen', server: server([lanWith('fd4a::111'), loopback6({ addresses: [held('fd4a::100', { prefixLength: 64 })] })]), services: [web6], reasons: ['wrong-mask'], plan: ['address'], cell: 'wrong mask', vip: 'fd4a::100' },
  { name: 'the same, prefix of the network chosen', server: server([lanWith('fd4a::111'), loopback6({ addresses: [held('fd4a::100', { prefixLength: 64 })] })]), services: [web6], options: { ipv6Prefix: 'network' }, reasons: ['told network-prefix'], plan: [], cell: 'proved', vip: 'fd4a::100' },
  { name: 'prefix of the network chosen, VIP in another network', server: server([lanWith('fd4a::111'), loopback6({ addresses: [held('fd4c::100')] })]), services: [{ ...web6, address: 'fd4c::100' }], options: { ipv6Prefix: 'network' }, reasons: ['told prefix-unknown'], plan: [], cell: 'proved', vip: 'fd4c::100' },
  { name: 'IPv6 bound, but switched off in Windows', server: server([lanWith('fd4a::111'), loopback6({ ipv6: null, addresses: [] })]), services: [web6], reasons: ['no-address', 'stop protocol-off'], plan: byPerson, cell: 'protocol off', vip: 'fd4a::100' },

  // The LAN
  { name: 'weak host off on the LAN only',   server: server([lanAdapter(), rightLoopback()]),            reasons: ['weak-host-receive-lan'], plan: ['lan'], cell: 'weak host off' },
  { name: 'teamed LAN: the team, not its members', server: server([...teamAdapters(), rightLoopback()]), reasons: ['weak-host-receive-lan'], plan: ['lan'], cell: 'weak host off' },
  { name: 'several LAN adapters: those that own a real server address', server: server([lanAdapter(), lanAdapter({ index: 8, name: 'archive', deviceId: 'PCI-8', addresses: [held('192.168.140.111', { prefixLength: 24 })] }), lanAdapter({ index: 9, name: 'backup', deviceId: 'PCI-9', addresses: [held('10.1.1.1', { prefixLength: 8 })] }), rightLoopback({ addresses: [held(vip), held('192.168.140.100')] })]), services: [web, annex], reasons: ['weak-host-receive-lan'], plan: ['lan'], cell: 'weak host off' },
  { name: 'real server address on no adapter', server: server([rightLoopback()]),                        reasons: ['stop lan-not-found'],    plan: byPerson, cell: 'LAN not found' },
  { name: 'LAN without the protocol of the service', server: server([lanWith('fd4a::111'), loopback6()].map((adapter) => (adapter.name === 'net' ? { ...adapter, ipv6: null } : adapter))), services: [web6], reasons: ['stop lan-not-bound'], plan: byPerson, cell: 'LAN not bound', vip: 'fd4a::100' },

  // The firewall
  { name: 'firewall closed: told',           server: { ...right, firewall: closed },                     reasons: ['told firewall-closed'], plan: [], cell: 'proved' },
  { name: 'firewall closed, rules asked for', server: { ...right, firewall: closed }, options: { firewall: true }, reasons: ['firewall-closed'], plan: ['firewall'], cell: 'port closed' },
  { name: 'firewall off for the profile of the loopback', server: { ...right, firewall: { profiles: [{ name: 'Public', enabled: false }], allowRules: [] } }, options: { firewall: true }, reasons: [], plan: [], cell: 'proved' },
  { name: 'firewall not readable',           server: { ...right, firewall: { profiles: null, allowRules: [] } }, options: { firewall: true }, reasons: ['told firewall-unknown'], plan: [], cell: 'proved' },
  { name: 'range of ports of which one is closed', server: { ...right, firewall: { ...closed, allowRules: [{ name: 'most', profiles: ['Public'], protocol: 'TCP', localPorts: ['8000-8009'] }] } }, services: [service('RANGE', { ports: '8000-8010' })], reasons: ['told firewall-closed'], plan: [], cell: 'proved' },
  { name: 'UDP beside TCP: a rule for TCP is not enough', server: right, services: [service('BOTH', { ports: '443', protocol: 'tcpudp' })], options: { firewall: true }, reasons: ['firewall-closed'], plan: ['firewall'], cell: 'port closed' },
  { name: 'service by firewall mark: its ports are not known', server: right, services: [service('MARKED', { ports: '7', protocol: 'fwm' })], options: { firewall: true }, reasons: ['told ports-unknown'], plan: [], cell: 'proved' },
  { name: 'service by firewall mark without an address: never proved', server: right, services: [web, service('MARKED', { address: '', ports: '7', protocol: 'fwm' })], reasons: ['told vip-unknown', 'told ports-unknown'], plan: [], cell: 'unknown', vip: '' },

  // The host
  { name: 'failover cluster present',        server: { ...right, clusterPresent: true },                 reasons: ['told cluster-present'], plan: [], cell: 'proved' },
  { name: 'Network Load Balancing present',  server: { ...right, nlbPresent: true },                     reasons: ['told nlb-present'],     plan: [], cell: 'proved' },
  { name: 'restart pending',                 server: { ...untouchedServer(), pendingReboot: true },      reasons: ['told pending-reboot', ...theLoopback, 'weak-host-receive-lan'], plan: ['install', 'bindings', 'interface', 'address', 'lan'], cell: 'no address' },

  // Several services and pairs
  { name: 'several services of one address', server: right, services: [web, dicom, service('THIRD')],    reasons: [], plan: [], cell: 'proved' },
  { name: 'services of two pairs: an address of each', server: server([lanWith('192.168.140.111'), rightLoopback()]), services: [web, annex], reasons: ['no-address'], plan: ['address'], cell: 'proved' },
  { name: 'address written in another way',  server: server([lanWith('fd4a::111'), loopback6()]), services: [{ ...web6, address: 'FD4A:0:0:0:0:0:0:100' }], reasons: [], plan: [], cell: 'proved', vip: 'FD4A::100' },
];
