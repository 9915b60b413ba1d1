import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { host, label } from '#shared/contract/common';
import type { ImportRow } from '#shared/contract/inventory';

export const importLimit = 10_000;
/** Characters. */
const rowLimit = 8_000;
const columns = ['kind', 'name', 'site', 'host', 'port', 'transport', 'username', 'domain', 'tags'] as const;
type Column = (typeof columns)[number];

const shape = z.object({
  kind: z.enum(['appliance', 'windows'], 'kind is neither appliance nor windows'),
  name: label,
  site: label,
  host,
  port: z.union([z.literal('').transform(() => null), z.coerce.number().int().min(1).max(65_535)]),
  transport: z.union([z.literal('').transform(() => 'https' as const), z.enum(['https', 'http'])]),
  username: z.string().max(120),
  domain: z.string().max(120),
  tags: z.array(z.string().max(40)).max(20),
});
export type ImportUnit = z.infer<typeof shape>;

/** A row of the list with its verdict, and the unit it describes when it can be added. */
export interface ImportEntry {
  readonly row: ImportRow;
  readonly unit: ImportUnit | null;
}

const record = z.object({ info: z.object({ lines: z.number() }), record: z.array(z.string()) });

/**
 * Reads a CSV list with a header row; comma, semicolon and tab are understood, tags are separated by spaces or `|`.
 * Every row gets a verdict, whatever it holds: nothing in the list makes this throw. `known` tells
 * whether a unit is in the inventory already.
 */
export function readImportList(csv: string, known: (unit: ImportUnit) => boolean): ImportEntry[] {
  const rows = parseRows(csv);
  if (!Array.isArray(rows)) return [broken(rows.line, rows.text)];
  const [head, ...body] = rows;
  if (!head) return [broken(1, 'The list is empty.')];
  const names = head.cells.map((cell) => cell.trim().toLowerCase());
  const missing = (['kind', 'name', 'site', 'host'] as const).filter((name) => !names.includes(name));
  if (missing.length > 0) return [broken(1, `The header row lacks ${missing.join(', ')}.`)];
  const seen = new Set<string>();
  const entries = body.slice(0, importLimit).map(({ line, cells }) => {
    const entry = toEntry(line, cellsByName(names, cells), known);
    const name = entry.row.name.toLowerCase();
    if (entry.unit !== null && seen.has(name)) return refuse(entry.row, 'invalid', 'This name is in the list twice.');
    seen.add(name);
    return entry;
  });
  const beyond = body[importLimit];
  if (beyond) entries.push(broken(beyond.line, `Only the first ${importLimit} rows are read.`));
  return entries;
}

function parseRows(csv: string): { line: number; cells: string[] }[] | { line: number; text: string } {
  const header = csv.slice(0, 2_000).split(/\r?\n/, 1)[0] ?? '';
  const delimiter = [';', '\t'].find((mark) => header.includes(mark) && !header.includes(',')) ?? ',';
  try {
    const raw: unknown = parse(csv, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: rowLimit,
      to: importLimit + 2,
    });
    return z
      .array(record)
      .parse(raw)
      .map((item) => ({ line: item.info.lines, cells: item.record }));
  } catch (error) {
    const line = z.object({ lines: z.number() }).safeParse(error);
    const long = error instanceof Error && 'code' in error && error.code === 'CSV_MAX_RECORD_SIZE';
    return {
      line: line.success ? line.data.lines : 1,
      text: long
        ? `A row is longer than ${rowLimit} characters.`
        : 'The list is not CSV: a quote is not closed or misplaced.',
    };
  }
}

function cellsByName(names: readonly string[], cells: readonly string[]): Record<Column, string> {
  const value = (column: Column): string => cells[names.indexOf(column)] ?? '';
  return Object.fromEntries(columns.map((column) => [column, value(column)])) as Record<Column, string>;
}

function toEntry(line: number, cells: Record<Column, string>, known: (unit: ImportUnit) => boolean): ImportEntry {
  const kind = cells.kind.toLowerCase();
  const tags = cells.tags.split(/[|\s]+/).filter((tag) => tag !== '');
  const parsed = shape.safeParse({ ...cells, kind, transport: cells.transport.toLowerCase(), tags });
  const row: ImportRow = {
    line,
    kind: kind === 'appliance' || kind === 'windows' ? kind : null,
    name: cells.name.slice(0, 120),
    site: cells.site.slice(0, 120),
    host: cells.host.slice(0, 253),
    verdict: 'ok',
    text: 'Can be added. Its login and fingerprint are asked for afterwards.',
  };
  if (!parsed.success) {
    const problems = parsed.error.issues
      .slice(0, 3)
      .map((issue) => `${String(issue.path[0] ?? 'row')}: ${words(issue)}`);
    return refuse(row, 'invalid', problems.join('; '));
  }
  const unit = parsed.data;
  if (known(unit)) return refuse(row, 'known', 'This unit is in the inventory already.');
  return { row, unit };
}

function words(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small') return 'is missing';
  if (issue.code === 'too_big') return 'is too long or too large';
  return issue.code === 'invalid_union' ? 'is not understood' : issue.message;
}

function refuse(row: ImportRow, verdict: 'invalid' | 'known', text: string): ImportEntry {
  return { row: { ...row, verdict, text }, unit: null };
}

function broken(line: number, text: string): ImportEntry {
  return { row: { line, kind: null, name: '', site: '', host: '', verdict: 'invalid', text }, unit: null };
}
