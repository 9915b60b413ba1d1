import { z } from 'zod';
import { windowsOperation, type WindowsOperation } from '#shared/domain/direct-routing/operations';
import { scriptFile } from './script-files';

const invocation = /^Invoke-Evenkeel '([A-Za-z0-9+/=]+)'$/;
const envelope = z.strictObject({ operations: z.array(windowsOperation).min(1).max(50) });

/**
 * The script that carries out the operations one after the other: the files it needs, word for word, then one line with
 * the data as Base64 of JSON. No command is ever built from strings. The comment repeats the data for people.
 */
export function composeScript(operations: readonly WindowsOperation[]): string {
  const json = asciiJson(envelope.parse({ operations }));
  const files = ['common', ...needed(operations), 'invoke'];
  return [
    ...files.map((file) => scriptFile(file)),
    `# ${json}`,
    `Invoke-Evenkeel '${Buffer.from(json, 'latin1').toString('base64')}'`,
    '',
  ].join('\n');
}

/**
 * The operations of a script that `composeScript` made, or `null` when the text differs from it in a single character.
 * Practice servers know our scripts by this.
 */
export function recogniseScript(script: string): readonly WindowsOperation[] | null {
  const last = script.trimEnd().split(/\r?\n/).at(-1) ?? '';
  const data = invocation.exec(last)?.[1];
  if (data === undefined) return null;
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(data, 'base64').toString('latin1'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parsed = envelope.safeParse(decoded);
  if (!parsed.success) return null;
  return composeScript(parsed.data.operations).trimEnd() === script.trimEnd() ? parsed.data.operations : null;
}

/** Files in the order in which their functions build on each other. */
function needed(operations: readonly WindowsOperation[]): readonly string[] {
  const files = new Set<string>();
  for (const { operation } of operations) {
    if (operation === 'snapshot') files.add('read-state');
    if (operation === 'ensure-device' || operation === 'remove-device') files.add('device');
    files.add(operation);
  }
  return [...files];
}

/** JSON in ASCII only, on one line: safe in a comment and independent of any code page. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
