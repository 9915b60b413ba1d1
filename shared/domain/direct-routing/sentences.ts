import type { Difference } from './difference';
import { addressOn } from './adapters';
import { loopbackName, type PhaseOperations } from './fix-operations';
import type { OperationInput, WindowsOperation } from './operations';

/** What a step of the fix does on this server, in a few words. */
export function sentenceOf(part: PhaseOperations, difference: Difference): string {
  switch (part.phase) {
    case 'install':
      return 'Loopback from in-box netloop.inf; LAN may blip';
    case 'bindings':
      return sentence([...removals(part.operations, difference), bindings(part.operations)]);
    case 'interface':
      return 'Weak host on, DAD 0, DHCP off, metric 254, no DNS';
    case 'address':
      return sentence([...removals(part.operations, difference), ...settings(part.operations)]);
    case 'firewall':
      return part.operations
        .flatMap((operation) => (operation.operation === 'firewall' ? operation.input.add : []))
        .map((rule) => `Inbound rule for ${rule.protocol} ${rule.ports.join(', ')}, ${rule.profiles.join(', ')}`)
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

/** What goes from which adapter; an address that is only set anew does not count. */
function removals(operations: readonly WindowsOperation[], difference: Difference): readonly string[] {
  return operations.flatMap((operation) => {
    if (operation.operation !== 'addresses') return [];
    const { adapter, remove, add } = operation.input;
    const { loopback, otherLoopbacks } = difference;
    const from = [loopback, ...otherLoopbacks].find((item) => item?.deviceId === adapter.deviceId);
    // Known addresses that may come into view with a binding are not there yet.
    const gone = remove.filter((address) => from !== undefined && from !== null && addressOn(from, address));
    const left = gone.filter((address) => !add.some((item) => item.address === address));
    return left.length === 0 ? [] : [`removes ${left.join(', ')} from “${from?.name ?? loopbackName}”`];
  });
}

function settings(operations: readonly WindowsOperation[]): readonly string[] {
  return operations.flatMap((operation) => {
    if (operation.operation !== 'addresses') return [];
    const { add, update } = operation.input;
    const set = [...add.map((item) => `${item.address}/${item.prefixLength}`), ...update.map((item) => item.address)];
    return set.length === 0 ? [] : [`${set.join(', ')}, SkipAsSource`];
  });
}

function bindings(operations: readonly WindowsOperation[]): string {
  const set = operations.some((operation) => operation.operation === 'bindings');
  return set ? `the loopback keeps ${protocols(operations)} only, NetBIOS off` : '';
}

function sentence(parts: readonly string[]): string {
  const text = parts.filter((part) => part !== '').join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lan(input: OperationInput<'lan'>, difference: Difference): string {
  const adapter = difference.lans.find((item) => item.deviceId === input.adapter.deviceId);
  return `Weak host receive on “${adapter?.name ?? ''}”, ifIndex ${input.adapter.index ?? 0}`;
}
