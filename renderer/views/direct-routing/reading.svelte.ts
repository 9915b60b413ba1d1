import { plural } from '../../format';
import { Action, type Connection } from '../../state/index';

/** Reading the servers again, and what is said of it. */
export class Reading {
  /** How it ended, for the strip; empty before. */
  word = $state('');
  private readonly action = new Action('reading the servers');

  constructor(private readonly connection: Connection) {}

  get busy(): boolean {
    return this.action.busy;
  }

  get error() {
    return this.action.error;
  }

  /** All servers when none is named. */
  async run(windowsIds: readonly string[] = []): Promise<void> {
    this.word = '';
    const told = await this.action.run(() =>
      this.connection.call('directRouting.read', { windowsIds: [...windowsIds] }),
    );
    if (told === null) return;
    const failed = told.failed.length === 0 ? '' : `, ${plural(told.failed.length, 'server')} did not answer`;
    this.word = `${plural(told.read, 'server')} read${failed}`;
  }
}
