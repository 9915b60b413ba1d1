/** One record of an answer: the options of the call, what was asked for, and a status word [V]. */
export type LbcliRecord = { readonly action: string; readonly status: LbcliStatusWord } & Readonly<
  Record<string, unknown>
>;
export type LbcliStatusWord = 'success' | 'failed' | 'exists' | 'missing' | 'fatal';

/**
 * The text of `lbcli` on a terminal. Versions differ [V][T]: 8.13.2 gives a list, 8.11 to 8.13.1 one object, older ones
 * two blank lines and a sentence.
 */
export function terminalAnswer(record: LbcliRecord, version: string): string {
  if (isAtLeast(version, '8.13.2')) return `${JSON.stringify([{ lbcli: [record] }])}\n`;
  if (isAtLeast(version, '8.11.0')) return `${JSON.stringify({ lbcli: record })}\n`;
  const names = ['vip', 'rip'].flatMap((key) => (typeof record[key] === 'string' ? [record[key]] : []));
  const word = record.status === 'success' ? 'completed' : record.status;
  return `\n\nCLI: ${[record.action, ...names, word].join(' ')}\n`;
}

/** With `--method api`: JSON on one line, spelt `itteration` [V]. 8.13.2 says one line before it. */
export function methodApiAnswer(record: LbcliRecord, version: string): string {
  const text = JSON.stringify({ itteration: [{ lbcli: [record] }] });
  return isAtLeast(version, '8.13.2') ? `\n${text}\n` : `${text}\n`;
}

/** Over HTTP: 8.13.x nests once more [V]. */
export function httpAnswer(records: readonly LbcliRecord[], version: string): unknown {
  const iterations = records.map((record) => ({ itteration: [{ lbcli: [record] }] }));
  return { lbapi: isAtLeast(version, '8.13.0') ? [iterations] : iterations };
}

/** Compares versions of three numbers. */
export function isAtLeast(version: string, bound: string): boolean {
  const [a, b] = [version, bound].map((item) => item.split('.').map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
