/** What powershell.exe writes to standard error for a command that it does not know: CLIXML, as over WinRM [D]. */
export function clixmlError(script: string): string {
  const [word = ''] = script.trim().split(/\s+/);
  const lines = [
    `${word} : The term '${word}' is not recognized as the name of a cmdlet, function, script file, or operable program. `,
    'Check the spelling of the name, or if a path was included, verify that the path is correct and try again.',
    'At line:1 char:1',
    `+ ${script.split(/\r?\n/)[0] ?? ''}`,
    `+ ${'~'.repeat(Math.min(80, Math.max(1, word.length)))}`,
    `    + CategoryInfo          : ObjectNotFound: (${word}:String) [], CommandNotFoundException`,
    '    + FullyQualifiedErrorId : CommandNotFoundException',
    ' ',
  ];
  return clixml(lines);
}

/** What powershell.exe writes where Constrained Language mode refuses the first method call of a script [D]. */
export function constrainedError(): string {
  return clixml([
    'Cannot invoke method. Method invocation is supported only on core types in this language mode.',
    'At line:3 char:1',
    '+ $evenkeelText=[Text.Encoding]::UTF8.GetString([Convert]::FromBase64S ...',
    `+ ${'~'.repeat(70)}`,
    '    + CategoryInfo          : InvalidOperation: (:) [], RuntimeException',
    '    + FullyQualifiedErrorId : MethodInvocationNotSupportedInConstrainedLanguage',
    ' ',
  ]);
}

function clixml(lines: readonly string[]): string {
  const items = lines.map((line) => `<S S="Error">${escape(line)}_x000D__x000A_</S>`).join('');
  return `#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">${items}</Objs>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/_x(?=[0-9A-Fa-f]{4}_)/g, '_x005F_x');
}
