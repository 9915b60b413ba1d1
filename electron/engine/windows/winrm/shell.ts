import { decodeCliXml } from './clixml';
import { withSignal } from './deadline';
import { WinrmError, answerLost } from './errors';
import { FAULT_SHELL_NOT_FOUND, isFault } from './faults';
import { POWERSHELL_COMMAND_LINE, bootstrapInput, inputBytes } from './powershell';
import { commandRequest, deleteRequest, readCommandId, terminateRequest } from './shell-messages';
import { receiveOutput, sendInput, type CommandCalls } from './streams';
import { TRANSFER_COMMAND_LINE, readTransferResult, transferInput, type TransferSource } from './transfer';
import type { WinrmCommand, WinrmResult, WinrmRunOptions, WinrmTransfer, WinrmTransferOptions } from './types';
import type { WsmanClient } from './wsman';

/** Time for Signal and Delete, each; they also run after an abort, over a new connection where needed. */
const CLEANUP_MS = 10_000;
/** What a pipe of the host holds in any case, so that sending it cannot wait for the command. */
const SENT_AT_ONCE = 4096;

interface Started {
  readonly line: string;
  readonly args: readonly string[];
  readonly input: AsyncIterable<Uint8Array> | undefined;
  /** Output is read while input is sent, over a connection of its own. */
  readonly both: boolean;
}

/** One shell on a host: commands one after the other. */
export class WinrmShell {
  readonly #client: WsmanClient;
  readonly #id: string;
  readonly #onClose: () => void;
  #reader: WsmanClient | undefined;
  #running = false;
  #closing: Promise<'closed' | 'may-remain'> | undefined;

  /** Made by `WinrmConnection.shell`. */
  constructor(client: WsmanClient, id: string, onClose: () => void) {
    this.#client = client;
    this.#id = id;
    this.#onClose = onClose;
  }

  /**
   * Runs a command to its end. An abort or the deadline ends the command on the host (Signal) before this rejects.
   * Throws any `WinrmError`; one with `shellMayRemain` when the host could not be told.
   */
  async run(command: WinrmCommand, options: WinrmRunOptions): Promise<WinrmResult> {
    const started = startOf(command, options.input);
    const result = await this.#inTurn(options, (signal) => this.#run(started, options, signal));
    return 'powershell' in command && options.onStderr === undefined
      ? { ...result, stderr: decodeCliXml(result.stderr) }
      : result;
  }

  /**
   * Writes bytes to a file of the host, in place of one that is there. The host computes the digest of what it got; the
   * file appears under its name only when it is whole. Throws `transfer-failed` with the host's reason, or any
   * `WinrmError`; after an interruption a file with the ending `.evenkeel-part` may stay, which the next transfer to the
   * same path overwrites.
   */
  async transfer(source: TransferSource, path: string, options: WinrmTransferOptions): Promise<WinrmTransfer> {
    const input = transferInput(source, path);
    const started: Started = { line: TRANSFER_COMMAND_LINE, args: [], input: input.lines, both: false };
    const result = await this.#inTurn(options, (signal) => this.#run(started, options, signal));
    return readTransferResult(result, input.sent());
  }

  /** Closes the shell on the host. Never throws: `may-remain` when the host could not be told. */
  close(): Promise<'closed' | 'may-remain'> {
    this.#closing ??= this.#cleanUp(deleteRequest(this.#id)).finally(() => {
      this.#reader?.close();
      this.#onClose();
    });
    return this.#closing;
  }

  async #inTurn<T>(
    options: { readonly signal: AbortSignal; readonly deadlineMs: number },
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (this.#running || this.#closing) throw new WinrmError('busy', 'The shell runs a command already, or is closed.');
    this.#running = true;
    const late = `The command did not end within ${String(Math.ceil(options.deadlineMs / 1000))} s and was stopped.`;
    try {
      return await withSignal({ signal: options.signal, timeoutMs: options.deadlineMs, late }, work);
    } finally {
      this.#running = false;
    }
  }

  async #run(started: Started, options: WinrmRunOptions, signal: AbortSignal): Promise<WinrmResult> {
    const commandId = await this.#start(started, signal);
    const reader = started.both ? (this.#reader ??= this.#client.sibling()) : this.#client;
    const calls: CommandCalls = { shellId: this.#id, commandId, sender: this.#client, reader };
    try {
      const result = await exchange(calls, started, options, signal);
      await this.#cleanUp(terminateRequest(this.#id, commandId));
      return result;
    } catch (error) {
      const end = await this.#cleanUp(terminateRequest(this.#id, commandId));
      throw end === 'may-remain' && error instanceof WinrmError ? error.withShellMayRemain(true) : error;
    }
  }

  async #start(started: Started, signal: AbortSignal): Promise<string> {
    const request = commandRequest(this.#id, started.line, started.args, started.input !== undefined);
    try {
      return readCommandId(await this.#client.call(request, signal));
    } catch (error) {
      throw answerLost(error) ? error.withShellMayRemain(true) : error;
    }
  }

  /** Tells the host to let go of something. Being gone already is as good, so it may be said twice. */
  async #cleanUp(request: Parameters<WsmanClient['call']>[0]): Promise<'closed' | 'may-remain'> {
    const signal = AbortSignal.timeout(CLEANUP_MS);
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        await this.#client.call(request, signal);
        return 'closed';
      } catch (error) {
        if (isFault(error, FAULT_SHELL_NOT_FOUND)) return 'closed';
        // A connection that had ended unseen, or whose ciphers no longer agree: a new one may do.
        if (!(error instanceof WinrmError) || !['link-cut', 'protocol'].includes(error.kind)) break;
      }
    }
    return 'may-remain';
  }
}

function startOf(command: WinrmCommand, input: WinrmRunOptions['input']): Started {
  if ('powershell' in command) {
    // The bootstrap reads all of its input before the script runs: nothing can come before it has been sent.
    const line = POWERSHELL_COMMAND_LINE;
    return { line, args: [], input: bootstrapInput(command.powershell, input), both: false };
  }
  const small = typeof input === 'string' && Buffer.byteLength(input) <= SENT_AT_ONCE;
  return {
    line: command.commandLine,
    args: command.args ?? [],
    input: input === undefined ? undefined : inputBytes(input),
    both: input !== undefined && !small,
  };
}

/** Sends and receives until the command has ended; a failure of one ends the other. */
async function exchange(
  calls: CommandCalls,
  { input, both }: Started,
  options: WinrmRunOptions,
  signal: AbortSignal,
): Promise<WinrmResult> {
  if (input === undefined) return receiveOutput(calls, options, signal);
  if (!both) {
    await sendInput(calls, input, signal, signal);
    return receiveOutput(calls, options, signal);
  }
  const stop = new AbortController();
  const ended = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const fail = (error: unknown): never => {
    stop.abort(error);
    throw error;
  };
  const sending = sendInput(calls, input, either, AbortSignal.any([either, ended.signal])).catch(fail);
  const receiving = receiveOutput(calls, options, either)
    .finally(() => ended.abort())
    .catch(fail);
  const [sent, received] = await Promise.allSettled([sending, receiving]);
  // The first failure is the cause of the other.
  if (stop.signal.aborted) throw stop.signal.reason;
  if (sent.status === 'rejected') throw sent.reason;
  if (received.status === 'rejected') throw received.reason;
  return received.value;
}
