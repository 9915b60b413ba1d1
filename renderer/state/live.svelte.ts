import { SvelteMap } from 'svelte/reactivity';
import type { StreamInput, StreamItem, StreamName } from '#shared/contract/index';
import type { EvenkeelError } from '#shared/errors';
import type { Connection } from './connection.svelte';

/** `stale`: the engine is away and the items are what it said last. */
export type LiveStatus = 'loading' | 'live' | 'stale' | 'error' | 'ended';

/**
 * One stream as a view uses it. Create it while a component is set up and end it with the component:
 * `const jobs = new LiveStream(connection, 'jobs.live', {}); onDestroy(() => jobs.close());`
 */
export class LiveStream<N extends StreamName> {
  status = $state<LiveStatus>('loading');
  error = $state.raw<EvenkeelError | null>(null);
  /** When the last snapshot or change came. */
  changedAt = $state<number | null>(null);
  readonly items = new SvelteMap<string, StreamItem<N>>();
  private readonly end: () => void;

  constructor(connection: Connection, name: N, input: StreamInput<N>) {
    this.end = connection.watch(name, input, {
      snapshot: (items) => this.replace(items),
      change: (set, remove) => this.change(set, remove),
      lost: () => {
        if (this.status === 'live') this.status = 'stale';
      },
      ended: (error) => {
        this.status = error === null ? 'ended' : 'error';
        this.error = error;
      },
    });
  }

  /** The items as a list, in no particular order. */
  get list(): readonly StreamItem<N>[] {
    return [...this.items.values()];
  }

  close(): void {
    this.end();
  }

  private replace(items: ReadonlyMap<string, StreamItem<N>>): void {
    for (const key of [...this.items.keys()]) if (!items.has(key)) this.items.delete(key);
    this.change(items, []);
    this.status = 'live';
    this.error = null;
  }

  private change(set: ReadonlyMap<string, StreamItem<N>>, remove: readonly string[]): void {
    for (const key of remove) this.items.delete(key);
    for (const [key, item] of set) this.items.set(key, item);
    this.changedAt = Date.now();
  }
}
