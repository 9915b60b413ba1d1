import type { Writable } from 'node:stream';
import { required, type Channels } from '../channels/channels';
import type { BackupOutcome } from '../types';

/** Far above any seen backup, far below what would hurt this computer. */
const limitBytes = 2_000_000_000;

/** Full backup by the WebUI [V], streamed; without a passphrase the fields stay empty. */
export async function backup(
  channels: Channels,
  into: Writable,
  passphrase: string | null,
  signal: AbortSignal,
): Promise<BackupOutcome> {
  const step = 'backup';
  const webui = required(channels.webui, channels.unit, step, 'the WebUI');
  const secret = passphrase ?? '';
  const fields = { action: 'backup_full', passphrase: secret, confirm_passphrase: secret };
  const options = { step, timeoutMs: 600_000, limitBytes };
  return { via: 'webui', ...(await webui.download('/lbadmin/config/backup.php', fields, into, options, signal)) };
}
