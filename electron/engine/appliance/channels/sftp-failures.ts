import { EvenkeelError, type ErrorCode } from '#shared/errors';
import type { Where } from '../deadline';
import { networkFailure } from './failures';

/**
 * Status codes of SFTP. Version 3, which OpenSSH speaks, has no code for a full disk: it answers 4 ("Failure") to the
 * write; 14 and 15 are those of later versions.
 */
const byStatus: Readonly<Record<number, ErrorCode>> = {
  2: 'not_found',
  3: 'permission_denied',
  6: 'link_cut',
  7: 'link_cut',
  8: 'channel_unavailable',
  14: 'remote_disk_full',
  15: 'remote_disk_full',
};

/** What a failed SFTP request means. A plain "Failure" of a write is taken for a full disk, of others for a refusal. */
export function sftpFailure(
  error: unknown,
  where: Where,
  lost: Error | null,
  request: 'write' | 'other',
): EvenkeelError {
  if (error instanceof EvenkeelError) return error.with({ ...where });
  if (lost)
    return networkFailure(lost instanceof EvenkeelError ? new EvenkeelError('link_cut', { ...where }) : lost, where);
  const status = error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;
  if (status === null) return networkFailure(error, where);
  const said = error instanceof Error && /no space|disk full|quota/i.test(error.message);
  const code = byStatus[status] ?? (request === 'write' || said ? 'remote_disk_full' : 'command_failed');
  const advice = code === 'remote_disk_full' ? 'Free space on the unit, then try again.' : undefined;
  return new EvenkeelError(code, { ...where, ...(advice ? { advice } : {}) }, undefined, { cause: error });
}
