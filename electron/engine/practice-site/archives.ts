import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { seededChunks } from './random';

export interface ArchivePlan {
  /** The folder in which both files are written. */
  readonly folder: string;
  readonly seed: number;
  readonly version?: string;
  readonly release?: number;
  /** About how large the archive is to be. Default 24 MB, so that an upload shows progress. */
  readonly bytes?: number;
  /** What the unit asks for once the update is in. */
  readonly asksFor?: { readonly restarts: readonly string[]; readonly appliance: boolean };
}

export interface ArchiveFiles {
  readonly archive: string;
  readonly checksum: string;
}

const fixedTime = new Date('2026-11-20T09:00:00Z');

/** Writes an update archive as support would send it, and its checksum file with the bare MD5 [V]. Same bytes each time. */
export async function buildArchive(plan: ArchivePlan, signal: AbortSignal): Promise<ArchiveFiles> {
  const version = plan.version ?? '8.13.2';
  const archive = join(plan.folder, `lb_update.${version}-${plan.release ?? 1}.lb.tar.gz`);
  const bytes = plan.bytes ?? 24 * 1024 * 1024;
  const asksFor = plan.asksFor ?? { restarts: ['heartbeat', 'haproxy'], appliance: false };
  const tar = pack();
  const top = `lb_update/${version}/`;
  const add = (name: string, text: string): void => {
    tar.entry({ name: `${top}${name}`, mtime: fixedTime }, text);
  };
  tar.entry({ name: 'lb_update/', type: 'directory', mtime: fixedTime });
  tar.entry({ name: top, type: 'directory', mtime: fixedTime });
  add('version.txt', `${version}\n`);
  add('practice.json', `${JSON.stringify(asksFor)}\n`);
  add('release-notes.txt', `Practice update ${version}. Holds no software.\n`);
  const payload = tar.entry({ name: `${top}payload.bin`, size: bytes, mtime: fixedTime }, (error) => {
    if (error) tar.destroy(error);
    else tar.finalize();
  });
  const md5 = createHash('md5');
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      md5.update(chunk);
      done(null, chunk);
    },
  });
  const written = pipeline(tar, createGzip({ level: 0 }), meter, createWriteStream(archive), { signal });
  await Promise.all([pipeline(limited(seededChunks(plan.seed, version), bytes), payload, { signal }), written]);
  const checksum = join(plan.folder, `${basename(archive)}.md5`);
  await writeFile(checksum, `${md5.digest('hex')}\n`);
  return { archive, checksum };
}

function* limited(chunks: Iterable<Buffer>, bytes: number): Generator<Buffer> {
  let left = bytes;
  for (const chunk of chunks) {
    if (left <= 0) return;
    yield chunk.subarray(0, left);
    left -= chunk.length;
  }
}
