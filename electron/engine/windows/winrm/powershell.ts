/**
 * What `-EncodedCommand` carries: the first line of standard input is the script in Base64 of UTF-8, the lines after it
 * are handed to the script as `$input`. Base64 keeps the script whole whatever code page the host's console has. The
 * same text for every script, so it stays far below the 8191 characters of cmd.exe. PowerShell 3.0 syntax.
 */
export const POWERSHELL_BOOTSTRAP = [
  "$ProgressPreference='SilentlyContinue'",
  '$evenkeelLines=@($input)',
  '$evenkeelText=[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String(([string]$evenkeelLines[0]).Trim([char]0xFEFF)))',
  '$evenkeelInput=@(if($evenkeelLines.Count -gt 1){$evenkeelLines[1..($evenkeelLines.Count-1)]})',
  '[Console]::OutputEncoding=New-Object Text.UTF8Encoding $false',
  '$evenkeelInput|& ([ScriptBlock]::Create($evenkeelText))',
].join('\n');

/** The argument of `-EncodedCommand`: Base64 of UTF-16 little endian. */
export function encodeCommand(script: string): string {
  return Buffer.from(script, 'utf16le').toString('base64');
}

/** The command line that runs an encoded script. */
export function powershellCommandLine(encoded: string): string {
  return `powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand ${encoded}`;
}

/** The command line that starts the bootstrap. */
export const POWERSHELL_COMMAND_LINE = powershellCommandLine(encodeCommand(POWERSHELL_BOOTSTRAP));

/** Standard input for the bootstrap: the script on one line, then the script's own input. */
export async function* bootstrapInput(
  script: string,
  input: AsyncIterable<Uint8Array> | string | undefined,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${Buffer.from(script, 'utf8').toString('base64')}\r\n`, 'latin1');
  if (input !== undefined) yield* inputBytes(input);
}

/** Any input as bytes. */
export async function* inputBytes(input: AsyncIterable<Uint8Array> | string): AsyncGenerator<Uint8Array> {
  if (typeof input === 'string') yield Buffer.from(input, 'utf8');
  else yield* input;
}
