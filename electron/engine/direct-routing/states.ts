import type { WindowsServer } from '#engine/windows/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { EvenkeelError, type ErrorShape } from '#shared/errors';

export interface ServerState {
  /** The last state that was read; it stays when a later read fails. */
  readonly state: WindowsNetworkState | null;
  readonly error: ErrorShape | null;
}

export interface StatesParts {
  readonly windows: (windowsId: string) => Promise<WindowsServer>;
  readonly changed: (windowsId: string) => void;
  readonly now: () => number;
}

/** Windows servers are read every minute; what is older than this is not shown as true any more. */
export const staleAfterMs = 180_000;

/** The last state of each Windows server, in memory. */
export class States {
  private readonly known = new Map<string, ServerState>();

  constructor(private readonly parts: StatesParts) {}

  of(windowsId: string): ServerState {
    return this.known.get(windowsId) ?? { state: null, error: null };
  }

  /** The state where it can be believed: read, not failed since, not too old. */
  fresh(windowsId: string | null): WindowsNetworkState | null {
    if (windowsId === null) return null;
    const { state, error } = this.of(windowsId);
    if (state === null || error !== null) return null;
    return this.parts.now() - state.readAt > staleAfterMs ? null : state;
  }

  /** Reads the server now. Throws `EvenkeelError`; the failure is kept beside the old state. */
  async read(windowsId: string, signal: AbortSignal): Promise<WindowsNetworkState> {
    try {
      const server = await this.parts.windows(windowsId);
      const state = await server.readState(signal);
      this.keep(windowsId, { state, error: null });
      return state;
    } catch (error) {
      if (error instanceof EvenkeelError && error.code !== 'aborted') {
        this.keep(windowsId, { state: this.of(windowsId).state, error: error.toShape() });
      }
      throw error;
    }
  }

  /** Drops servers that are not in the inventory any more. */
  keepOnly(windowsIds: ReadonlySet<string>): void {
    for (const id of [...this.known.keys()]) if (!windowsIds.has(id)) this.known.delete(id);
  }

  private keep(windowsId: string, state: ServerState): void {
    this.known.set(windowsId, state);
    this.parts.changed(windowsId);
  }
}
