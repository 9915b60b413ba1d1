import type { PracticeFault } from '#shared/contract/practice';
import { bytes, duration } from '../../format';

/** What can be made to go wrong, in a person's words. */
export const kinds: readonly { readonly id: PracticeFault['kind']; readonly title: string }[] = [
  { id: 'refuse', title: 'Refuses connections' },
  { id: 'delay', title: 'Answers late' },
  { id: 'cut', title: 'Link is cut' },
  { id: 'wrong-credentials', title: 'Refuses the login' },
  { id: 'changed-host-key', title: 'Shows another host key' },
  { id: 'disk-full', title: 'Disk is full' },
  { id: 'damaged-upload', title: 'Upload arrives damaged' },
  { id: 'failing-check', title: 'Health check fails' },
  { id: 'slow-reboot', title: 'Restart takes long' },
  { id: 'winrm-off', title: 'WinRM is off' },
  { id: 'certificate-changed', title: 'Shows another certificate' },
  { id: 'account-locked', title: 'Account is locked' },
  { id: 'filtered-token', title: 'Account has a filtered token' },
  { id: 'shell-quota', title: 'Quota of shells is used up' },
  { id: 'language-mode', title: 'PowerShell is constrained' },
  { id: 'addtype-blocked', title: 'Antivirus stops Add-Type' },
  { id: 'install-hangs', title: 'Driver install hangs' },
  { id: 'duplicate-address', title: 'Addresses are in use elsewhere' },
  { id: 'fail-operation', title: 'Changes fail' },
  { id: 'hang-operation', title: 'Changes hang' },
  { id: 'link-lost', title: 'Link is lost once' },
  { id: 'reboot', title: 'Restarts' },
  { id: 'clear', title: 'Nothing: clear its faults' },
];

/** The number that a kind of fault needs, and what it counts. */
export const needsNumber: Partial<Record<PracticeFault['kind'], string>> = {
  delay: 'Milliseconds',
  cut: 'After bytes',
  'slow-reboot': 'Seconds',
};

/** The fault as typed; `null` while something is missing. */
export function faultOf(
  kind: PracticeFault['kind'],
  amount: string,
  service: string,
  server: string,
): PracticeFault | null {
  const number = Number(amount);
  const whole = amount.trim() !== '' && Number.isInteger(number) && number >= 0;
  switch (kind) {
    case 'delay':
      return whole && number >= 1 && number <= 600_000 ? { kind, milliseconds: number } : null;
    case 'cut':
      return whole ? { kind, afterBytes: number } : null;
    case 'slow-reboot':
      return whole && number >= 1 && number <= 3_600 ? { kind, seconds: number } : null;
    case 'failing-check':
      return service.trim() !== '' && server.trim() !== ''
        ? { kind, service: service.trim(), realServer: server.trim() }
        : null;
    default:
      return { kind };
  }
}

export function faultWords(fault: PracticeFault): string {
  switch (fault.kind) {
    case 'delay':
      return `answers ${duration(fault.milliseconds)} late`;
    case 'cut':
      return `link cut after ${bytes(fault.afterBytes)}`;
    case 'slow-reboot':
      return `restart takes ${duration(fault.seconds * 1000)}`;
    case 'failing-check':
      return `health check of ${fault.realServer} on ${fault.service} fails`;
    default:
      return (kinds.find((kind) => kind.id === fault.kind)?.title ?? fault.kind).toLowerCase();
  }
}
