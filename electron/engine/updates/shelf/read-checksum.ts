import { open } from 'node:fs/promises';
import { EvenkeelError } from '#shared/errors';
import { checksumFileLimit, parseChecksumFile, type Checksum } from '#shared/domain/updates/checksum-file';
import { baseName } from '#shared/domain/updates/archive-name';

/** Reads a checksum file for the archive of this name. Throws `file_unreadable` or `checksum_not_understood`. */
export async function readChecksumFile(path: string, archiveName: string): Promise<Checksum> {
  const details = { step: 'checksum', file: baseName(path), unchanged: 'The shelf.' };
  const text = await readStart(path).catch((error: unknown) => {
    throw new EvenkeelError('file_unreadable', details, undefined, { cause: error });
  });
  const reading = parseChecksumFile(text, archiveName);
  if (reading.kind === 'checksum') return reading.checksum;
  throw new EvenkeelError('checksum_not_understood', {
    ...details,
    reason: reading.reason,
    advice: 'Give the checksum file that came with the archive: it holds a digest of 32, 40, 64 or 128 digits.',
  });
}

/** One byte more than the limit, so that a longer file is seen as such; never more. */
async function readStart(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(checksumFileLimit + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}
