import { recogniseScript } from '#engine/windows/index';
import type { ScriptEvent } from '#shared/domain/direct-routing/events';
import { settingOperation, type WindowsOperation } from '#shared/domain/direct-routing/operations';
import { refused, type ApplyOptions } from './apply-operation';
import { constrainedError } from './clixml-error';
import { runCommandLine, runPowerShellText } from './commands';
import type { DeadMan } from './dead-man';
import { applyToMachine, type WindowsMachine } from './machine';
import { secondsOf } from './operation-seconds';
import { TaskScheduler } from './task-scheduler';
import type { ExecuteOutput, ExecuteRequest, WindowsExecutor, WindowsExecutorParts } from './types';
import { visibleState } from './visible';

/**
 * A Windows server behind its WinRM endpoint. The product's own scripts are recognised by their exact text and act on
 * the modelled state; any other client gets the few commands that people try first.
 */
export function createWindowsExecutor(parts: WindowsExecutorParts): WindowsExecutor {
  return new PracticeMachine(parts);
}

class PracticeMachine implements WindowsExecutor {
  private readonly minuteMs: number;
  private readonly tasks: TaskScheduler;
  private power = new AbortController();
  private deadMen: readonly DeadMan[] = [];

  constructor(private readonly parts: WindowsExecutorParts) {
    this.minuteMs = 60_000 / (parts.clock.speed ?? 1);
    this.tasks = new TaskScheduler({
      read: () => this.machine(),
      write: (next) => this.keep(next),
      now: () => this.now(),
      options: () => this.options(),
      wait: (seconds) => parts.clock.wait(seconds, this.power.signal),
    });
    this.tasks.plan();
  }

  async *execute(request: ExecuteRequest): AsyncGenerator<ExecuteOutput> {
    const signal = AbortSignal.any([request.signal, this.power.signal]);
    signal.throwIfAborted();
    const operations = request.script === undefined ? null : recogniseScript(request.script);
    if (operations !== null) {
      const leave = this.tasks.enter();
      try {
        yield* this.runOperations(operations, signal);
      } finally {
        leave();
      }
      return;
    }
    const state = visibleState(this.parts.read());
    const answer =
      request.script === undefined
        ? runCommandLine(state, request.commandLine, request.user)
        : runPowerShellText(state, request.script, request.user, request.stdin);
    if (answer.stdout !== '') yield { stream: 'stdout', data: answer.stdout };
    if (answer.stderr !== '') yield { stream: 'stderr', data: answer.stderr };
    yield { exitCode: answer.exitCode };
  }

  fireDue(): Promise<void> {
    return this.tasks.fireDue();
  }

  powerOff(): void {
    this.tasks.stop();
    this.power.abort(new Error('The server went down.'));
  }

  powerOn(): void {
    if (!this.power.signal.aborted) return;
    this.power = new AbortController();
    this.tasks.plan();
  }

  private async *runOperations(
    operations: readonly WindowsOperation[],
    signal: AbortSignal,
  ): AsyncGenerator<ExecuteOutput> {
    for (const operation of operations) {
      const faults = this.parts.faults();
      if (faults.constrainedLanguage === true) {
        // The bootstrap itself is refused: nothing of the script runs, so there is no line of it.
        yield { stream: 'stderr', data: constrainedError() };
        yield { exitCode: 1 };
        return;
      }
      if (refused(this.parts.read(), operation) === null)
        yield line({ event: 'begin', operation: operation.operation });
      this.parts.onBegin?.(operation);
      signal.throwIfAborted();
      if (isMeant(faults.hangOperation, operation)) await this.parts.clock.wait(86_400, signal);
      await this.parts.clock.wait(secondsOf(operation, this.parts.read(), faults), signal);
      if (faults.failOperation !== undefined && isMeant(faults.failOperation.operation, operation)) {
        const { message } = faults.failOperation;
        yield line({ event: 'error', operation: operation.operation, code: 'failed', message, line: 1 });
        yield { exitCode: 1 };
        return;
      }
      // Read, applied and written without a pause between, so that two clients never overwrite each other.
      const options = { ...this.options(), now: this.now(), minuteMs: this.minuteMs };
      const applied = applyToMachine(this.machine(), operation, options);
      this.keep(applied.machine);
      this.tasks.plan();
      for (const event of applied.events) yield line(event);
      if (applied.failed) {
        yield { exitCode: 1 };
        return;
      }
    }
    yield line({ event: 'done' });
    yield { exitCode: 0 };
  }

  private now(): number {
    return this.parts.now?.() ?? Date.now();
  }

  private options(): ApplyOptions {
    const { takenElsewhere, conflicts, addTypeBlocked, installHangs } = this.parts.faults();
    return { takenElsewhere: takenElsewhere ?? [], conflicts, addTypeBlocked, installHangs };
  }

  private machine(): WindowsMachine {
    return { network: this.parts.read(), deadMen: this.parts.deadMen?.read() ?? this.deadMen };
  }

  private keep(next: WindowsMachine): void {
    this.parts.write(next.network);
    if (next.deadMen === this.machine().deadMen) return;
    if (this.parts.deadMen === undefined) this.deadMen = next.deadMen;
    else this.parts.deadMen.write(next.deadMen);
  }
}

/** `any` means each operation that sets something. */
function isMeant(name: string | undefined, operation: WindowsOperation): boolean {
  return name === 'any' ? settingOperation.safeParse(operation).success : name === operation.operation;
}

function line(event: ScriptEvent): ExecuteOutput {
  return { stream: 'stdout', data: `${JSON.stringify(event)}\r\n` };
}
