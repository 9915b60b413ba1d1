import type { Difference } from './difference';
import type { PhaseOperations } from './fix-operations';
import type { OperationInput, WindowsOperation } from './operations';

/** What a step of the fix does on this server, in a few words. */
export function sentenceOf(part: PhaseOperations, difference: Difference): string {
  switch (part.phase) {
    case 'install':
      return 'Loopback from in-box netloop.inf; LAN may blip';
    case 'bindings':
      return `The loopback keeps ${protocols(part.operations)} only, NetBIOS off`;
    case 'interface':
      return 'Weak host on, DAD 0, DHCP off, metric 254, no DNS';
    case 'address':
      return part.operations
        .flatMap((operation) => (operation.operation === 'addresses' ? [addresses(operation.input)] : []))
        .join('; ');
    case 'lan':
      return part.operations
        .flatMap((operation) => (operation.operation === 'lan' ? [lan(operation.input, difference)] : []))
        .join('; ');
  }
}

function protocols(operations: readonly WindowsOperation[]): string {
  const words: Readonly<Record<string, string>> = { ms_tcpip: 'IPv4', ms_tcpip6: 'IPv6' };
  return operations
    .flatMap((operation) => (operation.operation === 'bindings' ? operation.input.set : []))
    .map((item) => words[item.component] ?? item.component)
    .join(' and ');
}

function addresses(input: OperationInput<'addresses'>): string {
  const added = input.add.map((item) => `${item.address}/${item.prefixLength}`);
  const corrected = input.update.map((item) => item.address);
  return `${[...added, ...corrected].join(', ')}, SkipAsSource`;
}

function lan(input: OperationInput<'lan'>, difference: Difference): string {
  const adapter = difference.lans.find((item) => item.deviceId === input.adapter.deviceId);
  return `Weak host receive on “${adapter?.name ?? ''}”, ifIndex ${input.adapter.index ?? 0}`;
}
