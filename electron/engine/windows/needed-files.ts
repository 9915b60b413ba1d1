import type { OperationName, WindowsOperation } from '#shared/domain/direct-routing/operations';

const adapters = ['read-adapters', 'read-firewall', 'read-state'];
const device = ['folder', 'device-source', 'device'];
const deadMan = ['folder', 'dead-man'];

/** What each operation's file builds on, in this order. */
const buildsOn: Readonly<Record<OperationName, readonly string[]>> = {
  'read-state': adapters,
  snapshot: ['folder', ...adapters],
  'ensure-device': device,
  'remove-device': device,
  bindings: [],
  interface: [],
  dns: [],
  addresses: [],
  lan: [],
  firewall: ['read-firewall'],
  'dead-man-arm': deadMan,
  'dead-man-confirm': deadMan,
  'dead-man-read': deadMan,
  'dead-man-fire': deadMan,
};

/** The PowerShell files of a script, each once, in the order in which their functions build on each other. */
export function neededFiles(operations: readonly WindowsOperation[]): readonly string[] {
  const turn = operations.some(({ operation }) => operation !== 'read-state' && operation !== 'dead-man-read');
  return [...new Set(['common', ...(turn ? ['folder', 'turn'] : []), ...filesOf(operations), 'invoke'])];
}

function filesOf(operations: readonly WindowsOperation[]): readonly string[] {
  return operations.flatMap((operation) => [
    ...buildsOn[operation.operation],
    ...(operation.operation === 'dead-man-fire' ? filesOf(operation.input.operations) : []),
    operation.operation,
  ]);
}
