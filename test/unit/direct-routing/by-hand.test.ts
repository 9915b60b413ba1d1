import { describe, expect, it } from 'vitest';
import { differenceOf, fixOperations, handLines, handUndo, targetOf } from '#shared/domain/direct-routing/index';
import type { DrService, TargetOptions } from '#shared/domain/direct-routing/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { lanWith, loopbackHolds, secondLoopback, vip, web, web6, weakLan } from './cases-base';
import { held, lanAdapter, rightLoopback, rightServer, server, strongHost, untouchedServer } from './windows-fixtures';

const own = ['192.168.100.111', 'fd4a::111'];

function byHand(state: WindowsNetworkState, services: readonly DrService[] = [web], options: TargetOptions = {}) {
  const target = targetOf(own, services, options);
  if (target === null) throw new Error('no target');
  const difference = differenceOf(target, state);
  const parts = fixOperations(target, difference);
  const done = parts.flatMap((part) => part.operations);
  const split = (lines: { netsh: string; powershell: string }) => ({
    netsh: lines.netsh.split('\n'),
    powershell: lines.powershell.split('\n'),
  });
  return { ...split(handLines(parts, difference)), undo: split(handUndo(done, state)) };
}

/** Section 6.2.1 of the guide, for adapters named as there. */
const guide = {
  netsh: [
    'netsh interface ipv4 set interface "net" weakhostreceive=enabled',
    'netsh interface ipv4 set interface "loopback" weakhostreceive=enabled',
    'netsh interface ipv4 set interface "loopback" weakhostsend=enabled',
    'netsh interface ipv6 set interface "net" weakhostreceive=enabled',
    'netsh interface ipv6 set interface "loopback" weakhostreceive=enabled',
    'netsh interface ipv6 set interface "loopback" weakhostsend=enabled',
    'netsh interface ipv6 set interface "loopback" dadtransmits=0',
  ],
  powershell: [
    'Set-NetIpInterface -InterfaceAlias loopback -WeakHostReceive enabled -WeakHostSend enabled -DadTransmits 0 -AddressFamily IPv4',
    'Set-NetIpInterface -InterfaceAlias net -WeakHostReceive enabled -AddressFamily IPv4',
    'Set-NetIpInterface -InterfaceAlias loopback -WeakHostReceive enabled -WeakHostSend enabled -DadTransmits 0 -AddressFamily IPv6',
    'Set-NetIpInterface -InterfaceAlias net -WeakHostReceive enabled -AddressFamily IPv6',
  ],
};
const bareSix = server([lanAdapter({ addresses: [...lanWith('fd4a::111').addresses] })]);

