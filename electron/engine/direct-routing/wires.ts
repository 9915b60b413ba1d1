import {
  familyOf,
  isLoopback,
  wireVerdict,
  type KnownMac,
  type WireAnswer,
  type WireQuestion,
  type WireReading,
} from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import type { DirectRoutingDeps, DrPair } from './deps';
import { drServicesOf } from './read';
import type { States } from './states';
import type { Heard } from './wire-here';

export interface WireState extends WireReading {
  readonly checkedAt: number | null;
  /** Lower-case, with colons. `null` where what was heard, or not heard, says nothing. */
  readonly macs: readonly string[] | null;
  /** Who asked. */
  readonly from: 'appliance' | 'this-computer' | null;
  /** What answered before it was what answers now. */
  readonly before: { readonly answers: readonly WireAnswer[]; readonly checkedAt: number } | null;
}

/** A way of asking the segment. */
interface Way {
  readonly from: 'appliance' | 'this-computer';
  readonly askedItself: boolean;
  /** `null`: cannot be asked from here. Throws `EvenkeelError`. */
  readonly ask: (address: string, signal: AbortSignal) => Promise<Heard | null>;
}

/** Asked every five minutes while servers are read; what is older than this is not shown as true any more. */
const staleAfterMs = 900_000;
/** Servers asked as a control, until one answers. */
const mostControls = 3;

const never: WireState = { verdict: 'unknown', answers: [], checkedAt: null, macs: null, from: null, before: null };

/** Who answered ARP last for each address of each pair, in memory. */
export class Wires {
  private readonly known = new Map<string, WireState>();

  constructor(
    private readonly deps: Pick<DirectRoutingDeps, 'appliance' | 'now' | 'estate' | 'wireHere'>,
    private readonly states: States,
    private readonly changed: () => void,
  ) {}

  of(pairId: string, address: string): WireState {
    const known = this.known.get(key(pairId, address)) ?? never;
    if (known.checkedAt === null || this.deps.now() - known.checkedAt <= staleAfterMs) return known;
    return { ...never, checkedAt: known.checkedAt, before: known.before };
  }

  /**
   * Asks for one address: by the passive unit, which hears every answer; by the active one where there is no other; by
   * this computer where units cannot ask and it is on the segment. Silence is believed only where a real server's own
   * address was heard in the same way. Throws `EvenkeelError` where nobody could be asked; for IPv6 that is no error,
   * for units seldom have a tool for it.
   */
  async ask(pair: DrPair, address: string, signal: AbortSignal): Promise<WireState> {
    let failure: EvenkeelError | null = null;
    for (const way of this.ways(pair)) {
      try {
        const heard = await way.ask(address, signal);
        if (heard === null) continue;
        const control = heard.macs.length === 0 ? await this.control(pair, address, way, signal) : null;
        return this.keep(pair, address, { ...heard, askedItself: way.askedItself, control }, way.from);
      } catch (error) {
        if (signal.aborted || !(error instanceof EvenkeelError)) throw error;
        failure ??= error;
      }
    }
    const unknown = this.keep(pair, address, { macs: null, heard: 'all', askedItself: false, control: null }, null);
    if (failure !== null && familyOf(address) === 'IPv4') throw failure;
    return unknown;
  }

  /** Asks for every address of the pair, one after the other; what cannot be asked stays unknown. */
  async askAll(pair: DrPair, addresses: readonly string[], signal: AbortSignal): Promise<void> {
    for (const address of addresses) {
      try {
        await this.ask(pair, address, signal);
      } catch (error) {
        if (signal.aborted || !(error instanceof EvenkeelError)) throw error;
        // One unit, one reason: the other addresses would fail alike.
        return;
      }
    }
  }

  private ways(pair: DrPair): readonly Way[] {
    const { activeUnit, passiveUnit } = pair;
    // Without knowing who must answer, no answer is right or wrong.
    if (activeUnit === null) return [];
    const { id } = passiveUnit ?? activeUnit;
    const unit: Way = {
      from: 'appliance',
      askedItself: passiveUnit === null,
      ask: async (address, signal) => {
        const { macs } = await (await this.deps.appliance(id)).arping(address, signal);
        return { macs, heard: 'all' };
      },
    };
    const { wireHere } = this.deps;
    // Addresses of the practice site are on no wire.
    if (wireHere === undefined || pair.practice) return [unit];
    return [unit, { from: 'this-computer', askedItself: false, ask: wireHere }];
  }

  /** Is another host of the segment heard, one that must answer for its own address? */
  private async control(pair: DrPair, address: string, way: Way, signal: AbortSignal): Promise<boolean> {
    const own = drServicesOf(pair)
      .filter((service) => service.address === address)
      .flatMap((service) => service.realServers.map((real) => real.address))
      .filter((real) => familyOf(real) === familyOf(address));
    for (const real of [...new Set(own)].slice(0, mostControls)) {
      const heard = await way.ask(real, signal);
      if (heard !== null && heard.macs.length > 0) return true;
    }
    return false;
  }

  private keep(
    pair: DrPair,
    address: string,
    question: Omit<WireQuestion, 'active'>,
    from: WireState['from'],
  ): WireState {
    const earlier = this.known.get(key(pair.id, address)) ?? never;
    const { macs } = question;
    const reading = wireVerdict({ ...question, active: pair.activeUnit?.name ?? '' }, this.knownMacs());
    const state: WireState = {
      ...reading,
      macs: reading.verdict === 'unknown' ? null : macs,
      checkedAt: macs === null ? earlier.checkedAt : this.deps.now(),
      from,
      before: beforeOf(earlier, reading),
    };
    this.known.set(key(pair.id, address), state);
    this.changed();
    return state;
  }

  /** Every loopback adapter has the same MAC, and none is on a wire. */
  private knownMacs(): readonly KnownMac[] {
    return this.deps.estate
      .servers()
      .flatMap((server) =>
        (this.states.of(server.id).state?.adapters ?? [])
          .filter((adapter) => !isLoopback(adapter))
          .map((adapter) => ({ mac: adapter.mac, name: server.name, kind: 'windows' as const })),
      );
  }
}

/** Only what was proved is worth comparing: an unknown reading neither replaces nor becomes what was before. */
function beforeOf(earlier: WireState, now: WireReading): WireState['before'] {
  if (now.verdict === 'unknown' || earlier.verdict === 'unknown' || earlier.checkedAt === null) return earlier.before;
  const macs = (reading: WireReading): string =>
    reading.answers
      .map((answer) => answer.mac)
      .sort()
      .join(' ');
  if (macs(earlier) === macs(now)) return earlier.before;
  return { answers: earlier.answers, checkedAt: earlier.checkedAt };
}

function key(pairId: string, address: string): string {
  return `${pairId}|${address}`;
}
