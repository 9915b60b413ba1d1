import type { WindowsNetworkState } from '../windows/network-state';
import { check, type Check, type ReasonCode } from './checks';

/** What the account and the host allow at all. */
export function hostChecks(state: WindowsNetworkState): readonly Check[] {
  const report = (there: boolean, row: string, code: ReasonCode): readonly Check[] =>
    there ? [check(row, { before: 'present', after: 'present' }, code, 'report')] : [];
  return [
    ...denied(!state.isAdministrator, 'no administrator token', 'administrator'),
    ...denied(state.languageMode !== 'FullLanguage', state.languageMode, 'FullLanguage'),
    ...denied(!state.is64BitProcess, '32-bit process', '64-bit process'),
    ...report(state.clusterPresent, 'Failover cluster', 'cluster-present'),
    ...report(state.nlbPresent, 'Network Load Balancing', 'nlb-present'),
    ...report(state.pendingReboot, 'Pending restart', 'pending-reboot'),
  ];
}

function denied(is: boolean, before: string, after: string): readonly Check[] {
  return is ? [check('Account', { before, after }, 'read-denied', 'stop')] : [];
}
