import {
  isLoopback,
  wireVerdict,
  type KnownMac,
  type WireQuestion,
  type WireReading,
} from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import type { DirectRoutingDeps, DrPair } from './deps';
import type { States } from './states';

export interface WireState extends WireReading {
  readonly checkedAt: number | null;
  /** Lower-case, with colons. */
  readonly macs: readonly string[] | null;
  /** Who asked. */
  readonly from: 'appliance' | 'this-computer' | null;
}

/** Asked every five minutes while servers are read; what is older than this is not shown as true any more. */
const staleAfterMs = 900_000;

const never: WireState = { verdict: 'unknown', answers: [], checkedAt: null, macs: null, from: null };

/** Who answered ARP last for each address of each pair, in memory. */
export class Wires {
  private readonly known = new Map<string, WireState>();

  constructor(
    private readonly deps: Pick<DirectRoutingDeps, 'appliance' | 'now' | 'estate'>,
    private readonly states: States,
    private readonly changed: () => void,
  ) {}

  of(pairId: string, address: string): WireState {
    const known = this.known.get(key(pairId, address)) ?? never;
    if (known.checkedAt === null || this.deps.now() - known.checkedAt <= staleAfterMs) return known;
    return { ...never, checkedAt: known.checkedAt };
  }

  /**
   * Asks for one address: by the passive unit, which hears every answer; by the active one where there is no other. An
   * IPv6 address cannot be asked by ARP: unknown. Throws `EvenkeelError`.
   */
  async ask(pair: DrPair, address: string, signal: AbortSignal): Promise<WireState> {
    const { activeUnit, passiveUnit } = pair;
    if (activeUnit === null || address.includes(':')) {
      return this.keep(pair, address, { macs: null, active: '', askedItself: false });
    }
    const question = { active: activeUnit.name, askedItself: passiveUnit === null };
    try {
      const appliance = await this.deps.appliance((passiveUnit ?? activeUnit).id);
      const { macs } = await appliance.arping(address, signal);
      return this.keep(pair, address, { ...question, macs });
    } catch (error) {
      this.keep(pair, address, { ...question, macs: null });
      throw error;
    }
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

  private keep(pair: DrPair, address: string, question: WireQuestion): WireState {
    const { macs } = question;
    const reading = wireVerdict(question, this.knownMacs());
    const checkedAt = macs === null ? this.of(pair.id, address).checkedAt : this.deps.now();
    const from = macs === null ? null : ('appliance' as const);
    const state = { ...reading, macs, checkedAt, from };
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

function key(pairId: string, address: string): string {
  return `${pairId}|${address}`;
}
