import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PracticeOptions } from '#engine/practice-site/index';
import { scenario } from '#shared/contract/practice';

/** What is true on the practice site; only the site itself knows what is in it. */
type WorldState = NonNullable<PracticeOptions['state']>;

const savedSite = z.object({
  scenario,
  seed: z.number().int(),
  speed: z.number().min(1).max(1_000),
  state: z.custom<WorldState>(isWorld, 'is not the state of a practice site'),
});
export type SavedSite = z.infer<typeof savedSite>;

const parts = ['pairs', 'appliances', 'windows'] as const;

function isWorld(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return parts.every((part) => part in value && Array.isArray((value as Record<string, unknown>)[part]));
}

/**
 * Keeps what is true on the practice site in a file, so that a job can be resumed on it after the engine was killed.
 * Changes that come while one is being written are merged into the next.
 */
export class SiteFile {
  private readonly file: string;
  private next: SavedSite | null = null;
  private writing: Promise<void> | null = null;

  constructor(
    private readonly folder: string,
    private readonly logUnexpected: (error: unknown, step: string) => void,
  ) {
    this.file = join(folder, 'site.json');
  }

  /** `null` when there is none, or none that can be used. */
  async load(): Promise<SavedSite | null> {
    try {
      const parsed = savedSite.safeParse(JSON.parse(await readFile(this.file, 'utf8')));
      return parsed.success ? parsed.data : null;
    } catch (error) {
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!missing) this.logUnexpected(error, 'reading the state of the practice site');
      return null;
    }
  }

  save(site: SavedSite): void {
    this.next = site;
    this.writing ??= this.write().finally(() => {
      this.writing = null;
    });
  }

  async settled(): Promise<void> {
    await this.writing;
  }

  async remove(): Promise<void> {
    this.next = null;
    await this.settled();
    await rm(this.file, { force: true });
  }

  private async write(): Promise<void> {
    while (this.next !== null) {
      const site = this.next;
      this.next = null;
      try {
        await mkdir(this.folder, { recursive: true });
        await writeFile(`${this.file}.new`, JSON.stringify(site));
        await rename(`${this.file}.new`, this.file);
      } catch (error) {
        this.logUnexpected(error, 'keeping the state of the practice site');
      }
    }
  }
}
