import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'evenkeel-updates-'));
}

export interface MadeArchive {
  readonly archive: string;
  readonly checksum: string;
}

interface Make {
  readonly folder: string;
  readonly name?: string;
  readonly inner?: string;
  readonly top?: string;
  readonly bytes?: number;
}

/** An update archive and its checksum file as `tar`, `gzip` and `md5sum` make them, of random content. */
export function makeArchive({
  folder,
  name = 'lb_update.8.13.2-1.lb.tar.gz',
  inner = '8.13.2',
  top = 'lb_update',
  bytes = 300_000,
}: Make): MadeArchive {
  const tree = join(folder, `tree-${randomBytes(4).toString('hex')}`);
  const root = join(tree, top, inner);
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'install.sh'), '#!/bin/sh\n');
  writeFileSync(join(root, 'payload.bin'), randomBytes(bytes));
  const archive = join(folder, name);
  execFileSync('tar', ['-czf', archive, '-C', tree, top]);
  return { archive, checksum: writeChecksum(archive, 'md5sum') };
}

/** What `md5sum` and its like print for the archive, beside it. */
export function writeChecksum(archive: string, tool: 'md5sum' | 'sha1sum' | 'sha256sum' | 'sha512sum'): string {
  const path = `${archive}.${tool.slice(0, -3)}`;
  const cut = archive.lastIndexOf('/');
  writeFileSync(path, execFileSync(tool, [archive.slice(cut + 1)], { cwd: archive.slice(0, cut) }));
  return path;
}