describe('lines to type at the server', () => {
  it('are the guide’s own, for both families', () => {
    const lines = byHand(bareSix, [web, web6]);
    expect(guide.netsh.filter((line) => !lines.netsh.includes(line))).toEqual([]);
    expect(guide.powershell.filter((line) => !lines.powershell.includes(line))).toEqual([]);
  });

  it('in netsh, whole, with what netsh cannot do as remarks', () => {
    expect(byHand(untouchedServer()).netsh).toEqual([
      'rem Run hdwwiz: install the hardware manually, Network adapters, Microsoft, Microsoft KM-TEST Loopback Adapter.',
      'rem Name the new adapter loopback.',
      'rem Properties of “loopback”: uncheck all items except Internet Protocol Version 4 (TCP/IPv4).',
      'rem Advanced TCP/IP settings, WINS: NetBIOS over TCP/IP: disable.',
      'netsh interface ipv4 set interface "loopback" weakhostreceive=enabled',
      'netsh interface ipv4 set interface "loopback" weakhostsend=enabled',
      'netsh interface ipv4 set interface "loopback" dadtransmits=0',
      'netsh interface ipv4 set interface "loopback" metric=254',
      'rem Advanced TCP/IP settings, DNS: uncheck “Register this connection’s addresses in DNS”.',
      'netsh interface ipv4 add address "loopback" 192.168.100.100/32 skipassource=true',
      'netsh interface ipv4 set interface "net" weakhostreceive=enabled',
    ]);
  });

  it('in PowerShell, whole', () => {
    expect(byHand(untouchedServer()).powershell).toEqual([
      '# Run hdwwiz: install the hardware manually, Network adapters, Microsoft, Microsoft KM-TEST Loopback Adapter.',
      "Get-NetAdapter -IncludeHidden | Where-Object { $_.ComponentID -eq '*MSLOOP' } | Rename-NetAdapter -NewName 'loopback'",
      "Get-NetAdapterBinding -Name loopback | Where-Object { $_.ComponentID -notin @('ms_tcpip') } | Disable-NetAdapterBinding",
      "Enable-NetAdapterBinding -Name loopback -ComponentID 'ms_tcpip'",
      'Set-NetIpInterface -InterfaceAlias loopback -WeakHostReceive enabled -WeakHostSend enabled -DadTransmits 0 -AddressFamily IPv4',
      'Set-NetIpInterface -InterfaceAlias loopback -Dhcp disabled -InterfaceMetric 254 -AddressFamily IPv4',
      'Set-DnsClient -InterfaceAlias loopback -RegisterThisConnectionsAddress $false',
      "New-NetIPAddress -InterfaceAlias loopback -IPAddress '192.168.100.100' -PrefixLength 32 -SkipAsSource $true",
      'Set-NetIpInterface -InterfaceAlias net -WeakHostReceive enabled -AddressFamily IPv4',
      'Get-CimInstance -ClassName Win32_NetworkAdapterConfiguration -Filter "InterfaceIndex = $((Get-NetAdapter -Name loopback).ifIndex)" | Invoke-CimMethod -MethodName SetTcpipNetbios -Arguments @{ TcpipNetbiosOptions = [uint32] 2 }',
    ]);
  });

  it('take the names of the server, and a free one for the new adapter', () => {
    const german = lanAdapter({ name: 'Ethernet (Büro)' });
    const lines = byHand(
      server([lanAdapter({ ...german, index: 3, deviceId: 'X', name: 'Loopback', addresses: [] }), german]),
    );
    expect(lines.netsh).toContain('rem Name the new adapter loopback 2.');
    expect(lines.netsh).toContain('netsh interface ipv4 set interface "Ethernet (Büro)" weakhostreceive=enabled');
    expect(lines.powershell).toContain(
      "Set-NetIpInterface -InterfaceAlias 'Ethernet (Büro)' -WeakHostReceive enabled -AddressFamily IPv4",
    );
    expect(lines.powershell).toContain(
      "New-NetIPAddress -InterfaceAlias 'loopback 2' -IPAddress '192.168.100.100' -PrefixLength 32 -SkipAsSource $true",
    );
  });

  it('set an address anew whose mask or flag is wrong, and move one off a second loopback', () => {
    expect(byHand(loopbackHolds(held(vip, { prefixLength: 24 }))).netsh).toEqual([
      'netsh interface ipv4 delete address "loopback" 192.168.100.100',
      'netsh interface ipv4 add address "loopback" 192.168.100.100/32 skipassource=true',
    ]);
    const unflagged = byHand(loopbackHolds(held(vip, { skipAsSource: false })));
    expect(unflagged.netsh).toEqual([
      'netsh interface ipv4 delete address "loopback" 192.168.100.100',
      'netsh interface ipv4 add address "loopback" 192.168.100.100/32 skipassource=true',
    ]);
    expect(unflagged.powershell).toEqual([
      "Set-NetIPAddress -InterfaceAlias loopback -IPAddress '192.168.100.100' -SkipAsSource $true",
    ]);
    const two = [rightLoopback(), secondLoopback({ addresses: [held(vip)] })];
    expect(byHand(server([weakLan(), ...two])).powershell).toEqual([
      "Remove-NetIPAddress -InterfaceAlias 'loopback 2' -IPAddress '192.168.100.100' -Confirm:$false",
    ]);
  });

  it('open ports where asked, and say when nothing is to be done', () => {
    const closed = { ...rightServer(), firewall: { ...rightServer().firewall, allowRules: [] } };
    const lines = byHand(closed, [{ ...web, ports: '8000-8010' }], { firewall: true });
    expect(lines.netsh).toEqual([
      'netsh advfirewall firewall add rule name="Evenkeel TCP 8000-8010" dir=in action=allow protocol=TCP localport=8000-8010 profile=public',
    ]);
    expect(lines.powershell).toEqual([
      "New-NetFirewallRule -Name 'Evenkeel-TCP 8000-8010' -DisplayName 'Evenkeel TCP 8000-8010' -Group Evenkeel -Direction Inbound -Action Allow -Protocol TCP -LocalPort 8000-8010 -Profile Public",
    ]);
    expect(lines.undo.netsh).toEqual(['netsh advfirewall firewall delete rule name="Evenkeel TCP 8000-8010"']);
    expect(lines.undo.powershell).toEqual(["Remove-NetFirewallRule -Name 'Evenkeel-TCP 8000-8010'"]);
    expect(byHand(rightServer())).toMatchObject({
      netsh: ['rem Nothing to change.'],
      powershell: ['# Nothing to change.'],
    });
  });

  it('on Server Core point to the script instead of the wizard', () => {
    expect(byHand({ ...untouchedServer(), serverCore: true }).netsh[0]).toBe(
      'rem Server Core has no hardware wizard: the full script installs the adapter.',
    );
  });
});

describe('lines that take it back', () => {
  it('remove the adapter that was installed, and set the LAN as it was', () => {
    expect(byHand(untouchedServer()).undo).toEqual({
      netsh: [
        'netsh interface ipv4 set interface "net" weakhostreceive=disabled',
        'rem Device Manager, Network adapters: uninstall the Microsoft KM-TEST Loopback Adapter “loopback”.',
      ],
      powershell: [
        'Set-NetIpInterface -InterfaceAlias net -WeakHostReceive disabled -AddressFamily IPv4',
        '# Device Manager, Network adapters: uninstall the Microsoft KM-TEST Loopback Adapter “loopback”.',
      ],
    });
  });

  it('bring back values, in reverse order', () => {
    const strong = rightLoopback({ ipv4: { ...strongHost, dhcp: true }, addresses: [held(vip, { prefixLength: 24 })] });
    const { netsh, powershell } = byHand(server([weakLan(), strong])).undo;
    expect(netsh).toEqual([
      'netsh interface ipv4 delete address "loopback" 192.168.100.100',
      'netsh interface ipv4 add address "loopback" 192.168.100.100/24 skipassource=true',
      'netsh interface ipv4 set interface "loopback" weakhostreceive=disabled',
      'netsh interface ipv4 set interface "loopback" weakhostsend=disabled',
      'netsh interface ipv4 set interface "loopback" dadtransmits=3',
      'rem Internet Protocol Version 4 (TCP/IPv4), Advanced: check “Automatic metric”.',
      'netsh interface ipv4 set address "loopback" source=dhcp',
    ]);
    expect(powershell.slice(2)).toEqual([
      'Set-NetIpInterface -InterfaceAlias loopback -WeakHostReceive disabled -WeakHostSend disabled -DadTransmits 3 -AddressFamily IPv4',
      'Set-NetIpInterface -InterfaceAlias loopback -Dhcp enabled -AutomaticMetric enabled -AddressFamily IPv4',
    ]);
  });
});
