import type { WindowsNetworkState } from '../windows/network-state';
import { check, type Check, type ReasonCode } from './checks';
import { firewallVerdict, parsePorts } from './ports';
import type { ServerTarget } from './target';

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

/** Reported, never changed: a closed port is a decision of somebody. */
export function firewallChecks(target: ServerTarget, state: WindowsNetworkState): readonly Check[] {
  const seen = new Set<string>();
  return target.memberships.flatMap((membership) =>
    parsePorts(membership.ports).flatMap((range): readonly Check[] => {
      const ports = range.first === range.last ? String(range.first) : `${range.first}-${range.last}`;
      const key = `${membership.protocol ?? 'tcp'} ${ports}`;
      if (seen.has(key)) return [];
      seen.add(key);
      const verdict = firewallVerdict(state.firewall, range, membership.protocol);
      const text = verdict === 'open' ? `${ports} open` : `${ports} ${verdict}`;
      const code = verdict === 'open' ? null : verdict === 'closed' ? 'firewall-closed' : 'firewall-unknown';
      return [check('Firewall, Public', { before: text, after: text }, code, 'report')];
    }),
  );
}
