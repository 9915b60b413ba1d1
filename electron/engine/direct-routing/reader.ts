import type { CallOutput } from '#shared/contract/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { EvenkeelError } from '#shared/errors';
import type { DirectRoutingDeps, DrPair } from './deps';
import { plainError } from '#shared/contract/plain-error';
import { drServicesOf } from './read';
import type { States } from './states';
import type { Wires } from './wires';

/** The wire is asked this often beside every reading that a person asks for. */
const askEveryMs = 300_000;
const askDeadlineMs = 120_000;

/** Reads Windows servers and asks the wire. */
export class Reader {
  private readonly asking = new Set<string>();

  constructor(
    private readonly deps: DirectRoutingDeps,
    private readonly states: States,
    private readonly wires: Wires,
  ) {}

  /** One server, for the poller. Now and then asks the wire of its pairs too, without waiting for it. */
  async one(windowsId: string, signal: AbortSignal): Promise<WindowsNetworkState> {
    const state = await this.states.read(windowsId, signal);
    for (const pair of this.deps.estate.pairs()) if (this.isDue(pair)) void this.askInBackground(pair);
    return state;
  }

  /** Servers, then the wire of every pair. A unit that does not answer is told, the others go on. */
  async all(windowsIds: readonly string[], signal: AbortSignal): Promise<CallOutput<'directRouting.read'>> {
    const ids = windowsIds.length > 0 ? windowsIds : this.deps.estate.servers().map((server) => server.id);
    const failed: CallOutput<'directRouting.read'>['failed'] = [];
    let read = 0;
    await Promise.all(
      [...new Set(ids)].map(async (id) => {
        try {
          await this.states.read(id, signal);
          read += 1;
        } catch (error) {
          if (signal.aborted || !(error instanceof EvenkeelError)) throw error;
          failed.push({ unitId: id, error: plainError(error) });
        }
      }),
    );
    await Promise.all(this.deps.estate.pairs().map((pair) => this.wires.askAll(pair, addressesOf(pair), signal)));
    return { read, failed };
  }

  private isDue(pair: DrPair): boolean {
    const checked = addressesOf(pair)
      .filter((address) => !address.includes(':'))
      .map((address) => this.wires.of(pair.id, address).checkedAt ?? 0);
    if (pair.activeUnit === null || checked.length === 0 || this.asking.has(pair.id)) return false;
    return this.deps.now() - Math.min(...checked) > askEveryMs;
  }

  private async askInBackground(pair: DrPair): Promise<void> {
    this.asking.add(pair.id);
    try {
      await this.wires.askAll(pair, addressesOf(pair), AbortSignal.timeout(askDeadlineMs));
    } catch (error) {
      if (!(error instanceof EvenkeelError)) this.deps.logUnexpected(error, `asking the wire of ${pair.name}`);
    } finally {
      this.asking.delete(pair.id);
    }
  }
}

function addressesOf(pair: DrPair): readonly string[] {
  return [...new Set(drServicesOf(pair).map((service) => service.address))];
}
