import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import type { ScriptEvent } from '#shared/domain/direct-routing/events';
import type { SettingOperation, WindowsOperation } from '#shared/domain/direct-routing/operations';
import { applyOperation, refused, resultOf, type ApplyOptions } from './apply-operation';
import { armed, confirmed, find, readFacts, type DeadMan, type Fired } from './dead-man';
import { ModelFault } from './model-fault';

/** All that a practice Windows server keeps. */
export interface WindowsMachine {
  readonly network: WindowsNetworkState;
  readonly deadMen: readonly DeadMan[];
}

export interface MachineOptions extends ApplyOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long a minute lasts. */
  readonly minuteMs: number;
}

export interface AppliedToMachine {
  readonly machine: WindowsMachine;
  readonly events: readonly ScriptEvent[];
  readonly failed: boolean;
}

/** What Windows would do with one operation, those of the dead-man included. Pure. */
export function applyToMachine(
  machine: WindowsMachine,
  operation: WindowsOperation,
  options: MachineOptions,
): AppliedToMachine {
  if (!operation.operation.startsWith('dead-man-')) {
    const { state, events, failed } = applyOperation(machine.network, operation, options);
    return { machine: { ...machine, network: state }, events, failed };
  }
  try {
    const refusal = refused(machine.network, operation);
    if (refusal !== null) throw refusal;
    return perform(machine, operation, options);
  } catch (error) {
    if (!(error instanceof ModelFault)) throw error;
    const { code, message } = error;
    const line: ScriptEvent = { event: 'error', operation: operation.operation, code, message, line: 1 };
    return { machine, events: [line], failed: true };
  }
}

function perform(machine: WindowsMachine, operation: WindowsOperation, options: MachineOptions): AppliedToMachine {
  const { deadMen } = machine;
  switch (operation.operation) {
    case 'dead-man-arm': {
      const { name, minutes, operations } = operation.input;
      const { next, changed, facts } = armed(deadMen, name, options.now + minutes * options.minuteMs, operations);
      return done({ ...machine, deadMen: next }, resultOf(operation.operation, changed, facts));
    }
    case 'dead-man-confirm': {
      const { next, changed, facts } = confirmed(deadMen, operation.input.name);
      return done({ ...machine, deadMen: next }, resultOf(operation.operation, changed, facts));
    }
    case 'dead-man-fire': {
      const found = find(deadMen, operation.input.name);
      const fired = found === null || found.fired !== null || found.dueAt > options.now ? null : found;
      const next = fired === null ? machine : fire(machine, fired, options);
      const facts = { name: operation.input.name, fired: fired !== null };
      return done(next, resultOf(operation.operation, [], facts));
    }
    default:
      return done(machine, resultOf('dead-man-read', [], readFacts(deadMen, nameOf(operation))));
  }
}

/** Takes everything back, operation by operation; what cannot be done is written down and the rest still tried. */
export function fire(machine: WindowsMachine, deadMan: DeadMan, options: MachineOptions): WindowsMachine {
  let { network } = machine;
  const texts: string[] = [];
  let outcome: Fired['outcome'] = 'restored';
  for (const operation of deadMan.operations) {
    const applied = applyOperation(network, operation, options);
    network = applied.state;
    const { text, ok } = toldBy(operation, applied.events);
    if (!ok) outcome = 'partly';
    texts.push(`${operation.operation} ${text}`);
  }
  const fired: Fired = { at: deadMan.fired?.at ?? options.now, outcome, text: texts.join('; ') };
  const others = machine.deadMen.filter((other) => other !== deadMan);
  return { network, deadMen: [...others, { ...deadMan, fired }] };
}

function toldBy(
  operation: SettingOperation,
  events: readonly ScriptEvent[],
): { readonly text: string; readonly ok: boolean } {
  for (const event of events) {
    if (event.event === 'result') return { text: event.changed.join(', ') || 'as it was', ok: true };
    if (event.event !== 'error') continue;
    if (event.code === 'adapter_not_found') return { text: 'not there any more', ok: true };
    return { text: `failed: ${event.message}`, ok: false };
  }
  throw new Error(`The model gave no answer to ${operation.operation}`);
}

function nameOf(operation: WindowsOperation): string {
  return 'name' in operation.input ? operation.input.name : '';
}

function done(machine: WindowsMachine, event: ScriptEvent): AppliedToMachine {
  return { machine, events: [event], failed: false };
}
