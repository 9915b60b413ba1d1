import type { LbcliStatus } from '../types';
import { isTree, maxAnswerChars, notUnderstood, withoutSecrets, type Tree } from './tree';

export interface LbcliParsed {
  readonly status: LbcliStatus;
  /** Every record of the answer in order, without password fields. */
  readonly records: readonly Tree[];
  /** One short line for people. */
  readonly text: string;
}

const wrappers = ['lbapi', 'itteration', 'iteration', 'lbcli'] as const; // the second is the unit's own spelling [V]
const worstFirst = ['fatal', 'failed', 'missing', 'exists', 'success'] as const;

/**
 * Any answer of lbcli [V][T]: the JSON shapes of several versions, JSON after other lines, text of 2016 and lines with
 * `exists`. Of several records the worst status counts. Throws `answer_not_understood` only for an empty answer or one
 * of unbounded size.
 */
export function parseLbcli(text: string): LbcliParsed {
  if (text.length > maxAnswerChars) throw notUnderstood('answer of lbcli', text);
  const plain = text.trim();
  if (plain === '') throw notUnderstood('answer of lbcli', text);
  const json = findJson(plain);
  if (json === undefined) return { status: statusOfText(plain), records: [], text: shorten(plain) };
  const records = recordsOf(json)
    .map((record) => withoutSecrets(record))
    .filter(isTree);
  const worst = worstFirst.find((status) => records.some((record) => statusWord(record) === status));
  const status = worst ?? statusOfText(plain.replace(/[[{][\s\S]*$/, ''));
  return { status, records, text: shorten(JSON.stringify(records)) };
}

/** The first JSON value of an answer that may begin with other lines; `undefined` when there is none. */
export function findJson(text: string): unknown {
  const starts = [0, ...[...text.matchAll(/^[ \t]*[[{]/gm)].slice(0, 20).map((match) => match.index)];
  for (const start of starts) {
    const value = tryJson(text.slice(start));
    if (typeof value === 'object' && value !== null) return value;
    const line = text.slice(start).split('\n', 1)[0] ?? '';
    const ofLine = tryJson(line);
    if (typeof ofLine === 'object' && ofLine !== null) return ofLine;
  }
  return undefined;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: the caller tries the next place
  }
}

function recordsOf(value: unknown, depth = 0): readonly Tree[] {
  if (depth > 12) return [];
  if (Array.isArray(value)) return value.flatMap((item) => recordsOf(item, depth + 1));
  if (!isTree(value)) return [];
  const inner = wrappers.filter((name) => Object.hasOwn(value, name));
  return inner.length > 0 ? inner.flatMap((name) => recordsOf(value[name], depth + 1)) : [value];
}

function statusWord(record: Tree): LbcliStatus | null {
  const value = Object.hasOwn(record, 'status') ? record['status'] : undefined;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return worstFirst.find((status) => status === word) ?? null;
}

/** `CLI: drain web1 web1 completed` is the success of 2016 [T]. */
function statusOfText(text: string): LbcliStatus {
  if (/\bfatal\b/i.test(text)) return 'fatal';
  if (/\b(failed|failure|error|invalid|denied)\b/i.test(text)) return 'failed';
  if (/\b(missing|not found|does not exist)\b/i.test(text)) return 'missing';
  if (/\bexists\b/i.test(text)) return 'exists';
  return /\b(completed|success|successful|successfully)\b/i.test(text) ? 'success' : 'unknown';
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
