import { createHash } from 'node:crypto';
import { WinrmError } from './errors';
import { encodeCommand, powershellCommandLine } from './powershell';
import { SEND_CHUNK } from './shell-messages';
import { TRANSFER_SCRIPT } from './transfer-script';
import type { WinrmResult, WinrmTransfer } from './types';

/** Bytes, or a stream of them such as `createReadStream(file)`. */
export type TransferSource = Uint8Array | AsyncIterable<Uint8Array>;

/** The command line that starts the receiving script. */
export const TRANSFER_COMMAND_LINE = powershellCommandLine(encodeCommand(TRANSFER_SCRIPT));

/** Bytes in one line, so that a line with its end fills one Send: a multiple of three needs no padding. */
const LINE_BYTES = Math.floor((SEND_CHUNK - 2) / 4) * 3;

/** Standard input of the receiving script; `sent` tells what has gone out, once all of it has been read. */
export function transferInput(
  source: TransferSource,
  path: string,
): { readonly lines: AsyncGenerator<Uint8Array>; readonly sent: () => WinrmTransfer } {
  const hash = createHash('sha256');
  let bytes = 0;
  let sha256 = '';
  const line = (text: string): Buffer => Buffer.from(`${text}\r\n`, 'latin1');
  const data = (part: Buffer): Buffer => {
    hash.update(part);
    bytes += part.length;
    return line(part.toString('base64'));
  };
  async function* lines(): AsyncGenerator<Uint8Array> {
    yield line(Buffer.from(path, 'utf8').toString('base64'));
    let waiting: Buffer = Buffer.alloc(0);
    for await (const part of partsOf(source)) {
      waiting = waiting.length === 0 ? Buffer.from(part) : Buffer.concat([waiting, part]);
      let at = 0;
      for (; waiting.length - at >= LINE_BYTES; at += LINE_BYTES) yield data(waiting.subarray(at, at + LINE_BYTES));
      waiting = waiting.subarray(at);
    }
    if (waiting.length > 0) yield data(waiting);
    sha256 = hash.digest('hex');
    yield line(`=${sha256}`);
  }
  return { lines: lines(), sent: () => ({ bytes, sha256 }) };
}

async function* partsOf(source: TransferSource): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) yield source;
  else yield* source;
}

/** Holds the host's answer against what was sent. Throws `transfer-failed`. */
export function readTransferResult(result: WinrmResult, sent: WinrmTransfer): WinrmTransfer {
  const answer = readAnswer(result.stdout);
  const reason = answer?.message ?? (result.stderr.trim().slice(0, 500) || `it ended with ${String(result.exitCode)}`);
  if (answer?.ok === true && answer.sha256 === sent.sha256 && answer.bytes === sent.bytes) return sent;
  throw new WinrmError('transfer-failed', `The file did not arrive whole: ${reason}`);
}

interface Answer {
  readonly ok: boolean;
  readonly bytes: number;
  readonly sha256: string;
  readonly message: string;
}

function readAnswer(stdout: string): Answer | undefined {
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) return undefined;
  try {
    const { ok, bytes, sha256, message } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const fits = typeof ok === 'boolean' && typeof bytes === 'number' && typeof sha256 === 'string';
    return fits ? { ok, bytes, sha256, message: typeof message === 'string' ? message.slice(0, 500) : '' } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
