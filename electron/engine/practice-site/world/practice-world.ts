import type { PracticeClock } from '../clock';
import { TrafficCounts, type Traffic } from './traffic';
import type { Appliance, Pair, RealServer, VirtualService, WindowsHost, WorldState } from './types';

/** Holds the one state of the practice site. Readers take `state`; writers apply a pure transition. */
export class PracticeWorld {
  private current: WorldState;
  private readonly counts: TrafficCounts;

  constructor(
    initial: WorldState,
    readonly clock: PracticeClock,
    readonly seed: number,
    private readonly onState?: (state: WorldState) => void,
  ) {
    this.current = initial;
    this.counts = new TrafficCounts(initial, seed);
  }

  get state(): WorldState {
    return this.current;
  }

  apply(transition: (state: WorldState) => WorldState): void {
    this.current = transition(this.current);
    this.onState?.(this.current);
  }

  appliance(name: string): Appliance {
    const found = this.current.appliances.find((item) => item.name === name);
    if (!found) throw new Error(`The practice site has no appliance ${name}`);
    return found;
  }

  pairOf(unitName: string): Pair {
    const name = this.appliance(unitName).pair;
    const found = this.current.pairs.find((item) => item.name === name);
    if (!found) throw new Error(`The practice site has no pair ${name}`);
    return found;
  }

  windowsHost(name: string): WindowsHost {
    const found = this.current.windows.find((item) => item.name === name);
    if (!found) throw new Error(`The practice site has no Windows server ${name}`);
    return found;
  }

  traffic(unitName: string, service: VirtualService, real: RealServer): Traffic | null {
    const { clock } = this;
    return this.counts.read(
      this.current,
      this.appliance(unitName),
      service,
      real,
      clock.elapsed(),
      clock.wallElapsed(),
    );
  }
}
