import { createContext } from 'svelte';
import { Router } from '../router.svelte';
import { AppearanceState } from './appearance.svelte';
import { Clock } from './clock.svelte';
import { Connection } from './connection.svelte';
import type { Transport } from './host';
import { LiveStream } from './live.svelte';
import { OverviewStore } from './overview-store.svelte';

/** What every view shares. Made once in main.ts and handed down by context. */
export class AppState {
  readonly connection: Connection;
  readonly router: Router;
  readonly clock = new Clock();
  readonly appearance: AppearanceState;
  readonly engine: LiveStream<'system.live'>;
  readonly jobs: LiveStream<'jobs.live'>;
  readonly overview: OverviewStore;
  /** The site that views are narrowed to; `null`: all of them. */
  scope = $state<string | null>(null);
  /** Words said aloud by screen readers: state changes only. */
  announcement = $state('');

  constructor(window: Window, transport: Transport) {
    this.connection = new Connection(transport);
    this.router = new Router(window);
    this.appearance = new AppearanceState(this.connection, window);
    this.engine = new LiveStream(this.connection, 'system.live', {});
    this.jobs = new LiveStream(this.connection, 'jobs.live', {});
    this.overview = new OverviewStore(
      this.connection,
      (run) => window.requestAnimationFrame(run),
      (nodes) => {
        const told = nodes.slice(0, 3).map((node) => `${node.name}: ${node.word}`);
        const rest = nodes.length - told.length;
        this.announcement = rest > 0 ? `${told.join('. ')}. ${rest} more changed.` : told.join('. ');
      },
    );
  }

  get status() {
    return this.engine.items.get('engine') ?? null;
  }

  get practice(): boolean {
    return this.status?.practice ?? false;
  }

  get runningJobs() {
    return this.jobs.list.filter((job) => ['queued', 'running', 'waiting', 'undoing'].includes(job.state));
  }

  close(): void {
    this.engine.close();
    this.jobs.close();
    this.overview.close();
    this.router.close();
    this.clock.close();
    this.connection.close();
  }
}

/** `getApp()` in any component below app.svelte. */
export const [getApp, setApp] = createContext<AppState>();
