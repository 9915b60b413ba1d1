import { createClient, type CallOptions, type EvenkeelClient, type StreamListener } from '#shared/contract/client';
import type { CallInput, CallName, CallOutput, StreamInput, StreamItem, StreamName } from '#shared/contract/index';
import type { Port } from '#shared/contract/messages';
import { EvenkeelError } from '#shared/errors';
import type { Transport } from './host';

/** Pauses before another try, in milliseconds; the last one repeats. */
const pauses = [250, 500, 1_000, 2_000, 5_000] as const;

/** A stream that outlives a lost engine: `lost` is told, then `snapshot` again once the engine is back. */
export interface LastingListener<T> extends StreamListener<T> {
  lost(): void;
}

type Watch = () => void;

/** The window's one way to the engine. Keeps trying while the engine is away and opens every stream again. */
export class Connection {
  /** `lost`: it was there and is being waited for; `refused`: the token is missing or wrong, no more tries. */
  status = $state<'connecting' | 'open' | 'lost' | 'refused'>('connecting');
  private client: EvenkeelClient | null = null;
  private readonly watches = new Set<Watch>();
  private readonly stop = new AbortController();
  private tries = 0;

  constructor(private readonly transport: Transport) {}

  /** Connects, and connects again whenever the link is lost, until `close`. */
  async open(): Promise<void> {
    const { signal } = this.stop;
    for (;;) {
      try {
        const port = await this.transport.connect(signal);
        await this.use(port);
      } catch (error) {
        if (error instanceof EvenkeelError && error.code === 'not_authorised') {
          this.status = 'refused';
          return;
        }
      }
      if (signal.aborted) return;
      this.status = this.status === 'connecting' ? 'connecting' : 'lost';
      await this.pause(pauses[Math.min(this.tries++, pauses.length - 1)] ?? 5_000);
    }
  }

  call<N extends CallName>(name: N, input: CallInput<N>, options: CallOptions = {}): Promise<CallOutput<N>> {
    if (this.client === null) return Promise.reject(new EvenkeelError('engine_lost', { step: name }));
    return this.client.call(name, input, options);
  }

  /** Watches a stream through any number of reconnections. Gives back how to end it. */
  watch<N extends StreamName>(name: N, input: StreamInput<N>, listener: LastingListener<StreamItem<N>>): () => void {
    let end: (() => void) | null = null;
    const start = (): void => {
      end =
        this.client?.watch(name, input, {
          snapshot: (items) => listener.snapshot(items),
          change: (set, remove) => listener.change(set, remove),
          ended: (error) => {
            if (error?.code === 'engine_lost') listener.lost();
            else {
              this.watches.delete(start);
              listener.ended(error);
            }
          },
        }) ?? null;
    };
    this.watches.add(start);
    start();
    return () => {
      this.watches.delete(start);
      end?.();
    };
  }

  close(): void {
    this.stop.abort();
    this.client?.close();
  }

  /** Settles when the port closes. */
  private use(port: Port): Promise<void> {
    return new Promise((resolve) => {
      const client = createClient(port);
      port.onClose(() => {
        if (this.client === client) this.client = null;
        client.close();
        resolve();
      });
      this.client = client;
      this.tries = 0;
      this.status = 'open';
      for (const start of [...this.watches]) start();
    });
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.stop.signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
  }
}
