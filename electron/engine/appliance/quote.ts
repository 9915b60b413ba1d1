import { EvenkeelError } from '#shared/errors';

/**
 * One word for a POSIX shell, always in single quotes: the one place that quotes for a unit's shell. A NUL byte cannot
 * be part of a word and is refused.
 */
export function quoteShellWord(text: string): string {
  if (text.includes('\0')) throw new EvenkeelError('invalid_argument', { step: 'quoting', advice: 'Remove the NUL.' });
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command line of quoted words. */
export function quoteCommand(words: readonly string[]): string {
  return words.map(quoteShellWord).join(' ');
}
