import { WinrmError } from './errors';
import { Action, COMMAND_STATE_DONE, MAX_ENVELOPE_SIZE, SIGNAL_TERMINATE, type SoapRequest } from './soap';
import { attributeOf, child, children, escapeXml, textOf, type XmlNode } from './xml';

/** Bytes of input in one Send: Base64 makes four of three, the rest of the envelope needs less than 4 kB. */
export const SEND_CHUNK = Math.floor((MAX_ENVELOPE_SIZE - 4096) / 4) * 3;

/** Most characters of a command line that cmd.exe takes. */
export const MAX_COMMAND_LINE = 8191;

/** Opens a shell in UTF-8 without the user's profile; it ends by itself after 180 idle seconds. */
export function createRequest(): SoapRequest {
  return {
    action: Action.create,
    options: { WINRS_NOPROFILE: 'TRUE', WINRS_CODEPAGE: '65001' },
    body:
      '<rsp:Shell><rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams>' +
      '<rsp:IdleTimeOut>PT180.000S</rsp:IdleTimeOut></rsp:Shell>',
  };
}

/** The identifier of a shell that was created. */
export function readShellId(body: XmlNode): string {
  const selectors = child(body, 'ResourceCreated', 'ReferenceParameters', 'SelectorSet');
  const selector = children(selectors, 'Selector').find((node) => attributeOf(node, 'Name') === 'ShellId');
  return expectId(textOf(selector).trim() || textOf(child(body, 'Shell', 'ShellId')).trim(), 'shell');
}

/** Starts a command; `reads` says that input will be sent. Throws `protocol` for a command line that is too long. */
export function commandRequest(shellId: string, command: string, args: readonly string[], reads: boolean): SoapRequest {
  if ([command, ...args].join(' ').length > MAX_COMMAND_LINE) {
    throw new WinrmError('protocol', `A command line has at most ${String(MAX_COMMAND_LINE)} characters.`);
  }
  const list = args.map((argument) => `<rsp:Arguments>${escapeXml(argument)}</rsp:Arguments>`).join('');
  return {
    action: Action.command,
    shellId,
    options: { WINRS_CONSOLEMODE_STDIN: reads ? 'FALSE' : 'TRUE', WINRS_SKIP_CMD_SHELL: 'FALSE' },
    body: `<rsp:CommandLine><rsp:Command>${escapeXml(command)}</rsp:Command>${list}</rsp:CommandLine>`,
  };
}

/** The identifier of a command that was started. */
export function readCommandId(body: XmlNode): string {
  return expectId(textOf(child(body, 'CommandResponse', 'CommandId')).trim(), 'command');
}

/** Sends input of at most SEND_CHUNK bytes; `last` closes the stream. */
export function sendRequest(shellId: string, commandId: string, data: Buffer, last: boolean): SoapRequest {
  const end = last ? ' End="true"' : '';
  return {
    action: Action.send,
    shellId,
    body: `<rsp:Send><rsp:Stream Name="stdin" CommandId="${escapeXml(commandId)}"${end}>${data.toString('base64')}</rsp:Stream></rsp:Send>`,
  };
}

/** Asks for output. */
export function receiveRequest(shellId: string, commandId: string): SoapRequest {
  return {
    action: Action.receive,
    shellId,
    body: `<rsp:Receive><rsp:DesiredStream CommandId="${escapeXml(commandId)}">stdout stderr</rsp:DesiredStream></rsp:Receive>`,
  };
}

export interface ReceivedOutput {
  /** In the order of their making; the bytes as Base64. */
  readonly chunks: readonly { readonly stream: 'stdout' | 'stderr'; readonly base64: string }[];
  /** Present when the command has ended. */
  readonly exitCode: number | undefined;
}

/** Output of one reply. Throws `protocol`. */
export function readOutput(body: XmlNode, commandId: string): ReceivedOutput {
  const response = child(body, 'ReceiveResponse');
  if (!response) throw new WinrmError('protocol', 'The host sent no output message.');
  const chunks = children(response, 'Stream').flatMap((node) => {
    const stream = attributeOf(node, 'Name');
    const known = stream === 'stdout' || stream === 'stderr';
    if (!known || attributeOf(node, 'CommandId')?.toUpperCase() !== commandId.toUpperCase()) return [];
    return [{ stream, base64: textOf(node) } as const];
  });
  const state = child(response, 'CommandState');
  if (attributeOf(state, 'State') !== COMMAND_STATE_DONE) return { chunks, exitCode: undefined };
  const exitCode = textOf(child(state, 'ExitCode')).trim();
  if (!/^-?\d{1,10}$/.test(exitCode)) throw new WinrmError('protocol', 'The command ended without an exit code.');
  return { chunks, exitCode: Number(exitCode) };
}

/** Ends a command, or lets go of one that has ended. */
export function terminateRequest(shellId: string, commandId: string): SoapRequest {
  return {
    action: Action.signal,
    shellId,
    body: `<rsp:Signal CommandId="${escapeXml(commandId)}"><rsp:Code>${SIGNAL_TERMINATE}</rsp:Code></rsp:Signal>`,
  };
}

/** Closes a shell. */
export function deleteRequest(shellId: string): SoapRequest {
  return { action: Action.delete, shellId, body: '' };
}

function expectId(text: string, what: string): string {
  if (!/^[\w{}:.-]{1,128}$/.test(text)) throw new WinrmError('protocol', `The host gave no identifier of the ${what}.`);
  return text;
}
