import type { NetworkAdapter, WindowsNetworkState } from '#shared/domain/windows/network-state';
import { addressesOf } from '#shared/domain/direct-routing/adapters';

/** The modelled state as `ipconfig` would print it. */
export function ipconfig(state: WindowsNetworkState): string {
  const blocks = state.adapters.filter((adapter) => adapter.status === 'up').map(ipconfigBlock);
  return ['', 'Windows IP Configuration', '', ...blocks.flat(), ''].join('\r\n');
}

function ipconfigBlock(adapter: NetworkAdapter): readonly string[] {
  return [
    '',
    `Ethernet adapter ${adapter.name}:`,
    '',
    '   Connection-specific DNS Suffix  . : ',
    ...addressesOf(adapter, 'IPv6').map((held) => `   IPv6 Address. . . . . . . . . . . : ${held.address}`),
    ...addressesOf(adapter, 'IPv4').flatMap((held) => [
      `   IPv4 Address. . . . . . . . . . . : ${held.address}`,
      `   Subnet Mask . . . . . . . . . . . : ${mask(held.prefixLength)}`,
    ]),
    `   Default Gateway . . . . . . . . . : ${adapter.gateways[0] ?? ''}`,
  ];
}

function mask(prefixLength: number): string {
  const bits = prefixLength === 0 ? 0 : (0xffffffff << (32 - prefixLength)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}

/** The modelled state as `Get-NetAdapter` would print it. */
export function adapterTable(state: WindowsNetworkState): string {
  const row = (name: string, description: string, index: string, status: string, mac: string): string =>
    `${name.padEnd(25)} ${description.slice(0, 38).padEnd(38)} ${index.padStart(7)} ${status.padEnd(12)} ${mac}`;
  const lines = state.adapters.map((adapter) =>
    row(
      adapter.name,
      adapter.description,
      String(adapter.index),
      { up: 'Up', down: 'Disconnected', disabled: 'Disabled' }[adapter.status],
      adapter.mac.toUpperCase().replaceAll(':', '-'),
    ),
  );
  return ['', row('Name', 'InterfaceDescription', 'ifIndex', 'Status', 'MacAddress'), ...lines, '', ''].join('\r\n');
}
