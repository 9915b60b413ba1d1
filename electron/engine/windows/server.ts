import { setTimeout as sleep } from 'node:timers/promises';
import type { WindowsTarget } from '#shared/contract/inventory';
import type { ScriptEvent, ScriptResult, WindowsOperation } from '#shared/domain/direct-routing/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { EvenkeelError, type ErrorDetails } from '#shared/errors';
import { composeScript } from './compose';
import { EventLines, NotAnEvent } from './event-lines';
import { createServerGate, type ServerGate } from './gate';
import { isLostLink } from './link';
import { fromScript, restricted } from './script-errors';
import { parseState } from './state-schema';
import { linkTo } from './link-to';
import { localPowerShell } from './local/index';
import type { ScriptLink } from './script-link';
import { toEvenkeelError } from './winrm-errors';
import { WinrmError } from './winrm/index';

/** A Windows target with the name and id under which the inventory knows it. Holds secrets: never log it. */
export type WindowsServerAccess = WindowsTarget & { readonly id: string; readonly name: string };

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Each line of the script as it arrives. */
  readonly onEvent?: (event: ScriptEvent) => void;
  /** Called when the link was lost and the script, which is safe to repeat, is sent once more. */
  readonly onReconnect?: (reason: string) => void;
  /** Milliseconds; default 5 minutes. */
  readonly deadlineMs?: number;
}

/** One Windows server. Scripts run one after the other over one connection. Errors are `EvenkeelError`s. */
export interface WindowsServer {
  readonly id: string;
  readonly name: string;
  readState(signal: AbortSignal): Promise<WindowsNetworkState>;
  /** Carries out the operations in their order; stops at the first that fails. */
  run(operations: readonly WindowsOperation[], options: RunOptions): Promise<readonly ScriptResult[]>;
  /** By whom the last script ran, or the next one will be tried. */
  way(): 'sign-on' | 'stored';
  close(): Promise<void>;
}

export interface WindowsServerParts {
  readonly gate: ServerGate;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The PowerShell whose sign-on is used; `null` where this computer has none. Default: what this computer has. */
  readonly powerShell?: string | null;
  /** Between a lost link and the one try to connect again; 2 s unless a test is in a hurry. */
  readonly reconnectAfterMs?: number;
}

const readDeadlineMs = 90_000;
const runDeadlineMs = 300_000;
const reconnectAfterMs = 2_000;

/** Connects only when something is asked of it. */
export function createWindowsServer(
  access: WindowsServerAccess,
  parts: WindowsServerParts = { gate: createServerGate(), now: Date.now },
): WindowsServer {
  return new WinrmServer(access, parts);
}

class WinrmServer implements WindowsServer {
  readonly id: string;
  readonly name: string;
  private readonly link: ScriptLink;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    access: WindowsServerAccess,
    private readonly parts: WindowsServerParts,
  ) {
    this.id = access.id;
    this.name = access.name;
    const { powerShell = localPowerShell(process) } = parts;
    this.link = linkTo(access, powerShell);
  }

  async readState(signal: AbortSignal): Promise<WindowsNetworkState> {
    const where = { unit: this.name, step: 'reading the network state' };
    const events = await this.send(
      [{ operation: 'read-state', input: {} }],
      { signal, deadlineMs: readDeadlineMs },
      where,
    );
    const found = events.find((event) => event.event === 'state');
    const parsed = parseState(found?.state, this.parts.now());
    if ('state' in parsed) return parsed.state;
    throw new EvenkeelError('answer_not_understood', { ...where, reason: parsed.fault });
  }

  async run(operations: readonly WindowsOperation[], options: RunOptions): Promise<readonly ScriptResult[]> {
    const names = [...new Set(operations.map((item) => item.operation))].join(', ');
    const events = await this.send(operations, options, { unit: this.name, step: names });
    return events.filter((event) => event.event === 'result');
  }

  way(): 'sign-on' | 'stored' {
    return this.link.way();
  }

  async close(): Promise<void> {
    await this.link.drop();
  }

  private send(
    operations: readonly WindowsOperation[],
    options: RunOptions,
    where: ErrorDetails,
  ): Promise<readonly ScriptEvent[]> {
    const work = async (): Promise<readonly ScriptEvent[]> => {
      if (options.signal.aborted) throw new EvenkeelError('aborted', where);
      return this.parts.gate.run(options.signal, where, () => this.attempts(composeScript(operations), options, where));
    };
    // One after the other: a server has one shell, and two changes at a time are never wanted.
    const turn = this.last.then(work, work);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async attempts(script: string, options: RunOptions, where: ErrorDetails): Promise<readonly ScriptEvent[]> {
    try {
      return await this.once(script, options, where);
    } catch (error) {
      await this.link.drop();
      if (!isLostLink(error) || options.signal.aborted) throw fromWinrm(error, where);
      options.onReconnect?.(error instanceof Error ? error.message : 'link lost');
    }
    return this.again(script, options, where);
  }

  /** Adding an adapter can make the network blip: every script is safe to repeat, one reconnect is tolerated. */
  private async again(script: string, options: RunOptions, where: ErrorDetails): Promise<readonly ScriptEvent[]> {
    try {
      await sleep(this.parts.reconnectAfterMs ?? reconnectAfterMs, undefined, { signal: options.signal });
      return await this.once(script, options, where);
    } catch (error) {
      await this.link.drop();
      throw options.signal.aborted ? new EvenkeelError('aborted', where) : fromWinrm(error, where);
    }
  }

  private async once(script: string, options: RunOptions, where: ErrorDetails): Promise<readonly ScriptEvent[]> {
    const shell = await this.link.shell(options.signal);
    const events: ScriptEvent[] = [];
    const lines = new EventLines((event) => {
      events.push(event);
      options.onEvent?.(event);
    });
    try {
      const outcome = await shell.run(
        { powershell: script },
        {
          signal: options.signal,
          deadlineMs: options.deadlineMs ?? runDeadlineMs,
          onStdout: (text) => lines.write(text),
        },
      );
      lines.end();
      this.link.rest();
      return judge(events, outcome, where);
    } catch (error) {
      if (!(error instanceof NotAnEvent)) throw error;
      throw new EvenkeelError('answer_not_understood', { ...where, reason: error.text });
    }
  }
}

/** A failure on the way in the product's own words. Others stay what they are, so that the log has them whole. */
function fromWinrm(error: unknown, where: ErrorDetails): unknown {
  return error instanceof WinrmError ? toEvenkeelError(error, where) : error;
}

/** Only a script that said `done` has done it: cut output is a failure. */
function judge(
  events: readonly ScriptEvent[],
  outcome: { readonly exitCode: number; readonly stderr: string },
  where: ErrorDetails,
): readonly ScriptEvent[] {
  const failure = events.find((event) => event.event === 'error');
  if (failure !== undefined) throw fromScript(failure, where);
  if (events.at(-1)?.event === 'done' && outcome.exitCode === 0) return events;
  const refused = restricted(outcome.stderr, where);
  if (refused !== null) throw refused;
  throw new EvenkeelError('script_failed', {
    ...where,
    exitCode: outcome.exitCode,
    reason: outcome.stderr.slice(0, 4_000) || 'The script ended without saying that it was done.',
    advice: 'PowerShell may be restricted on the server, or a protection program stopped the script.',
  });
}
