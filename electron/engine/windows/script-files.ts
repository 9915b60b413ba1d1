import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Where the PowerShell files lie: beside this file in the source, beside the bundle (or one folder up from its chunks)
 * in the product.
 */
const places = ['./scripts/', '../scripts/'];

const texts = new Map<string, string>();

/** The text of one PowerShell file of the `scripts` folder, with Unix line ends. Throws when it is not there. */
export function scriptFile(name: string): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const found = places
    .map((place) => fileURLToPath(new URL(`${place}${name}.ps1`, import.meta.url)))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`The program lacks its PowerShell file ${name}.ps1`);
  const text = readFileSync(found, 'utf8').replaceAll('\r\n', '\n').trimEnd();
  texts.set(name, text);
  return text;
}
