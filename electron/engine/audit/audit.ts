import { sql, type Transaction } from 'kysely';
import type { AuditEntry, AuditVerdict } from '#shared/contract/system';
import type { Database, Schema } from '#engine/database/index';
import { LiveMap, type LiveSource } from '#engine/dispatch/index';
import { canonicalJson } from './canonical';
import { beginning, chainHash } from './chain';
import { toContent, toEntry } from './rows';

/** What happened. `details` is small JSON and never holds a secret. */
export interface AuditNote {
  readonly who: string;
  /** For example `job.started`. */
  readonly what: string;
  readonly subject: string;
  readonly details?: AuditEntry['details'];
}

export interface AuditHead {
  readonly sequence: number;
  readonly hash: string;
}

const shown = 200;
const page = 1_000;

/**
 * The audit log: append-only, each entry hashed together with the hash before it. A chain alone does not show a cut
 * tail; so its head is kept a second time, and is written into every change record.
 */
export class Audit {
  private readonly newest = new LiveMap<AuditEntry>();

  constructor(
    private readonly database: Database,
    private readonly now: () => number,
  ) {}

  /** Fills the live list. Call once, before the first append. */
  async load(): Promise<void> {
    const entries = await this.list({ before: null, limit: shown, contains: '' });
    this.newest.replace(new Map(entries.map((entry) => [String(entry.sequence), entry])));
  }

  async append(note: AuditNote): Promise<AuditEntry> {
    const entry = await this.database.kysely.transaction().execute((transaction) => this.write(transaction, note));
    const oldest = entry.sequence - shown;
    this.newest.apply(new Map([[String(entry.sequence), entry]]), oldest > 0 ? [String(oldest)] : []);
    return entry;
  }

  /** Newest first. `before`: only entries with a lower number. `contains`: in any field, letter case aside. */
  async list(query: {
    readonly before: number | null;
    readonly limit: number;
    readonly contains: string;
  }): Promise<AuditEntry[]> {
    let rows = this.database.kysely.selectFrom('audit_entry').selectAll();
    if (query.before !== null) rows = rows.where('sequence', '<', query.before);
    if (query.contains !== '') {
      const pattern = `%${query.contains.replace(/[\\%_]/g, '\\$&')}%`;
      rows = rows.where(sql<boolean>`(who like ${pattern} escape '\\' or what like ${pattern} escape '\\'
        or subject like ${pattern} escape '\\' or details like ${pattern} escape '\\')`);
    }
    const found = await rows.orderBy('sequence', 'desc').limit(query.limit).execute();
    return found.map(toEntry);
  }

  /** The newest entry; `null` while there is none. */
  async head(): Promise<AuditHead | null> {
    const head = await this.database.kysely.selectFrom('audit_head').select(['sequence', 'hash']).executeTakeFirst();
    return head ?? null;
  }

  /** Computes the whole chain again. An entry changed, removed, added or moved breaks it at `brokenAt`. */
  async verify(signal?: AbortSignal): Promise<AuditVerdict> {
    let previous = beginning;
    let last = 0;
    for (;;) {
      signal?.throwIfAborted();
      const rows = await this.database.kysely
        .selectFrom('audit_entry')
        .selectAll()
        .where('sequence', '>', last)
        .orderBy('sequence')
        .limit(page)
        .execute();
      for (const row of rows) {
        const content = toContent(row);
        const fits = row.sequence === last + 1 && content !== null && row.hash === chainHash(previous, content);
        if (!fits) return { intact: false, entries: last, head: previous === '' ? null : previous, brokenAt: last + 1 };
        previous = row.hash;
        last = row.sequence;
      }
      if (rows.length < page) break;
    }
    const head = await this.head();
    const whole = (head?.sequence ?? 0) === last && (head?.hash ?? beginning) === previous;
    return { intact: whole, entries: last, head: last === 0 ? null : previous, brokenAt: whole ? null : last + 1 };
  }

  /** The newest 200 entries by number. */
  live(): LiveSource<AuditEntry> {
    return this.newest;
  }

  private async write(transaction: Transaction<Schema>, note: AuditNote): Promise<AuditEntry> {
    const head = await transaction.selectFrom('audit_head').select(['sequence', 'hash']).executeTakeFirst();
    const content = {
      sequence: (head?.sequence ?? 0) + 1,
      at: this.now(),
      who: note.who.slice(0, 120),
      what: note.what,
      subject: note.subject.slice(0, 4_000),
      details: note.details ?? {},
    };
    const entry: AuditEntry = { ...content, hash: chainHash(head?.hash ?? beginning, content) };
    const row = { ...entry, details: canonicalJson(entry.details) };
    await transaction.insertInto('audit_entry').values(row).execute();
    const next = { id: 1, sequence: entry.sequence, hash: entry.hash };
    await transaction
      .insertInto('audit_head')
      .values(next)
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ sequence: next.sequence, hash: next.hash }))
      .execute();
    return entry;
  }
}
