import { decodeCliXml } from './clixml';
import { untilAborted, withSignal } from './deadline';
import { WinrmError } from './errors';
import { FAULT_OPERATION_TIMEOUT, FAULT_SHELL_NOT_FOUND, isFault } from './faults';
import { OutputText } from './output';
import { POWERSHELL_COMMAND_LINE, bootstrapInput, inputBytes } from './powershell';
import {
  SEND_CHUNK,
  commandRequest,
  deleteRequest,
  readCommandId,
  readOutput,
  receiveRequest,
  sendRequest,
  terminateRequest,
} from './shell-messages';
import type { WinrmCommand, WinrmResult, WinrmRunOptions } from './types';
import type { WsmanClient } from './wsman';

/** Time for Signal and Delete, each; they also run after an abort, over a new connection where needed. */
const CLEANUP_MS = 10_000;
// ERROR_BROKEN_PIPE and ERROR_NO_DATA: the command stopped reading its input.
const INPUT_CLOSED = [109, 232];

function inputOf(input: WinrmRunOptions['input']): AsyncIterable<Uint8Array> | undefined {
  return input === undefined ? undefined : inputBytes(input);
}

/** One shell on a host: commands one after the other. */
export class WinrmShell {
  readonly #client: WsmanClient;
  readonly #id: string;
  #running = false;
  #closing: Promise<'closed' | 'may-remain'> | undefined;

  /** Made by `WinrmConnection.shell`. */
  constructor(client: WsmanClient, id: string) {
    this.#client = client;
    this.#id = id;
  }

  /**
   * Runs a command to its end. An abort or the deadline ends the command on the host (Signal) before this rejects.
   * Throws any `WinrmError`.
   */
  async run(command: WinrmCommand, options: WinrmRunOptions): Promise<WinrmResult> {
    if (this.#running || this.#closing) throw new WinrmError('busy', 'The shell runs a command already, or is closed.');
    this.#running = true;
    const late = `The command did not end within ${String(Math.ceil(options.deadlineMs / 1000))} s and was stopped.`;
    try {
      return await withSignal({ signal: options.signal, timeoutMs: options.deadlineMs, late }, (signal) =>
        this.#run(command, options, signal),
      );
    } finally {
      this.#running = false;
    }
  }

  /** Closes the shell on the host. Never throws: `may-remain` when the host could not be told. */
  close(): Promise<'closed' | 'may-remain'> {
    this.#closing ??= this.#cleanUp(deleteRequest(this.#id));
    return this.#closing;
  }

  async #run(command: WinrmCommand, options: WinrmRunOptions, signal: AbortSignal): Promise<WinrmResult> {
    const script = 'powershell' in command;
    const line = script ? POWERSHELL_COMMAND_LINE : command.commandLine;
    const input = script ? bootstrapInput(command.powershell, options.input) : inputOf(options.input);
    const request = commandRequest(this.#id, line, script ? [] : (command.args ?? []), input !== undefined);
    const commandId = readCommandId(await this.#client.call(request, signal));
    try {
      if (input !== undefined) await this.#send(commandId, input, signal);
      const result = await this.#receive(commandId, options, signal);
      return script ? { ...result, stderr: decodeCliXml(result.stderr) } : result;
    } finally {
      await this.#cleanUp(terminateRequest(this.#id, commandId));
    }
  }

  async #send(commandId: string, input: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    let waiting: Buffer = Buffer.alloc(0);
    try {
      for await (const part of untilAborted(input, signal)) {
        waiting = Buffer.concat([waiting, part]);
        while (waiting.length > SEND_CHUNK) {
          await this.#client.call(sendRequest(this.#id, commandId, waiting.subarray(0, SEND_CHUNK), false), signal);
          waiting = waiting.subarray(SEND_CHUNK);
        }
      }
      await this.#client.call(sendRequest(this.#id, commandId, waiting, true), signal);
    } catch (error) {
      // A command that ended without reading everything still has output and an exit code.
      if (!INPUT_CLOSED.some((code) => isFault(error, code))) throw error;
    }
  }

  async #receive(commandId: string, options: WinrmRunOptions, signal: AbortSignal): Promise<WinrmResult> {
    const stdout = new OutputText(options.outputLimit, options.onStdout);
    const stderr = new OutputText(options.outputLimit, options.onStderr);
    for (;;) {
      try {
        const output = readOutput(await this.#client.call(receiveRequest(this.#id, commandId), signal), commandId);
        for (const { stream, data } of output.chunks) (stream === 'stdout' ? stdout : stderr).write(data);
        if (output.exitCode !== undefined) {
          return { stdout: stdout.end(), stderr: stderr.end(), exitCode: output.exitCode };
        }
      } catch (error) {
        if (!isFault(error, FAULT_OPERATION_TIMEOUT)) throw error;
      }
    }
  }

  /** Tells the host to let go of something. Being gone already is as good. */
  async #cleanUp(request: Parameters<WsmanClient['call']>[0]): Promise<'closed' | 'may-remain'> {
    try {
      await this.#client.call(request, AbortSignal.timeout(CLEANUP_MS));
      return 'closed';
    } catch (error) {
      return isFault(error, FAULT_SHELL_NOT_FOUND) ? 'closed' : 'may-remain';
    }
  }
}
