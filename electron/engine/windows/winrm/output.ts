import { StringDecoder } from 'node:string_decoder';
import { WinrmError } from './errors';

const DEFAULT_LIMIT = 8 * 1024 * 1024;

/** Gathers one output stream as text: characters that were split between two replies are put together. */
export class OutputText {
  readonly #decoder = new StringDecoder('utf8');
  readonly #limit: number;
  readonly #onText: ((text: string) => void) | undefined;
  readonly #parts: string[] = [];
  #kept = 0;

  constructor(limit: number | undefined, onText: ((text: string) => void) | undefined) {
    this.#limit = limit ?? DEFAULT_LIMIT;
    this.#onText = onText;
  }

  /** Takes the next bytes. Throws `output-limit` when there is no callback and more than the limit to keep. */
  write(data: Buffer): void {
    this.#take(this.#decoder.write(data));
  }

  /** The text kept, once the stream has ended. */
  end(): string {
    this.#take(this.#decoder.end());
    return this.#parts.join('');
  }

  #take(text: string): void {
    if (text === '') return;
    this.#onText?.(text);
    const room = this.#limit - this.#kept;
    if (text.length > room && !this.#onText) {
      throw new WinrmError('output-limit', `The output is larger than ${String(this.#limit)} characters.`);
    }
    if (room <= 0) return;
    const part = text.slice(0, room);
    this.#parts.push(part);
    this.#kept += part.length;
  }
}
