import type { ExecuteCommand, ExecuteOutput, ExecuteRequest } from './types';
import { readCommandLine, splitScriptInput } from './command-line';
import { LiveInput } from './live-input';

const MAX_STDIN = 16 * 1024 * 1024;
const MAX_BUFFERED = 1024 * 1024;

export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly data: Buffer;
}

export interface Output {
  readonly chunks: readonly OutputChunk[];
  readonly exitCode: number | undefined;
}

export interface CommandStart {
  readonly commandLine: string;
  /** The client will send standard input and close it. */
  readonly reads: boolean;
  /** It begins at once and reads its input as it comes. */
  readonly live: boolean;
  readonly user: ExecuteRequest['user'];
}

/** One command of a shell: gathers input, then runs, and keeps output until it is fetched. */
export class RunningCommand {
  readonly #start: CommandStart;
  readonly #execute: ExecuteCommand;
  readonly #controller = new AbortController();
  readonly #live: LiveInput | undefined;
  #stdin: Buffer[] | undefined = [];
  #stdinBytes = 0;
  #chunks: OutputChunk[] = [];
  #buffered = 0;
  #exitCode: number | undefined;
  #waiting: (() => void)[] = [];

  constructor(start: CommandStart, execute: ExecuteCommand) {
    this.#start = start;
    this.#execute = execute;
    this.#live = start.reads && start.live ? new LiveInput() : undefined;
    if (!start.reads || this.#live) this.#run();
  }

  /** Takes standard input; false when the command no longer reads. Waits where the command is slow to read. */
  async write(data: Buffer, end: boolean): Promise<boolean> {
    if (this.#live) return this.#live.write(data, end);
    if (!this.#stdin || this.#stdinBytes + data.length > MAX_STDIN) return false;
    this.#stdin.push(data);
    this.#stdinBytes += data.length;
    if (end) this.#run();
    return true;
  }

  /** Output of at most `maxBytes`, as soon as there is some; undefined when there is none within `timeoutMs`. */
  async receive(maxBytes: number, timeoutMs: number): Promise<Output | undefined> {
    const deadline = Date.now() + timeoutMs;
    while (this.#chunks.length === 0 && this.#exitCode === undefined) {
      const left = deadline - Date.now();
      if (left <= 0 || this.#stopped()) return undefined;
      await this.#change(left);
    }
    return this.#take(maxBytes);
  }

  /** Ends the command. */
  stop(): void {
    this.#controller.abort(new Error('The client ended the command.'));
    this.#live?.close();
    this.#wake();
  }

  #stopped(): boolean {
    return this.#controller.signal.aborted;
  }

  #take(maxBytes: number): Output {
    const chunks: OutputChunk[] = [];
    let room = maxBytes;
    while (room > 0) {
      const next = this.#chunks.shift();
      if (!next) break;
      const data = next.data.subarray(0, room);
      if (data.length < next.data.length) this.#chunks.unshift({ stream: next.stream, data: next.data.subarray(room) });
      chunks.push({ stream: next.stream, data });
      room -= data.length;
    }
    this.#buffered -= maxBytes - room;
    this.#wake();
    return { chunks, exitCode: this.#chunks.length === 0 ? this.#exitCode : undefined };
  }

  #run(): void {
    const stdin = Buffer.concat(this.#stdin ?? []);
    this.#stdin = undefined;
    this.#pump(stdin).then(
      (exitCode) => this.#finish(exitCode),
      (error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        this.#chunks.push({ stream: 'stderr', data: Buffer.from(text) });
        this.#finish(1);
      },
    );
  }

  async #pump(stdin: Buffer): Promise<number> {
    const { signal } = this.#controller;
    for await (const output of this.#execute({ ...this.#request(stdin), signal })) {
      if (this.#stopped()) return 1;
      if ('exitCode' in output) return output.exitCode;
      this.#keep(output);
      while (this.#buffered > MAX_BUFFERED && !this.#stopped()) await this.#change(60_000);
    }
    return 0;
  }

  #request(stdin: Buffer): Omit<ExecuteRequest, 'signal'> {
    const { commandLine, user } = this.#start;
    const form = readCommandLine(commandLine);
    const common = { commandLine, stdin, user, input: this.#live };
    if (form.kind === 'cmd') return { kind: 'cmd', ...common };
    if (form.kind === 'powershell') return { kind: 'powershell', ...common, script: form.script };
    // The command itself reads its script, as on a host.
    if (this.#live) return { kind: 'powershell', ...common };
    const { script, rest } = splitScriptInput(stdin);
    return { kind: 'powershell', commandLine, script, stdin: rest, user };
  }

  #keep(output: Extract<ExecuteOutput, { stream: string }>): void {
    const data = typeof output.data === 'string' ? Buffer.from(output.data, 'utf8') : Buffer.from(output.data);
    if (data.length === 0) return;
    this.#chunks.push({ stream: output.stream, data });
    this.#buffered += data.length;
    this.#wake();
  }

  #finish(exitCode: number): void {
    this.#exitCode = exitCode;
    this.#live?.close();
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  #change(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
