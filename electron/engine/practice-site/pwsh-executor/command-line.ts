const program = /^(?:.*\\)?powershell(?:\.exe)?$/i;
const encodedOption =
  /^-e(?:c|nc|n|nco|ncod|ncode|ncoded|ncodedc|ncodedco|ncodedcom|ncodedcomm|ncodedcomma|ncodedcomman|ncodedcommand)?$/i;

/** Whether a command line starts Windows PowerShell. */
export function isPowerShell(commandLine: string): boolean {
  return program.test(words(commandLine)[0] ?? '');
}

/**
 * The arguments for `pwsh` of a command line that starts Windows PowerShell: as received, with `before` run ahead of the
 * command, which is nothing that a client could send. `null` when it has no command.
 */
export function pwshArguments(commandLine: string, before: string): readonly string[] | null {
  const [, ...given] = words(commandLine);
  const at = given.findIndex((word) => encodedOption.test(word));
  const encoded = given[at + 1];
  if (at >= 0 && encoded !== undefined) {
    const script = `${before}\n${Buffer.from(encoded, 'base64').toString('utf16le')}`;
    return [...given.slice(0, at + 1), Buffer.from(script, 'utf16le').toString('base64'), ...given.slice(at + 2)];
  }
  const command = given.findIndex((word) => /^-c(?:ommand)?$/i.test(word));
  if (command < 0) return null;
  return [...given.slice(0, command + 1), `${before}\n${given.slice(command + 1).join(' ')}`];
}

/** Words as Windows divides them: by blanks, except between double quotes. */
function words(commandLine: string): readonly string[] {
  const found = commandLine.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  return found.map((word) => word.replaceAll('"', ''));
}
