import { seededFraction } from '../random';
import { delivery, inService, type InService } from './network';
import type { Appliance, Pair, RealServer, VirtualService, WorldState } from './types';

/** What a unit counts for one real server that is in its table. */
export interface Traffic {
  readonly active: number;
  readonly inactive: number;
  readonly perSecond: number;
  /** Since the unit started. */
  readonly connections: number;
  readonly inBytes: number;
  /** Always 0 in Direct Routing: replies do not pass the appliance [V]. */
  readonly outBytes: number;
}

type Mode = 'flowing' | 'blocked' | 'drained' | 'out';

interface Memory {
  readonly mode: Mode;
  /** Elapsed practice seconds at which the mode began; before 0 for what was so from the start. */
  readonly since: number;
  readonly activeThen: number;
  readonly countedAt: number;
  readonly connections: number;
}

const synReceivedSeconds = 60;
const rampSeconds = 60;
const drainHalfLifeSeconds = 600;

/**
 * Counts that follow from the state of the world, the seed and the clock. A real server whose replies never come shows
 * no active connection and a growing number of half-open ones.
 */
export class TrafficCounts {
  private readonly memories = new Map<string, Memory>();
  private readonly serviceRates = new Map<string, number>();

  constructor(
    initial: WorldState,
    private readonly seed: number,
  ) {
    for (const pair of initial.pairs) {
      const unit = initial.appliances.find((item) => item.pair === pair.name && item.ha === 'active');
      if (!unit) continue;
      for (const service of pair.services) {
        this.serviceRates.set(key(pair, service), rateOf(initial, unit, service));
        for (const real of service.realServers) {
          const mode = modeOf(initial, pair, service, real, inService(initial, unit, service, real));
          this.remember(`${key(pair, service)}/${real.label}`, mode, real, 0, 0);
        }
      }
    }
  }

  /**
   * `null` when the real server is not in the unit's table (halted or failed). `seconds` is elapsed practice time, by
   * which things grow and fade; `wallSeconds` is this computer's, by which rates are counted.
   */
  read(
    state: WorldState,
    unit: Appliance,
    service: VirtualService,
    real: RealServer,
    seconds: number,
    wallSeconds: number,
  ): Traffic | null {
    const pair = state.pairs.find((item) => item.name === unit.pair);
    const status = inService(state, unit, service, real);
    if (!pair) return null;
    const mode = modeOf(state, pair, service, real, status);
    const memory = this.remember(`${key(pair, service)}/${real.label}`, mode, real, seconds, wallSeconds);
    if (mode === 'out') return null;
    if (unit.ha !== 'active') return { active: 0, inactive: 0, perSecond: 0, connections: 0, inBytes: 0, outBytes: 0 };
    const share = this.share(state, unit, pair, service, real);
    const perSecond = mode === 'drained' ? 0 : real.load.perSecond * share * this.wobble(real.label, seconds);
    const connections = memory.connections + perSecond * Math.max(0, wallSeconds - memory.countedAt);
    this.memories.set(`${key(pair, service)}/${real.label}`, { ...memory, countedAt: wallSeconds, connections });
    const inBytes = connections * 5_200;
    return {
      ...openConnections(mode, memory, real, share * this.wobble(real.label, seconds), perSecond, seconds),
      perSecond,
      connections: Math.round(connections),
      inBytes: Math.round(inBytes),
      outBytes: service.forwarding === 'gate' ? 0 : Math.round(inBytes * 3.7),
    };
  }

  private remember(name: string, mode: Mode, real: RealServer, seconds: number, wallSeconds: number): Memory {
    const known = this.memories.get(name);
    if (known?.mode === mode) return known;
    const memory: Memory = {
      mode,
      since: known ? seconds : -drainHalfLifeSeconds * 2.5,
      activeThen: known?.mode === 'blocked' || known?.mode === 'out' ? 0 : real.load.active,
      countedAt: wallSeconds,
      connections: known?.connections ?? real.load.perSecond * 3_600 * 24,
    };
    this.memories.set(name, memory);
    return memory;
  }

  /** New connections go to those in service, whether they are served there or not. */
  private share(state: WorldState, unit: Appliance, pair: Pair, service: VirtualService, real: RealServer): number {
    const now = rateOf(state, unit, service);
    const always = this.serviceRates.get(key(pair, service)) ?? now;
    return now === 0 ? 0 : (always / now) * (real.weight / 100);
  }

  /** Numbers start as the scenario gives them and then move by up to 8 percent. */
  private wobble(label: string, seconds: number): number {
    const period = 45 + 60 * seededFraction(this.seed, `period ${label}`);
    const amplitude = 0.08 * Math.min(1, seconds / 120);
    return 1 + amplitude * Math.sin((2 * Math.PI * seconds) / period);
  }
}

function openConnections(
  mode: Mode,
  memory: Memory,
  real: RealServer,
  factor: number,
  perSecond: number,
  seconds: number,
): Pick<Traffic, 'active' | 'inactive'> {
  const age = seconds - memory.since;
  const fromStart = memory.since < 0;
  if (mode === 'blocked') {
    // Half-open entries live for the SYN_RECV timeout, so they grow for a minute and stay there.
    const grown = fromStart ? 0.21 + seconds / synReceivedSeconds : age / synReceivedSeconds;
    return { active: 0, inactive: Math.round(perSecond * synReceivedSeconds * Math.min(1, grown)) };
  }
  if (mode === 'drained') {
    return { active: Math.round(memory.activeThen * 0.5 ** (age / drainHalfLifeSeconds)), inactive: 0 };
  }
  const ramp = fromStart ? 1 : Math.min(1, (memory.activeThen > 0 ? rampSeconds : age) / rampSeconds);
  return { active: Math.round(real.load.active * factor * ramp), inactive: Math.round(real.load.inactive * factor) };
}

function modeOf(state: WorldState, pair: Pair, service: VirtualService, real: RealServer, status: InService): Mode {
  if (status === 'halted' || status === 'failed') return 'out';
  if (status === 'drained') return 'drained';
  return delivery(state, pair.site, service, real).reaches ? 'flowing' : 'blocked';
}

function rateOf(state: WorldState, unit: Appliance, service: VirtualService): number {
  return service.realServers
    .filter((real) => inService(state, unit, service, real) === 'online')
    .reduce((sum, real) => sum + (real.load.perSecond * real.weight) / 100, 0);
}

function key(pair: Pair, service: VirtualService): string {
  return `${pair.name}/${service.label}`;
}
