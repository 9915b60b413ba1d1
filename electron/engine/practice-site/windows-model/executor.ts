import { recogniseScript } from '#engine/windows/index';
import type { ScriptEvent } from '#shared/domain/direct-routing/events';
import type { WindowsOperation } from '#shared/domain/direct-routing/operations';
import { applyOperation } from './apply-operation';
import { runCommandLine, runPowerShellText } from './commands';
import type { ExecuteOutput, ExecuteRequest, WindowsExecutor, WindowsExecutorParts } from './types';
import { visibleState } from './visible';

/** Practice seconds that an operation takes on a server of ordinary speed. */
const seconds: Readonly<Record<WindowsOperation['operation'], number>> = {
  'read-state': 1.5,
  snapshot: 2,
  'ensure-device': 12,
  'remove-device': 6,
  bindings: 3,
  interface: 1,
  dns: 0.5,
  addresses: 3,
  lan: 0.5,
};

/**
 * A Windows server behind its WinRM endpoint. The product's own scripts are recognised by their exact text and act on
 * the modelled state; any other client gets the few commands that people try first.
 */
export function createWindowsExecutor(parts: WindowsExecutorParts): WindowsExecutor {
  return { execute: (request) => execute(parts, request) };
}

async function* execute(parts: WindowsExecutorParts, request: ExecuteRequest): AsyncGenerator<ExecuteOutput> {
  request.signal.throwIfAborted();
  const operations = request.script === undefined ? null : recogniseScript(request.script);
  if (operations !== null) {
    yield* runOperations(parts, operations, request.signal);
    return;
  }
  const state = visibleState(parts.read());
  const answer =
    request.script === undefined
      ? runCommandLine(state, request.commandLine, request.user)
      : runPowerShellText(state, request.script, request.user, request.stdin);
  if (answer.stdout !== '') yield { stream: 'stdout', data: answer.stdout };
  if (answer.stderr !== '') yield { stream: 'stderr', data: answer.stderr };
  yield { exitCode: answer.exitCode };
}

async function* runOperations(
  parts: WindowsExecutorParts,
  operations: readonly WindowsOperation[],
  signal: AbortSignal,
): AsyncGenerator<ExecuteOutput> {
  for (const operation of operations) {
    const faults = parts.faults();
    yield line({ event: 'begin', operation: operation.operation });
    if (faults.hangOperation === operation.operation) await parts.clock.wait(86_400, signal);
    await parts.clock.wait(seconds[operation.operation], signal);
    if (faults.failOperation?.operation === operation.operation) {
      yield line({
        event: 'error',
        operation: operation.operation,
        code: 'failed',
        message: faults.failOperation.message,
        line: 1,
      });
      yield { exitCode: 1 };
      return;
    }
    // Read, applied and written without a pause between, so that two clients never overwrite each other.
    const applied = applyOperation(parts.read(), operation, { takenElsewhere: faults.takenElsewhere ?? [] });
    parts.write(applied.state);
    for (const event of applied.events) yield line(event);
    if (applied.failed) {
      yield { exitCode: 1 };
      return;
    }
  }
  yield line({ event: 'done' });
  yield { exitCode: 0 };
}

function line(event: ScriptEvent): ExecuteOutput {
  return { stream: 'stdout', data: `${JSON.stringify(event)}\r\n` };
}
