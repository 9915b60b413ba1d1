import { z } from 'zod';
import { windowsOperation, type WindowsOperation } from '#shared/domain/direct-routing/operations';
import { neededFiles } from './needed-files';
import { scriptFile } from './script-files';

const invocation = /^Invoke-Evenkeel '([A-Za-z0-9+/=]+)'$/;
const envelope = z.strictObject({ operations: z.array(windowsOperation).min(1).max(50) });
const sent = z.strictObject({ operations: z.array(z.looseObject({ input: z.looseObject({}) })).max(50) });

/**
 * The script that carries out the operations one after the other: the files it needs, word for word, then one line with
 * the data as Base64 of JSON. No command is ever built from strings. The comment repeats the data for people. What arms
 * a dead-man carries the restore script in its data, word for word as this function makes it.
 */
export function composeScript(operations: readonly WindowsOperation[]): string {
  const checked = envelope.parse({ operations }).operations;
  const data = asciiJson({ operations: checked.map(withRestoreScript) });
  return [
    ...neededFiles(checked).map((file) => scriptFile(file)),
    `# ${asciiJson({ operations: checked })}`,
    `Invoke-Evenkeel '${Buffer.from(data, 'latin1').toString('base64')}'`,
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
  const parsed = envelope.safeParse(withoutRestoreScripts(decoded));
  if (!parsed.success) return null;
  return composeScript(parsed.data.operations).trimEnd() === script.trimEnd() ? parsed.data.operations : null;
}

function withRestoreScript(operation: WindowsOperation): unknown {
  if (operation.operation !== 'dead-man-arm') return operation;
  const { name, operations } = operation.input;
  const restore = composeScript([{ operation: 'dead-man-fire', input: { name, operations } }]);
  return { ...operation, input: { ...operation.input, script: Buffer.from(restore, 'utf8').toString('base64') } };
}

function withoutRestoreScripts(value: unknown): unknown {
  const parsed = sent.safeParse(value);
  if (!parsed.success) return value;
  const operations = parsed.data.operations.map((operation) => {
    if (operation['operation'] !== 'dead-man-arm') return operation;
    const input = Object.entries(operation.input).filter(([key]) => key !== 'script');
    return { ...operation, input: Object.fromEntries(input) };
  });
  return { operations };
}

/** JSON in ASCII only, on one line: safe in a comment and independent of any code page. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
