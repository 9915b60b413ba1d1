import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { clixmlError } from './clixml-error';
import { adapterTable, ipconfig } from './prints';

export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

const ok = (stdout: string): Answer => ({ stdout, stderr: '', exitCode: 0 });

/** What cmd.exe answers to the few command lines that people try first. */
export function runCommandLine(state: WindowsNetworkState, commandLine: string, user: string): Answer {
  const text = commandLine.trim();
  const [word = '', ...rest] = text.split(/\s+/);
  const argument = text.slice(word.length).trim();
  switch (word.toLowerCase().replace(/\.exe$/, '')) {
    case 'hostname':
      return ok(`${state.computerName}\r\n`);
    case 'whoami':
      return ok(`${fullUser(state, user)}\r\n`);
    case 'ver':
      return ok(`\r\nMicrosoft Windows [Version 10.0.${state.osBuild}]\r\n`);
    case 'ipconfig':
      return ok(ipconfig(state));
    case 'echo':
      return ok(`${argument}\r\n`);
    case 'exit':
      return { stdout: '', stderr: '', exitCode: exitCode(rest) };
    case 'cmd':
      return runCommandLine(state, argument.replace(/^\/c\s+/i, '').replace(/^"(.*)"$/, '$1'), user);
    default:
      return {
        stdout: '',
        stderr:
          `'${word}' is not recognized as an internal or external command,\r\n` + 'operable program or batch file.\r\n',
        exitCode: 1,
      };
  }
}

/** What powershell.exe answers to text that is not one of the product's scripts. */
export function runPowerShellText(state: WindowsNetworkState, script: string, user: string, stdin: string): Answer {
  const text = script
    .split(/\r?\n|;/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^\$ProgressPreference\s*=/i.test(line))
    .join('\n');
  const said = /^(?:echo|write-output)\s+['"]?(.*?)['"]?$/i.exec(text);
  if (said !== null) return ok(`${said[1] ?? ''}\r\n`);
  const exit = /^exit\s+(-?\d+)$/i.exec(text);
  if (exit !== null) return { stdout: '', stderr: '', exitCode: Number(exit[1]) };
  switch (text.toLowerCase()) {
    case '$psversiontable.psversion':
      return ok(
        '\r\nMajor  Minor  Build  Revision\r\n-----  -----  -----  --------\r\n5      1      17763  6414    \r\n\r\n\r\n',
      );
    case '$psversiontable.psversion.tostring()':
      return ok('5.1.17763.6414\r\n');
    case 'hostname':
    case '$env:computername':
      return ok(`${state.computerName}\r\n`);
    case 'whoami':
      return ok(`${fullUser(state, user)}\r\n`);
    case 'ipconfig':
      return ok(ipconfig(state));
    case 'get-netadapter':
      return ok(adapterTable(state));
    case '$input':
    case '@($input)':
      return ok(stdin);
    default:
      return { stdout: '', stderr: clixmlError(script), exitCode: 1 };
  }
}

function fullUser(state: WindowsNetworkState, user: string): string {
  return (user.includes('\\') ? user : `${state.computerName}\\${user}`).toLowerCase();
}

function exitCode(words: readonly string[]): number {
  const last = Number(words.at(-1) ?? '0');
  return Number.isInteger(last) ? last : 0;
}
