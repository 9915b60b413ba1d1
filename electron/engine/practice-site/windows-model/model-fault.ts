import type { ScriptFailure } from '#shared/domain/direct-routing/events';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';

/** An operation that Windows refuses. `partly`: the state where it had changed something before it failed. */
export class ModelFault extends Error {
  constructor(
    readonly code: ScriptFailure,
    message: string,
    readonly partly: WindowsNetworkState | null = null,
  ) {
    super(message);
  }
}
