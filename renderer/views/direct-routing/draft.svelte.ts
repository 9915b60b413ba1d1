import type { DrOptions } from '#shared/contract/direct-routing';
import type { Plan } from '#shared/contract/plans';
import type { EvenkeelError } from '#shared/errors';
import { knownError, type Connection } from '../../state/index';

export type DraftMode = 'fix' | 'undo';
/** What a person chose of the options; the engine knows the rest. */
export type ChosenOptions = Partial<DrOptions>;

/** Selecting several servers one by one draws up one plan. */
const pauseMs = 150;

/** The plan for the servers that are selected, drawn up again whenever the selection or an option changes. */
export class Draft {
  status = $state<'none' | 'drawing' | 'drawn' | 'refused'>('none');
  plan = $state.raw<Plan | null>(null);
  error = $state.raw<EvenkeelError | null>(null);
  /** Kept from one plan to the next while the view is open. */
  options = $state.raw<ChosenOptions>({});
  private stop = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly connection: Connection) {}

  clear(): void {
    clearTimeout(this.timer);
    this.stop.abort();
    this.status = 'none';
    this.plan = null;
    this.error = null;
  }

  /** Draws it up unless another selection follows at once. */
  soon(windowsIds: readonly string[], mode: DraftMode): void {
    this.clear();
    if (windowsIds.length === 0) return;
    this.status = 'drawing';
    this.timer = setTimeout(() => void this.draw(windowsIds, mode), pauseMs);
  }

  /** With other options; the plan shown stays until the new one is there. */
  async choose(options: ChosenOptions, windowsIds: readonly string[], mode: DraftMode): Promise<void> {
    this.options = options;
    await this.ask(windowsIds, mode);
  }

  async draw(windowsIds: readonly string[], mode: DraftMode): Promise<void> {
    this.clear();
    await this.ask(windowsIds, mode);
  }

  close(): void {
    clearTimeout(this.timer);
    this.stop.abort();
  }

  private async ask(windowsIds: readonly string[], mode: DraftMode): Promise<void> {
    clearTimeout(this.timer);
    this.stop.abort();
    const [first] = windowsIds;
    if (first === undefined) return;
    const stop = new AbortController();
    this.stop = stop;
    this.status = 'drawing';
    const { signal } = stop;
    const { options } = this;
    try {
      const plan =
        mode === 'undo'
          ? await this.connection.call('directRouting.planUndo', { windowsId: first, options }, { signal })
          : await this.connection.call('directRouting.plan', { windowsIds: [...windowsIds], options }, { signal });
      if (signal.aborted) return;
      this.plan = plan;
      this.error = null;
      this.status = 'drawn';
    } catch (caught) {
      if (signal.aborted) return;
      this.plan = null;
      this.error = knownError(caught, 'drawing up the plan');
      this.status = 'refused';
    }
  }
}
