import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { ChecksumAlgorithm } from '#shared/domain/updates/checksum-file';

const chunkBytes = 1024 * 1024;

/** Digest of a file on this computer, lower-case hexadecimal. */
export async function digestFile(
  path: string,
  algorithm: ChecksumAlgorithm,
  signal: AbortSignal,
  onProgress: (bytes: number) => void = () => undefined,
): Promise<string> {
  const file = await open(path, 'r');
  try {
    const hash = createHash(algorithm);
    const buffer = Buffer.allocUnsafe(chunkBytes);
    let done = 0;
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, done);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
      done += bytesRead;
      onProgress(done);
    }
  } finally {
    await file.close();
  }
}
