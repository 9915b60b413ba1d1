import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { FaultBook } from '../faults';
import { nothingToRead, type Source } from './shell/index';

export interface FileFacts {
  readonly kind: 'file' | 'folder';
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** An error with the words and the kind a Unix program would give. */
export class UnitFileError extends Error {
  constructor(
    readonly kind: 'missing' | 'full' | 'denied' | 'folder' | 'other',
    message: string,
  ) {
    super(message);
  }
}

const folders = [
  '/tmp',
  '/var/tmp',
  '/root',
  '/root/.ssh',
  '/home',
  '/usr/local/sbin',
  '/var/log',
  '/etc/ha.d',
  '/mnt',
];

/**
 * The files of one unit: those that follow from its state are made when read; all others are real files in a folder of
 * this computer, so that uploads of any size stream.
 */
export class UnitFiles {
  constructor(
    private readonly folder: string,
    private readonly generated: () => ReadonlyMap<string, () => string>,
    private readonly faults: FaultBook,
  ) {}

  async prepare(): Promise<void> {
    for (const path of folders) await mkdir(this.local(path), { recursive: true });
  }

  /** An absolute, normalised path on the unit; relative ones start at root's home. */
  resolve(path: string): string {
    return posix.normalize(posix.resolve('/root', path));
  }

  /** Where an uploaded file really lies on this computer. Nothing leads out of the unit's folder. */
  local(path: string): string {
    return join(this.folder, ...this.resolve(path).split('/'));
  }

  isGenerated(path: string): boolean {
    return this.generated().has(this.resolve(path));
  }

  async facts(path: string): Promise<FileFacts> {
    const resolved = this.resolve(path);
    const made = this.generated().get(resolved);
    if (made) return { kind: 'file', size: Buffer.byteLength(made()), modifiedAt: Date.now() };
    if (this.generatedIn(resolved).length) return { kind: 'folder', size: 4096, modifiedAt: Date.now() };
    const found = await stat(this.local(resolved)).catch(asUnitError);
    return { kind: found.isDirectory() ? 'folder' : 'file', size: found.size, modifiedAt: found.mtimeMs };
  }

  async exists(path: string): Promise<boolean> {
    return this.facts(path).then(
      () => true,
      () => false,
    );
  }

  async list(path: string): Promise<string[]> {
    const resolved = this.resolve(path);
    const made = this.generatedIn(resolved);
    const real = await readdir(this.local(resolved)).catch((error: unknown) => (made.length ? [] : asUnitError(error)));
    return [...new Set([...made, ...real])].sort();
  }

  async source(path: string): Promise<Source> {
    const made = this.generated().get(this.resolve(path));
    if (made) return once(Buffer.from(made()));
    const facts = await this.facts(path);
    if (facts.kind === 'folder') throw new UnitFileError('folder', 'Is a directory');
    return facts.size === 0 ? nothingToRead : createReadStream(this.local(path), { highWaterMark: 1024 * 1024 });
  }

  /** Opens a real file. A full disk refuses files that would grow; see `write`. */
  async open(path: string, flags: string | number): Promise<FileHandle> {
    if (this.isGenerated(path)) throw new UnitFileError('denied', 'Permission denied');
    return open(this.local(path), flags).catch(asUnitError);
  }

  /** Throws `No space left on device` while the disk is full. */
  checkSpace(): void {
    if (this.faults.find('disk-full')) throw new UnitFileError('full', 'No space left on device');
  }

  async makeFolder(path: string, parents: boolean): Promise<void> {
    await mkdir(this.local(path), { recursive: parents }).catch(asUnitError);
  }

  async move(from: string, to: string): Promise<void> {
    const target =
      (await this.exists(to)) && (await this.facts(to)).kind === 'folder' ? posix.join(to, posix.basename(from)) : to;
    await rename(this.local(from), this.local(target)).catch(asUnitError);
  }

  async remove(path: string, recursive = false): Promise<void> {
    if (this.isGenerated(path)) throw new UnitFileError('denied', 'Operation not permitted');
    await rm(this.local(path), { recursive }).catch(asUnitError);
  }

  /** Paths that fit a shell pattern. */
  async matching(pattern: string): Promise<string[]> {
    let found = [pattern.startsWith('/') ? '/' : '/root'];
    for (const part of pattern.split('/').filter((item) => item !== '')) {
      const next: string[] = [];
      for (const base of found) {
        if (!/[*?]/.test(part)) next.push(posix.join(base, part));
        else {
          const names = await this.list(base).catch(() => []);
          const fits = new RegExp(
            `^${part
              .replace(/[.+^${}()|[\]\\]/g, '\\$&')
              .replace(/\*/g, '.*')
              .replace(/\?/g, '.')}$`,
          );
          next.push(
            ...names.filter((name) => fits.test(name) && !name.startsWith('.')).map((name) => posix.join(base, name)),
          );
        }
      }
      found = next;
    }
    const exist = await Promise.all(found.map((path) => this.exists(path)));
    return found.filter((_, index) => exist[index]);
  }

  private generatedIn(folder: string): string[] {
    const prefix = folder === '/' ? '/' : `${folder}/`;
    const below = [...this.generated().keys()].filter((path) => path.startsWith(prefix));
    return [...new Set(below.map((path) => path.slice(prefix.length).split('/')[0] ?? ''))];
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  await Promise.resolve();
  yield bytes;
}

function asUnitError(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (error instanceof UnitFileError) throw error;
  if (code === 'ENOENT' || code === 'ENOTDIR') throw new UnitFileError('missing', 'No such file or directory');
  if (code === 'EISDIR') throw new UnitFileError('folder', 'Is a directory');
  if (code === 'EEXIST') throw new UnitFileError('other', 'File exists');
  if (code === 'ENOTEMPTY') throw new UnitFileError('other', 'Directory not empty');
  if (code === 'ENOSPC') throw new UnitFileError('full', 'No space left on device');
  throw new UnitFileError('other', 'Input/output error');
}
