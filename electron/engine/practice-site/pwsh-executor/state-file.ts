import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { keptState } from '#engine/windows/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';

const task = z.object({
  execute: z.string(),
  arguments: z.string(),
  triggers: z.array(z.object({ kind: z.string(), start: z.string().nullable() })),
});
const more = z.object({ standInTasks: z.record(z.string(), task).optional() });

/** A scheduled task as the stand-ins keep it. `start` is local time without zone, or UTC with `Z`. */
export type StandInTask = z.infer<typeof task>;

/**
 * The file on which the stand-ins of the Windows cmdlets act. It is read and written whole, and at once: a script may
 * look at it at any time.
 */
export class StateFile {
  readonly path: string;
  private written = '';

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, 'state.json');
  }

  /** Puts the network in, and the faults that the stand-ins know; scheduled tasks and what else is there stays. */
  write(network: WindowsNetworkState, faults: object): void {
    const text = JSON.stringify({ ...this.whole(), ...network, standIn: faults });
    writeFileSync(`${this.path}.new`, text);
    renameSync(`${this.path}.new`, this.path);
    this.written = text;
  }

  /** The network, when a script has changed the file since it was last looked at. Throws when it is no state any more. */
  changed(): WindowsNetworkState | null {
    const text = readFileSync(this.path, 'utf8');
    if (text === this.written) return null;
    this.written = text;
    return keptState(JSON.parse(text));
  }

  /** Scheduled tasks by path and name. */
  tasks(): Readonly<Record<string, StandInTask>> {
    return more.parse(this.whole()).standInTasks ?? {};
  }

  private whole(): object {
    if (this.written === '') return {};
    return z.looseObject({}).parse(JSON.parse(readFileSync(this.path, 'utf8')));
  }
}
