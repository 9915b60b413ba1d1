import { untilAborted } from './deadline';
import { FAULT_OPERATION_TIMEOUT, isFault } from './faults';
import { OutputText } from './output';
import { SEND_CHUNK, readOutput, receiveRequest, sendRequest } from './shell-messages';
import type { WinrmResult, WinrmRunOptions } from './types';
import type { WsmanClient } from './wsman';

/** A command that runs, and the connections that its input and output take; they may be the same. */
export interface CommandCalls {
  readonly shellId: string;
  readonly commandId: string;
  readonly sender: WsmanClient;
  readonly reader: WsmanClient;
}

// ERROR_BROKEN_PIPE and ERROR_NO_DATA: the command stopped reading its input.
const INPUT_CLOSED = [109, 232];

/**
 * Sends all input and closes the stream. `ended` aborts when the command has ended: what is left of the input is not
 * wanted then.
 */
export async function sendInput(
  { shellId, commandId, sender }: CommandCalls,
  input: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  ended: AbortSignal,
): Promise<void> {
  const send = (data: Buffer, last: boolean): Promise<unknown> =>
    sender.call(sendRequest(shellId, commandId, data, last), signal);
  let waiting: Buffer = Buffer.alloc(0);
  try {
    for await (const part of untilAborted(input, ended)) {
      waiting = waiting.length === 0 ? Buffer.from(part) : Buffer.concat([waiting, part]);
      while (waiting.length > SEND_CHUNK) {
        await send(waiting.subarray(0, SEND_CHUNK), false);
        waiting = waiting.subarray(SEND_CHUNK);
      }
    }
    await send(waiting, true);
  } catch (error) {
    // A command that ended without reading everything still has output and an exit code.
    const unread = (ended.aborted && !signal.aborted) || INPUT_CLOSED.some((code) => isFault(error, code));
    if (!unread) throw error;
  }
}

/** Fetches output until the command has ended. */
export async function receiveOutput(
  { shellId, commandId, reader }: CommandCalls,
  options: Pick<WinrmRunOptions, 'outputLimit' | 'onStdout' | 'onStderr'>,
  signal: AbortSignal,
): Promise<WinrmResult> {
  const stdout = new OutputText(options.outputLimit, options.onStdout);
  const stderr = new OutputText(options.outputLimit, options.onStderr);
  for (;;) {
    try {
      const output = readOutput(await reader.call(receiveRequest(shellId, commandId), signal), commandId);
      for (const { stream, base64 } of output.chunks) await (stream === 'stdout' ? stdout : stderr).write(base64);
      if (output.exitCode !== undefined) {
        return { stdout: await stdout.end(), stderr: await stderr.end(), exitCode: output.exitCode };
      }
    } catch (error) {
      if (!isFault(error, FAULT_OPERATION_TIMEOUT)) throw error;
    }
  }
}
