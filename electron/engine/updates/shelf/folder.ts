import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the archives lie: `<data>/shelf/<id>.lb.tar.gz`. The names of outside never become paths here. */
export class ShelfFolder {
  constructor(
    readonly path: string,
    private readonly freeBytesOf: (folder: string) => Promise<number> = freeBytesOfFolder,
  ) {}

  fileOf(id: string): string {
    return join(this.path, `${id}.lb.tar.gz`);
  }

  async prepare(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
  }

  /** Takes away what a crash in the middle of a copy left. */
  async clearParts(): Promise<void> {
    for (const name of await readdir(this.path)) {
      if (name.endsWith('.part')) await rm(join(this.path, name), { force: true });
    }
  }

  /** `null` when the file is not there. */
  async sizeOf(id: string): Promise<number | null> {
    try {
      return (await stat(this.fileOf(id))).size;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  }

  async free(): Promise<number> {
    return this.freeBytesOf(this.path);
  }

  async remove(id: string): Promise<void> {
    await rm(this.fileOf(id), { force: true });
  }
}

export async function freeBytesOfFolder(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
