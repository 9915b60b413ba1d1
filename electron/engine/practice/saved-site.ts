import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
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
 * Keeps what is true on the practice site in a file, so that a job can be resumed on it after the engine was killed. A
 * real unit holds its state before it answers, so this writes before anything else goes on: changes are few and small.
 */
export class SiteFile {
  private readonly file: string;

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
    try {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(`${this.file}.new`, JSON.stringify(site));
      renameSync(`${this.file}.new`, this.file);
    } catch (error) {
      this.logUnexpected(error, 'keeping the state of the practice site');
    }
  }

  async remove(): Promise<void> {
    await rm(this.file, { force: true });
  }
}
