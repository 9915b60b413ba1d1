import { join } from 'node:path';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import type { WindowsFaults } from '../windows-model/index';
import type { ExecuteOutput, ExecuteRequest } from '../winrm-server/index';
import { isPowerShell, pwshArguments } from './command-line';
import { runProcess } from './run-process';
import { StateFile } from './state-file';
import { PwshTasks } from './tasks';

/** Which PowerShell stands in for that of Windows. */
export interface PwshOptions {
  /** The program. */
  readonly program: string;
  /** The module with stand-ins of the Windows cmdlets; they act on the file named by `EVENKEEL_STAND_IN_STATE`. */
  readonly module: string;
}

export interface PwshExecutorParts {
  readonly options: PwshOptions;
  /** A folder of its own for the state file and what scripts write. */
  readonly folder: string;
  readonly read: () => WindowsNetworkState;
  readonly write: (next: WindowsNetworkState) => void;
  readonly faults: () => WindowsFaults;
  /** For command lines that are not PowerShell's. */
  readonly other: (request: ExecuteRequest) => AsyncIterable<ExecuteOutput>;
}

/** A Windows server whose PowerShell is real; only the cmdlets of Windows are stood in for. */
export function createPwshExecutor(parts: PwshExecutorParts): PwshExecutor {
  return new PwshExecutor(parts);
}

class PwshExecutor {
  private readonly file: StateFile;
  private readonly tasks: PwshTasks;
  private power = new AbortController();
  private running = 0;

  constructor(private readonly parts: PwshExecutorParts) {
    this.file = new StateFile(parts.folder);
    this.tasks = new PwshTasks({
      list: () => this.file.tasks(),
      run: (commandLine) => this.runTask(commandLine),
    });
  }

  /** Ends with exactly one `exitCode`. Throws when the signal is aborted, the power goes or the program is not there. */
  async *execute(request: ExecuteRequest): AsyncGenerator<ExecuteOutput> {
    if (!isPowerShell(request.commandLine)) {
      yield* this.parts.other(request);
      return;
    }
    yield* this.run(request.commandLine, request.input, request.signal);
  }

  /** Runs the scheduled tasks that are due now. They also come by themselves. */
  async fireDue(): Promise<void> {
    await this.tasks.fireDue();
  }

  /** Ends every command where it stands; no scheduled task runs until the power is back. */
  powerOff(): void {
    this.tasks.stop();
    this.power.abort(new Error('The server went down.'));
  }

  powerOn(): void {
    if (!this.power.signal.aborted) return;
    this.power = new AbortController();
    this.tasks.boot();
  }

  private async *run(
    commandLine: string,
    input: AsyncIterable<Uint8Array> | undefined,
    given: AbortSignal,
  ): AsyncGenerator<ExecuteOutput> {
    const signal = AbortSignal.any([given, this.power.signal]);
    signal.throwIfAborted();
    const { options } = this.parts;
    const args = pwshArguments(
      commandLine,
      `Import-Module -Name '${options.module.replaceAll("'", "''")}'; Enter-StandInLanguageMode`,
    );
    if (args === null) {
      yield { stream: 'stderr', data: 'This practice server runs PowerShell with a command only.\r\n' };
      yield { exitCode: 1 };
      return;
    }
    // A script at work owns the file; what changed elsewhere is put in before the first one.
    if (this.running === 0) this.file.write(this.parts.read(), this.parts.faults());
    this.running += 1;
    try {
      for await (const output of runProcess({
        program: options.program,
        args,
        env: this.environment(),
        input,
        signal,
      })) {
        this.takeOver();
        yield output;
      }
    } finally {
      this.running -= 1;
      this.takeOver();
      this.tasks.plan();
    }
  }

  private takeOver(): void {
    const network = this.file.changed();
    if (network !== null) this.parts.write(network);
  }

  private async runTask(commandLine: string): Promise<void> {
    const outputs: ExecuteOutput[] = [];
    for await (const output of this.run(commandLine, undefined, this.power.signal)) outputs.push(output);
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      EVENKEEL_STAND_IN_STATE: this.file.path,
      HOME: join(this.parts.folder, 'home'),
      // No colours in what it prints.
      TERM: 'dumb',
      NO_COLOR: '1',
    };
  }
}

export type { PwshExecutor };
