import { parse } from 'csv-parse/sync';
import { maxAnswerChars, notUnderstood } from './tree';

/** A line of `show stat` about a server, a frontend or a backend. */
export interface HaproxyLine {
  readonly proxy: string;
  /** A server's label, or `FRONTEND` or `BACKEND`. */
  readonly server: string;
  /** In HAProxy's words without what follows: UP, DOWN, MAINT, DRAIN, NOLB, OPEN, `no check`. */
  readonly status: string;
  readonly weight: number | null;
  readonly currentSessions: number | null;
  readonly sessionsPerSecond: number | null;
  /** A backup server, as the fallback is one. */
  readonly backup: boolean;
  readonly address: string | null;
  /** Why it is down, for example `L4TOUT` or `L7STS: 503`. */
  readonly checkText: string | null;
}

const count = (text: string | undefined): number | null => (text && /^\d{1,15}$/.test(text) ? Number(text) : null);

/**
 * `show stat` (CSV) [V]; columns by their names, so that older and newer HAProxy both read. Throws
 * `answer_not_understood` when there is no header line.
 */
export function parseHaproxyStat(text: string): readonly HaproxyLine[] {
  if (text.length > maxAnswerChars) throw notUnderstood('show stat', '');
  const start = text.search(/^# ?pxname,svname,/m);
  if (start < 0) throw notUnderstood('show stat', text);
  return records(text.slice(start).replace(/^# ?/, '')).flatMap((row) => {
    const proxy = row['pxname'];
    const server = row['svname'];
    if (!proxy || !server) return [];
    const checked = [row['check_status'], row['check_code'], row['last_chk']].filter(Boolean).join(' ').trim();
    return [
      {
        proxy,
        server,
        status: (row['status'] ?? '').replace(/^(UP|DOWN|MAINT|DRAIN|NOLB)\b.*$/, '$1'),
        weight: count(row['weight']),
        currentSessions: count(row['scur']),
        sessionsPerSecond: count(row['rate']),
        backup: row['bck'] === '1',
        address: row['addr'] ?? null,
        checkText: checked === '' ? null : checked,
      },
    ];
  });
}

function records(text: string): readonly Partial<Record<string, string>>[] {
  try {
    const parsed: unknown = parse(text, {
      columns: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      max_record_size: 100_000,
    });
    return Array.isArray(parsed) ? (parsed as readonly Partial<Record<string, string>>[]) : [];
  } catch {
    throw notUnderstood('show stat', text);
  }
}
