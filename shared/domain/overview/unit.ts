import type { UnitNode } from '../../contract/overview';
import type { ErrorCode } from '../../errors';
import type { State } from '../state';
import { isSupportedVersion } from '../versions';
import { withAge } from './age';
import { plainError } from '../../contract/plain-error';
import { cleanLabel, cleanText } from './clean';
import type { UnitInput } from './types';

/** So many failed reads in a row, and the unit counts as down. */
export const confirmations = 2;

const unreachable = new Set<ErrorCode>([
  'connect_refused',
  'connect_timeout',
  'host_unreachable',
  'name_not_found',
  'link_cut',
]);
const identity: Partial<Record<ErrorCode, string>> = {
  host_key_changed: 'host key changed',
  certificate_changed: 'certificate changed',
};
const words: Partial<Record<ErrorCode, string>> = {
  login_refused: 'login refused',
  account_locked: 'account locked',
  permission_denied: 'not allowed to read',
  secret_missing: 'login missing',
  secrets_locked: 'secrets are locked',
  host_key_unknown: 'host key not confirmed',
  certificate_unknown: 'certificate not confirmed',
  channel_unavailable: 'live state cannot be read',
};

export function staleAt(unit: UnitInput): number | null {
  return unit.reading === null ? null : unit.reading.readAt + 2 * unit.pollSeconds * 1_000;
}

/** Read not longer ago than twice the poll interval, and not failing since. */
export function isFresh(unit: UnitInput, now: number): boolean {
  const limit = staleAt(unit);
  return limit !== null && now <= limit && unit.failures < confirmations && !hasIdentityAlarm(unit);
}

export function isDown(unit: UnitInput): boolean {
  return unit.failures >= confirmations && unit.error !== null && unreachable.has(unit.error.code);
}

export function hasIdentityAlarm(unit: UnitInput): boolean {
  return unit.error !== null && identity[unit.error.code] !== undefined;
}

/** The unit's state and its word. */
export function unitVerdict(unit: UnitInput, now: number): { readonly state: State; readonly word: string } {
  if (unit.error !== null && hasIdentityAlarm(unit)) {
    return { state: 'failed', word: identity[unit.error.code] ?? 'identity changed' };
  }
  if (unit.job?.updating === true) return { state: 'drained', word: 'updating' };
  if (isDown(unit)) return { state: 'failed', word: 'does not answer' };
  if (!isFresh(unit, now)) {
    if (unit.error !== null && unit.failures > 0) {
      return { state: 'unknown', word: words[unit.error.code] ?? 'cannot be read' };
    }
    const { reading } = unit;
    return { state: 'unknown', word: reading === null ? 'not read yet' : withAge('not read', reading.readAt, now) };
  }
  const ha = unit.reading?.ha;
  if (isSupportedVersion(unit.version) === false) return { state: 'degraded', word: 'unsupported version' };
  if (ha?.role === 'single') return { state: 'healthy', word: ha.state ?? 'single' };
  if (!ha?.state) return { state: 'unknown', word: 'active or passive unknown' };
  return { state: 'healthy', word: ha.state };
}

export function unitNode(unit: UnitInput, pairId: string, order: number, now: number): UnitNode {
  const { reading, job } = unit;
  const fresh = isFresh(unit, now);
  return {
    kind: 'unit',
    id: unit.id,
    pairId,
    name: cleanLabel(unit.name),
    address: unit.address,
    version: unit.version,
    role: unit.role,
    haState: fresh ? (reading?.ha.state ?? null) : null,
    ...unitVerdict(unit, now),
    via: reading?.via ?? null,
    error: unit.error === null ? null : plainError(unit.error),
    job:
      job === null
        ? null
        : { jobId: job.jobId, number: job.number, title: cleanText(job.title) ?? '', fraction: job.fraction },
    order,
    readAt: reading?.readAt ?? null,
    stale: reading !== null && !fresh,
    since: null,
  };
}
