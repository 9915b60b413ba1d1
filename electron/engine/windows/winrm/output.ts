import { StringDecoder } from 'node:string_decoder';
import { WinrmError } from './errors';
import type { TextSink } from './types';

const DEFAULT_LIMIT = 8 * 1024 * 1024;

/**
 * Takes one output stream and makes text of it: characters that were split between two replies are put
 * together. The text goes to the sink as it comes, or is kept where there is none: never both.
 */
export class OutputText {
  readonly #decoder = new StringDecoder('utf8');
  readonly #limit: number;
  readonly #sink: TextSink | undefined;
  readonly #parts: string[] = [];
  #kept = 0;
  /** Used again for every part, so that long output leaves little behind. */
  #memory: Buffer = Buffer.alloc(0);

  constructor(limit: number | undefined, sink: TextSink | undefined) {
    this.#limit = limit ?? DEFAULT_LIMIT;
    this.#sink = sink;
  }

  /** Takes the next bytes, in Base64. Throws `output-limit` when there is more to keep than the limit. */
  write(base64: string): Promise<void> {
    const most = Math.ceil(base64.length / 4) * 3;
    if (this.#memory.length < most) this.#memory = Buffer.alloc(most);
    const bytes = this.#memory.write(base64, 'base64');
    return this.#take(this.#decoder.write(this.#memory.subarray(0, bytes)));
  }

  /** The text kept, once the stream has ended. */
  async end(): Promise<string> {
    await this.#take(this.#decoder.end());
    return this.#parts.join('');
  }

  async #take(text: string): Promise<void> {
    if (text === '') return;
    if (this.#sink) return this.#sink(text);
    this.#kept += text.length;
    if (this.#kept > this.#limit) {
      throw new WinrmError('output-limit', `The output is larger than ${String(this.#limit)} characters.`);
    }
    this.#parts.push(text);
  }
}
