import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { pwsh, standInFolder } from './pwsh';

const answer = z.strictObject({ exitCode: z.number(), stdout: z.string(), errors: z.string(), state: z.string() });

export interface RanScript extends Omit<z.infer<typeof answer>, 'state'> {
  /** The state file after the script. */
  readonly state: unknown;
}

/** One PowerShell process with the stand-ins that runs script after script. */
export class ResidentPwsh {
  private readonly lines: AsyncIterator<string>;
  private said = '';

  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcessWithoutNullStreams,
  ) {
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.said += text));
  }

  static async start(): Promise<ResidentPwsh> {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-pwsh-'));
    const args = ['-NoProfile', '-NonInteractive', '-File', join(standInFolder, 'run-scripts.ps1')];
    const child = spawn(pwsh ?? 'pwsh', args, {
      env: {
        ...process.env,
        EVENKEEL_STAND_IN_STATE: join(folder, 'state.json'),
        EVENKEEL_STAND_IN_CLOCK: 'fast',
        TERM: 'dumb',
        NO_COLOR: '1',
      },
    });
    return new ResidentPwsh(folder, child);
  }

  /** Runs a script on a state; without one, on the state that the script before left. */
  async run(script: string, state?: unknown): Promise<RanScript> {
    this.child.stdin.write(`${JSON.stringify({ script, ...(state !== undefined && { state }) })}\n`);
    const next = await this.lines.next();
    if (next.done === true) throw new Error(`PowerShell ended: ${this.said}`);
    const ran = answer.parse(JSON.parse(next.value));
    return { ...ran, state: JSON.parse(ran.state) };
  }

  async stop(): Promise<void> {
    this.child.stdin.end();
    if (this.child.exitCode === null) {
      this.child.kill();
      await new Promise((resolve) => this.child.once('close', resolve));
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
