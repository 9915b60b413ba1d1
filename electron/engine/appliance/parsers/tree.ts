import { EvenkeelError } from '#shared/errors';

/** A parsed answer of unknown shape: JSON, or XML turned into the same. */
export type Tree = Readonly<Record<string, unknown>>;

/** Nothing that an appliance prints for people to read comes near this; more is refused before parsing. */
export const maxAnswerChars = 16_000_000;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An element that may be absent, empty (`[]`, `''`), single or several: always a list of objects. */
export function treesOf(value: unknown): readonly Tree[] {
  if (Array.isArray(value)) return value.filter(isTree);
  return isTree(value) ? [value] : [];
}

/** The first object under a name, or an empty one. */
export function childOf(tree: Tree, name: string): Tree {
  return treesOf(own(tree, name))[0] ?? {};
}

export function own(tree: Tree, name: string): unknown {
  return Object.hasOwn(tree, name) ? tree[name] : undefined;
}

/** Text of a field; `null` when it is absent, empty or not plain. A list of texts gives its first. */
export function textOf(tree: Tree, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = own(tree, name);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof first === 'string' && first.trim() !== '') return first.trim();
    if (typeof first === 'number' || typeof first === 'boolean') return String(first);
  }
  return null;
}

/** All plain texts under a name. */
export function textsOf(tree: Tree, name: string): readonly string[] {
  const value = own(tree, name);
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.flatMap((item) => (typeof item === 'string' && item.trim() !== '' ? [item.trim()] : []));
}

/** A whole number that is not negative; `null` for anything else. */
export function countOf(text: string | null | undefined): number | null {
  if (text === null || text === undefined || !/^\d{1,15}$/.test(text.trim())) return null;
  return Number(text.trim());
}

/** Refuses an answer, naming what it should have been and its beginning; never with a secret-bearing tail. */
export function notUnderstood(what: string, text: string): EvenkeelError {
  const begins = text
    .slice(0, 80)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return new EvenkeelError('answer_not_understood', { step: what, begins });
}

const secretName = /pass|secret|api_?key|^key$|token|community/i;

/** The same tree without any field whose name speaks of a secret. Objects deeper than 40 levels are left out. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (depth > 40) return null;
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, depth + 1));
  if (!isTree(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !secretName.test(name));
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutSecrets(item, depth + 1)]));
}
