import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredJob } from '../store';
import { renderRecord } from './render';

export interface ChangeRecord {
  readonly fileName: string;
  readonly html: string;
  /** Of the file's bytes, hex. */
  readonly sha256: string;
}

export interface RecordsOptions {
  readonly folder: string;
  readonly version: string;
}

/** Change records as files: one HTML file a job. */
export class Records {
  constructor(private readonly options: RecordsOptions) {}

  /** Writes the record under a temporary name and then renames it, so that a half-written one is never found. */
  async write(stored: StoredJob): Promise<ChangeRecord> {
    const record = this.render(stored);
    await mkdir(this.options.folder, { recursive: true });
    const file = join(this.options.folder, record.fileName);
    const handle = await open(`${file}.part`, 'w');
    try {
      await handle.writeFile(record.html, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.part`, file);
    return record;
  }

  /** The file as written when it still has its digest; otherwise the record drawn up again from the journal. */
  async get(stored: StoredJob): Promise<ChangeRecord> {
    const { recordFile } = stored;
    if (recordFile !== null) {
      const html = await readIfThere(join(this.options.folder, recordFile));
      if (html !== null && digest(html) === stored.detail.recordSha256) {
        return { fileName: recordFile, html, sha256: digest(html) };
      }
    }
    return this.render(stored);
  }

  private render(stored: StoredJob): ChangeRecord {
    const html = renderRecord(stored.detail, { auditSequence: stored.auditSequence, version: this.options.version });
    const { number, title } = stored.detail.job;
    return { fileName: `${number}-${slug(title)}.html`, html, sha256: digest(html) };
  }
}

function digest(html: string): string {
  return createHash('sha256').update(html, 'utf8').digest('hex');
}

function slug(title: string): string {
  const words = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-');
  return words.slice(0, 60).replace(/^-+|-+$/g, '') || 'job';
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
