import { EvenkeelError, isErrorCode, type ErrorShape } from '../errors';
import {
  contract,
  type CallInput,
  type CallName,
  type CallOutput,
  type StreamInput,
  type StreamItem,
  type StreamName,
} from './index';
import { replyMessage, type Port, type ReplyMessage } from './messages';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds; the contract's own when not given. */
  readonly deadlineMs?: number;
}

/** What a stream tells its owner. `set` and `remove` come in one change; after `ended` nothing follows. */
export interface StreamListener<T> {
  snapshot(items: ReadonlyMap<string, T>): void;
  change(set: ReadonlyMap<string, T>, remove: readonly string[]): void;
  ended(error: EvenkeelError | null): void;
}

interface Waiting {
  readonly name: CallName;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: EvenkeelError) => void;
}

interface Watching {
  readonly name: StreamName;
  readonly listener: StreamListener<unknown>;
}

/** How the engine is reached: calls and streams, typed by the contract, checked on this side as well. */
export interface EvenkeelClient {
  call<N extends CallName>(name: N, input: CallInput<N>, options?: CallOptions): Promise<CallOutput<N>>;
  /** Gives back how to end the stream. */
  watch<N extends StreamName>(name: N, input: StreamInput<N>, listener: StreamListener<StreamItem<N>>): () => void;
  /** Ends every call and stream. */
  close(): void;
}

export function createClient(port: Port): EvenkeelClient {
  return new PortClient(port);
}

class PortClient implements EvenkeelClient {
  private nextId = 1;
  private readonly calls = new Map<number, Waiting>();
  private readonly streams = new Map<number, Watching>();
  private open = true;

  constructor(private readonly port: Port) {
    port.onMessage((message) => this.take(message));
    port.onClose(() => this.lost());
  }

  call<N extends CallName>(name: N, input: CallInput<N>, options: CallOptions = {}): Promise<CallOutput<N>> {
    const id = this.nextId++;
    const { signal } = options;
    return new Promise<CallOutput<N>>((resolve, reject) => {
      if (!this.open) return reject(new EvenkeelError('engine_lost'));
      if (signal?.aborted === true) return reject(new EvenkeelError('aborted'));
      const abort = (): void => this.port.send({ t: 'abort', id });
      signal?.addEventListener('abort', abort, { once: true });
      const done = (): void => signal?.removeEventListener('abort', abort);
      this.calls.set(id, {
        name,
        resolve: (output) => {
          done();
          resolve(output as CallOutput<N>);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      this.port.send({ t: 'call', id, name, input, deadlineMs: options.deadlineMs ?? null });
    });
  }

  watch<N extends StreamName>(name: N, input: StreamInput<N>, listener: StreamListener<StreamItem<N>>): () => void {
    const id = this.nextId++;
    if (!this.open) {
      listener.ended(new EvenkeelError('engine_lost'));
      return () => undefined;
    }
    this.streams.set(id, { name, listener: listener });
    this.port.send({ t: 'open', id, name, input });
    return () => {
      if (this.streams.delete(id) && this.open) this.port.send({ t: 'close', id });
    };
  }

  close(): void {
    this.port.close();
    this.lost();
  }

  private take(raw: unknown): void {
    const parsed = replyMessage.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.t === 'result' || message.t === 'error') this.answer(message);
    else this.stream(message);
  }

  private answer(message: Extract<ReplyMessage, { t: 'result' | 'error' }>): void {
    const waiting = this.calls.get(message.id);
    if (waiting !== undefined) {
      this.calls.delete(message.id);
      if (message.t === 'error') return waiting.reject(fromShape(message.error));
      const output = contract.calls[waiting.name].output.safeParse(message.output);
      if (output.success) return waiting.resolve(output.data);
      return waiting.reject(new EvenkeelError('invalid_answer', { step: waiting.name }));
    }
    if (message.t === 'error') this.endStream(message.id, fromShape(message.error));
  }

  private stream(message: Extract<ReplyMessage, { t: 'snapshot' | 'change' | 'end' }>): void {
    const watching = this.streams.get(message.id);
    if (watching === undefined) return;
    if (message.t === 'end')
      return this.endStream(message.id, message.error === null ? null : fromShape(message.error));
    const items = checkItems(watching.name, message.t === 'snapshot' ? message.items : message.set);
    if (items === null) {
      this.port.send({ t: 'close', id: message.id });
      return this.endStream(message.id, new EvenkeelError('invalid_answer', { step: watching.name }));
    }
    if (message.t === 'snapshot') watching.listener.snapshot(items);
    else watching.listener.change(items, message.remove);
    this.port.send({ t: 'ready', id: message.id });
  }

  private endStream(id: number, error: EvenkeelError | null): void {
    const watching = this.streams.get(id);
    this.streams.delete(id);
    watching?.listener.ended(error);
  }

  private lost(): void {
    if (!this.open) return;
    this.open = false;
    const error = new EvenkeelError('engine_lost');
    for (const waiting of [...this.calls.values()]) waiting.reject(error);
    this.calls.clear();
    for (const id of [...this.streams.keys()]) this.endStream(id, error);
  }
}

function checkItems(name: StreamName, raw: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> | null {
  const schema = contract.streams[name].item;
  const items = new Map<string, unknown>();
  for (const [key, value] of Object.entries(raw)) {
    const item = schema.safeParse(value);
    if (!item.success) return null;
    items.set(key, item.data);
  }
  return items;
}

function fromShape(shape: ErrorShape | { code: string; message: string; details: object }): EvenkeelError {
  const code = isErrorCode(shape.code) ? shape.code : 'internal';
  return new EvenkeelError(code, { ...shape.details }, shape.message);
}
