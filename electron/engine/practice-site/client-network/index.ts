import { Socket } from 'node:net';
import type { PracticeWorld } from '../world/index';
import { Listeners } from './listeners';
import { routeOf } from './route';

/** Clients of the practice site: its addresses are on no wire, so connections are led to the loopback by the model. */
export class ClientNetwork {
  private readonly listeners = new Listeners();
  private readonly turns = new Map<string, number>();
  private readonly persistent = new Map<string, { readonly name: string; readonly until: number }>();

  constructor(private readonly world: Pick<PracticeWorld, 'state' | 'clock'>) {}

  /** A connection that is being made, or fails as the model says; `null`: nothing will ever answer. */
  dial(address: string, port: number): Socket | null {
    const route = routeOf(this.world.state, address, port, (...what) => this.choose(...what));
    if (route.kind === 'lost') return null;
    const socket = new Socket();
    if (route.kind === 'refused') {
      return socket.destroy(Object.assign(new Error('refused by the practice site'), { code: 'ECONNREFUSED' }));
    }
    this.listeners.portOf(route.host, route.probe).then(
      (listening) => {
        if (!socket.destroyed) socket.connect(listening, '127.0.0.1');
      },
      (error: unknown) => socket.destroy(error instanceof Error ? error : new Error(String(error))),
    );
    return socket;
  }

  close(): Promise<void> {
    return this.listeners.close();
  }

  /** One after the other; the client that there is, this computer, stays with its server while it persists. */
  private choose(what: string, among: readonly string[], persistSeconds: number): string | undefined {
    const now = this.world.clock.elapsed();
    const before = this.persistent.get(what);
    const stays = before !== undefined && now < before.until && among.includes(before.name);
    const turn = this.turns.get(what) ?? 0;
    const name = stays ? before.name : among[turn % Math.max(1, among.length)];
    if (!stays) this.turns.set(what, turn + 1);
    if (name !== undefined && persistSeconds > 0) this.persistent.set(what, { name, until: now + persistSeconds });
    return name;
  }
}
