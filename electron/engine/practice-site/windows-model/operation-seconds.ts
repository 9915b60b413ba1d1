import { loopbacksOf } from '#shared/domain/direct-routing/adapters';
import type { WindowsOperation } from '#shared/domain/direct-routing/operations';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import type { OperationSeconds, WindowsFaults } from './types';

const usual: OperationSeconds = {
  'read-state': 1.5,
  snapshot: 2,
  'ensure-device': 12,
  'remove-device': 6,
  bindings: 3,
  interface: 1,
  dns: 0.5,
  addresses: 3,
  lan: 0.5,
  firewall: 2,
  'dead-man-arm': 2,
  'dead-man-confirm': 1,
  'dead-man-read': 0.5,
  'dead-man-fire': 8,
};

/** The watchdog of the scripts. */
const installLimit = 120;

/** Practice seconds that an operation takes on a server of ordinary speed. */
export function secondsOf(operation: WindowsOperation, state: WindowsNetworkState, faults: WindowsFaults): number {
  const installs = operation.operation === 'ensure-device' && loopbacksOf(state).length === 0;
  return installs && faults.installHangs === true ? installLimit : usual[operation.operation];
}
