import type { SFTPWrapper } from 'ssh2';
import { required, type Channels } from '../channels/channels';
import { sftpFailure } from '../channels/sftp-failures';
import { sftpSize, sftpUnlink } from '../channels/sftp-files';
import { uploadFile } from '../channels/sftp-upload';
import { withDeadline } from '../deadline';
import type { FileOnUnit, UploadInput, UploadOutcome } from '../types';

/** SFTP upload; ends without deadline of its own only while bytes move: a stalled link is cut by keepalive. */
export async function upload(channels: Channels, input: UploadInput, signal: AbortSignal): Promise<UploadOutcome> {
  const step = 'upload';
  const files = required(channels.files, channels.unit, step, 'SSH');
  const where = { unit: channels.unit, step };
  return files.sftp(step, signal, async (session, link) => ({
    via: 'ssh',
    ...(await uploadFile({ session, link, input, where, signal })),
  }));
}

export async function statOnUnit(channels: Channels, path: string, signal: AbortSignal): Promise<FileOnUnit | null> {
  const bytes = await once(channels, `size of ${path}`, signal, (session) => sftpSize(session, path));
  return bytes === null ? null : { path, bytes };
}

export async function removeOnUnit(channels: Channels, path: string, signal: AbortSignal): Promise<void> {
  await once(channels, `remove ${path}`, signal, (session) => sftpUnlink(session, path));
}

async function once<T>(
  channels: Channels,
  step: string,
  signal: AbortSignal,
  request: (session: SFTPWrapper) => Promise<T>,
): Promise<T> {
  const files = required(channels.files, channels.unit, step, 'SSH');
  const where = { unit: channels.unit, step };
  return files.sftp(step, signal, (session, link) =>
    withDeadline(signal, 30_000, where, () => request(session)).catch((error: unknown) => {
      throw sftpFailure(error, where, link.lost(), 'other');
    }),
  );
}
