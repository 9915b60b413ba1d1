import type { Plan } from '#shared/contract/plans';
import type { CallOutput } from '#shared/contract/index';
import type { EvenkeelError } from '#shared/errors';
import { knownError, type Connection } from '../../state/index';

export type DraftMode = 'fix' | 'undo';
export type ByHand = CallOutput<'directRouting.byHand'>;

/** The plan for the servers that are selected: drawn up again whenever the selection changes. */
export class Draft {
  status = $state<'none' | 'drawing' | 'drawn' | 'refused'>('none');
  plan = $state.raw<Plan | null>(null);
  error = $state.raw<EvenkeelError | null>(null);
  private stop = new AbortController();

  constructor(private readonly connection: Connection) {}

  clear(): void {
    this.stop.abort();
    this.status = 'none';
    this.plan = null;
    this.error = null;
  }

  async draw(windowsIds: readonly string[], mode: DraftMode): Promise<void> {
    this.clear();
    const [first] = windowsIds;
    if (first === undefined) return;
    const stop = new AbortController();
    this.stop = stop;
    this.status = 'drawing';
    const { signal } = stop;
    try {
      const plan =
        mode === 'undo'
          ? await this.connection.call('directRouting.planUndo', { windowsId: first }, { signal })
          : await this.connection.call('directRouting.plan', { windowsIds: [...windowsIds] }, { signal });
      if (signal.aborted) return;
      this.plan = plan;
      this.status = 'drawn';
    } catch (caught) {
      if (signal.aborted) return;
      this.error = knownError(caught, 'drawing up the plan');
      this.status = 'refused';
    }
  }

  close(): void {
    this.stop.abort();
  }
}
