/** What a pipe to a command holds before whoever writes has to wait. */
const PIPE_BYTES = 64 * 1024;

/** Standard input of a command that reads while it runs. */
export class LiveInput implements AsyncIterable<Buffer> {
  readonly #parts: Buffer[] = [];
  #held = 0;
  #ended = false;
  #closed = false;
  #waiting: (() => void)[] = [];

  /**
   * Takes data; true once the pipe holds no more than it should, false when nobody reads any longer. As on a host, the
   * caller is kept waiting until the command has read.
   */
  async write(data: Buffer, end: boolean): Promise<boolean> {
    if (this.#closed || this.#ended) return false;
    this.#parts.push(data);
    this.#held += data.length;
    this.#ended = end;
    this.#wake();
    while (this.#held > PIPE_BYTES && !this.#isClosed()) await this.#change();
    return !this.#isClosed();
  }

  /** The command has ended. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      const part = this.#parts.shift();
      if (part !== undefined) {
        this.#held -= part.length;
        this.#wake();
        if (part.length > 0) yield part;
      } else if (this.#ended || this.#closed) return;
      else await this.#change();
    }
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
