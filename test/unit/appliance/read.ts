import { readFileSync } from 'node:fs';

/** A fixture's text, by its file name. */
export function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
}
