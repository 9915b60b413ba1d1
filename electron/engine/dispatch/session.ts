import { contract, isCallName, isStreamName, type CallName, type StreamName } from '#shared/contract/index';
import { plainError } from '#shared/contract/plain-error';
import { requestMessage, type Port, type ReplyMessage, type RequestMessage } from '#shared/contract/messages';
import { EvenkeelError } from '#shared/errors';
import { checkInput, checkOutput } from './check';
import type { CallContext } from './handlers';
import type { LiveSource } from './live-source';
import { OutgoingStream } from './outgoing-stream';

/** At most so many calls and streams at once for one way in: more is a fault of the caller. */
const callLimit = 256;
const streamLimit = 64;

export interface SessionDeps {
  /** The handler of a call or stream, its input already checked. */
  invoke(name: CallName, input: unknown, context: CallContext): Promise<unknown>;
  open(name: StreamName, input: unknown, context: CallContext): Promise<LiveSource<unknown>>;
  operator(): string;
  /** Turns anything thrown into an error that may leave the engine; logs what was not expected. */
  report(error: unknown, step: string): EvenkeelError;
}

/** One way in: a window, a browser tab or a command line, from the opening of its port to its end. */
export class Session {
  private readonly calls = new Map<number, AbortController>();
  private readonly streams = new Map<number, { readonly abort: AbortController; stream: OutgoingStream | null }>();

  constructor(
    private readonly port: Port,
    private readonly deps: SessionDeps,
  ) {
    port.onClose(() => this.end());
    port.onMessage((raw) => {
      const message = requestMessage.safeParse(raw);
      if (message.success) this.take(message.data);
    });
  }

  private take(message: RequestMessage): void {
    switch (message.t) {
      case 'call':
        return void this.call(message.id, message.name, message.input, message.deadlineMs);
      case 'abort':
        return this.calls.get(message.id)?.abort(new EvenkeelError('aborted'));
      case 'open':
        return void this.open(message.id, message.name, message.input);
      case 'close':
        return this.closeStream(message.id);
      case 'ready':
        return this.streams.get(message.id)?.stream?.acknowledge();
    }
  }

  private async call(id: number, name: string, input: unknown, deadlineMs: number | null): Promise<void> {
    if (this.calls.has(id)) return;
    const abort = new AbortController();
    this.calls.set(id, abort);
    let timer: NodeJS.Timeout | undefined;
    try {
      if (!isCallName(name)) throw new EvenkeelError('unknown_call', { call: name });
      if (this.calls.size > callLimit) throw new EvenkeelError('overloaded');
      const definition = contract.calls[name];
      const limit = Math.min(deadlineMs ?? definition.deadlineMs, definition.deadlineMs);
      timer = setTimeout(() => abort.abort(new EvenkeelError('deadline', { call: name, milliseconds: limit })), limit);
      const checked = checkInput(definition.input, input, name);
      const answered = this.deps.invoke(name, checked, { signal: abort.signal, operator: this.deps.operator() });
      const output = await Promise.race([answered, rejectOnAbort(abort.signal)]);
      this.send({ t: 'result', id, output: checkOutput(definition.output, output, name) });
    } catch (error) {
      this.send({ t: 'error', id, error: plainError(this.deps.report(error, name)) });
    } finally {
      clearTimeout(timer);
      this.calls.delete(id);
    }
  }

  private async open(id: number, name: string, input: unknown): Promise<void> {
    if (this.streams.has(id)) return;
    const entry: { readonly abort: AbortController; stream: OutgoingStream | null } = {
      abort: new AbortController(),
      stream: null,
    };
    this.streams.set(id, entry);
    try {
      if (!isStreamName(name)) throw new EvenkeelError('unknown_call', { call: name });
      if (this.streams.size > streamLimit) throw new EvenkeelError('overloaded');
      const definition = contract.streams[name];
      const checked = checkInput(definition.input, input, name);
      const context = { signal: entry.abort.signal, operator: this.deps.operator() };
      const source = await this.deps.open(name, checked, context);
      if (entry.abort.signal.aborted) return source.dispose?.();
      entry.stream = new OutgoingStream(
        source,
        {
          snapshot: (items) => this.send({ t: 'snapshot', id, items }),
          change: (set, remove) => this.send({ t: 'change', id, set, remove: [...remove] }),
          failed: (error) => this.endStream(id, name, error),
        },
        (item) => checkOutput(definition.item, item, name),
      );
    } catch (error) {
      this.endStream(id, name, error);
    }
  }

  private endStream(id: number, name: string, error: unknown): void {
    this.closeStream(id);
    this.send({ t: 'end', id, error: plainError(this.deps.report(error, name)) });
  }

  private closeStream(id: number): void {
    const entry = this.streams.get(id);
    this.streams.delete(id);
    entry?.abort.abort(new EvenkeelError('aborted'));
    entry?.stream?.close();
  }

  private end(): void {
    for (const abort of this.calls.values()) abort.abort(new EvenkeelError('aborted'));
    for (const id of [...this.streams.keys()]) this.closeStream(id);
  }

  private send(message: ReplyMessage): void {
    this.port.send(message);
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
