import { POWERSHELL_BOOTSTRAP } from '#engine/windows/winrm/index';

/** How a command line is to be run. `script-on-stdin` is this product's bootstrap. */
export type CommandForm =
  | { readonly kind: 'cmd' }
  | { readonly kind: 'powershell'; readonly script: string }
  | { readonly kind: 'script-on-stdin' };

const ENCODED =
  /^\s*"?(?:[^\s"]*\\)?powershell(?:\.exe)?"?\s(?:.*\s)?-e(?:c|nc|ncodedcommand)?\s+([A-Za-z0-9+/=]+)\s*$/i;

/** Recognises `powershell … -EncodedCommand …`, and the bootstrap in it. */
export function readCommandLine(commandLine: string): CommandForm {
  const encoded = ENCODED.exec(commandLine)?.[1];
  if (encoded === undefined) return { kind: 'cmd' };
  const script = Buffer.from(encoded, 'base64').toString('utf16le');
  return script === POWERSHELL_BOOTSTRAP ? { kind: 'script-on-stdin' } : { kind: 'powershell', script };
}

/** What the bootstrap makes of standard input: the script on the first line, the rest for the script. */
export function splitScriptInput(stdin: Buffer): { readonly script: string; readonly rest: Buffer } {
  const end = stdin.indexOf('\n');
  const first = end < 0 ? stdin : stdin.subarray(0, end);
  return {
    script: Buffer.from(first.toString('latin1').trim(), 'base64').toString('utf8'),
    rest: end < 0 ? Buffer.alloc(0) : stdin.subarray(end + 1),
  };
}
