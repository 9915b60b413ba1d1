import { randomUUID } from 'node:crypto';
import { wire } from '#engine/windows/winrm/index';
import { answer, fault, identifyAnswer, outputBody, shellBody, type FaultText, type SoapAnswer } from './answers';
import { readRequest, type WsmanRequest } from './request';
import { RunningCommand } from './running-command';
import type { Shell, ShellStore } from './shell-store';
import type { WinrmAccount, WinrmOperation, WinrmServerOptions } from './types';

const { Action, Namespace, attributeOf, child, escapeXml, textOf } = wire;
const DEFAULT_QUOTA = 30;

const FAULTS = {
  timeout: {
    code: wire.FAULT_OPERATION_TIMEOUT,
    subcode: 'w:TimedOut',
    message: 'The WS-Management service cannot complete the operation within the time specified in OperationTimeout.',
  },
  noShell: {
    code: wire.FAULT_SHELL_NOT_FOUND,
    subcode: 'w:InvalidSelectors',
    message:
      'The request for the Windows Remote Shell with ShellId failed because the shell was not found on the server.',
  },
  denied: { code: wire.FAULT_ACCESS_DENIED, subcode: 'w:AccessDenied', message: 'Access is denied.' },
  commands: {
    code: 2150859241,
    subcode: 'w:QuotaLimit',
    message: 'The maximum number of concurrent commands per shell has been exceeded.',
  },
  input: { code: 109, subcode: 'w:InternalError', message: 'The pipe has been ended.' },
  action: { code: 2150858752, subcode: 'a:ActionNotSupported', message: 'The action is not supported by the service.' },
} as const satisfies Record<string, FaultText>;

function quotaFault(quota: number): FaultText {
  const message = `This user is allowed a maximum number of ${String(quota)} concurrent shells, which has been exceeded.`;
  return { code: wire.FAULT_SHELL_QUOTA, subcode: 'w:QuotaLimit', message };
}

/** The shell operations of WS-Management on the practice host. */
export class WsmanOperations {
  readonly #options: WinrmServerOptions;
  readonly #shells: ShellStore;

  constructor(options: WinrmServerOptions, shells: ShellStore) {
    this.#options = options;
    this.#shells = shells;
  }

  /** Answers one request of an account that has logged in. Throws `protocol` for what is not SOAP. */
  async handle(text: string, account: WinrmAccount, encrypted: boolean): Promise<SoapAnswer> {
    const request = readRequest(text);
    const user = ownerName(account);
    const report = (operation: WinrmOperation['operation']): void =>
      this.#options.onOperation?.({ operation, user, encrypted });
    if (request.identify) {
      report('identify');
      return identifyAnswer();
    }
    if (request.action === Action.create) {
      report('create');
      return this.#create(request, account, user);
    }
    const shell = this.#shells.use(request.shellId);
    if (!shell) return this.#fault(request, FAULTS.noShell);
    if (shell.owner !== user) return this.#fault(request, FAULTS.denied);
    switch (request.action) {
      case Action.command:
        report('command');
        return this.#command(request, shell, account);
      case Action.send:
        report('send');
        return this.#send(request, shell);
      case Action.receive:
        report('receive');
        return this.#receive(request, shell);
      case Action.signal:
        report('signal');
        return this.#signal(request, shell);
      case Action.delete:
        report('delete');
        this.#shells.close(shell.id);
        return answer(request.action, request.messageId, '');
      default:
        return this.#fault(request, FAULTS.action);
    }
  }

  #fault(request: WsmanRequest, text: FaultText): SoapAnswer {
    return fault(request.messageId, this.#options.computerName, text);
  }

  #create(request: WsmanRequest, account: WinrmAccount, user: string): SoapAnswer {
    const { faults } = this.#options;
    if (account.administrator === false || faults?.filteredToken === true) return this.#fault(request, FAULTS.denied);
    const quota = faults?.quotaShells ?? DEFAULT_QUOTA;
    const shell = this.#shells.create(user, quota);
    if (!shell) return this.#fault(request, quotaFault(quota));
    return answer(request.action, request.messageId, shellBody(shell.id, user));
  }

  #command(request: WsmanRequest, shell: Shell, account: WinrmAccount): SoapAnswer {
    if (!this.#shells.hasRoom(shell)) return this.#fault(request, FAULTS.commands);
    const line = child(request.body, 'CommandLine');
    const args = wire.children(line, 'Arguments').map((node) => textOf(node));
    const commandLine = [textOf(child(line, 'Command')), ...args].join(' ');
    const command = new RunningCommand(
      {
        commandLine,
        live: this.#options.readsAsItComes?.(commandLine) ?? false,
        reads: request.options.get('WINRS_CONSOLEMODE_STDIN')?.toUpperCase() === 'FALSE',
        user: { username: account.username, domain: account.domain },
      },
      this.#options.execute,
    );
    const id = randomUUID().toUpperCase();
    shell.commands.set(id, command);
    return answer(
      request.action,
      request.messageId,
      `<rsp:CommandResponse><rsp:CommandId>${id}</rsp:CommandId></rsp:CommandResponse>`,
    );
  }

  async #send(request: WsmanRequest, shell: Shell): Promise<SoapAnswer> {
    const stream = child(request.body, 'Send', 'Stream');
    const command = shell.commands.get(attributeOf(stream, 'CommandId')?.toUpperCase() ?? '');
    if (!command) return this.#fault(request, FAULTS.noShell);
    const end = ['true', '1'].includes(attributeOf(stream, 'End')?.toLowerCase() ?? '');
    if (!(await command.write(Buffer.from(textOf(stream), 'base64'), end))) return this.#fault(request, FAULTS.input);
    return answer(request.action, request.messageId, '<rsp:SendResponse/>');
  }

  async #receive(request: WsmanRequest, shell: Shell): Promise<SoapAnswer> {
    const id = attributeOf(child(request.body, 'Receive', 'DesiredStream'), 'CommandId')?.toUpperCase() ?? '';
    const command = shell.commands.get(id);
    if (!command) return this.#fault(request, FAULTS.noShell);
    const room = Math.floor((request.maxEnvelopeSize - 8192) / 4) * 3;
    const output = await command.receive(room, request.operationTimeoutMs);
    if (!output) return this.#fault(request, this.#shells.use(shell.id) ? FAULTS.timeout : FAULTS.noShell);
    return answer(request.action, request.messageId, outputBody(id, output));
  }

  #signal(request: WsmanRequest, shell: Shell): SoapAnswer {
    const id = attributeOf(child(request.body, 'Signal'), 'CommandId')?.toUpperCase() ?? '';
    const command = shell.commands.get(id);
    if (!command) return this.#fault(request, FAULTS.noShell);
    command.stop();
    shell.commands.delete(id);
    return answer(request.action, request.messageId, `<rsp:SignalResponse xmlns:rsp="${escapeXml(Namespace.shell)}"/>`);
  }
}

/** How hosts name an account. */
export function ownerName(account: WinrmAccount): string {
  return account.domain === '' ? account.username : `${account.domain}\\${account.username}`;
}
