import { applyOperation, visibleState } from '#engine/practice-site/windows-model/index';
import { resolveAdapter } from '#shared/domain/direct-routing/adapters';
import { reasonCodes, type Check } from '#shared/domain/direct-routing/checks';
import {
  configurationText,
  differenceOf,
  faultsOf,
  fixOperations,
  targetOf,
  undoOperations,
} from '#shared/domain/direct-routing/index';
import type {
  DrService,
  Difference,
  ServerTarget,
  TargetOptions,
  WindowsOperation,
} from '#shared/domain/direct-routing/index';
import { adaptersNamed, ruleTitle } from '#shared/domain/direct-routing/operations';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { ownAddresses } from './generated-services';

/** A server and what is wanted of it; `state` holds what Windows keeps, also of protocols that are not bound. */
export interface World {
  readonly services: readonly DrService[];
  readonly options: TargetOptions;
  readonly state: WindowsNetworkState;
}

export interface Fix {
  readonly target: ServerTarget;
  readonly seen: WindowsNetworkState;
  readonly difference: Difference;
  readonly stops: readonly Check[];
  readonly operations: readonly WindowsOperation[];
}

/** `null`: the server is in no service. */
export function fixOf({ services, options, state }: World): Fix | null {
  const target = targetOf(ownAddresses, services, options);
  if (target === null) return null;
  const seen = visibleState(state);
  const difference = differenceOf(target, seen);
  const stops = faultsOf(difference).filter((item) => item.level === 'stop');
  return {
    target,
    seen,
    difference,
    stops,
    operations: fixOperations(target, difference).flatMap((part) => part.operations),
  };
}

/** The practice model carries the operations out; one that it refuses is an error. */
export function apply(state: WindowsNetworkState, operations: readonly WindowsOperation[]): WindowsNetworkState {
  return operations.reduce((current, operation) => {
    const applied = applyOperation(current, operation);
    if (applied.failed) throw new Error(`${operation.operation}: ${JSON.stringify(applied.events)}`);
    return applied.state;
  }, state);
}

export function holds(condition: boolean, what: string, seen: unknown): void {
  if (!condition) throw new Error(`${what}: ${JSON.stringify(seen)}`);
}

/** What a plan cannot mend has a code and words for it. */
export function namesWhyNot(stops: readonly Check[]): void {
  for (const stop of stops)
    holds(stop.code !== null && stop.code in reasonCodes && stop.before !== '', 'a nameless stop', stop);
}

/**
 * The states from the first to the last operation. Adapters that an operation does not name stay as they are, and so
 * does every firewall rule that is not ours.
 */
export function carriedOut(fix: Fix, world: World): readonly WindowsNetworkState[] {
  const states = [world.state];
  for (const operation of fix.operations) {
    const current = states.at(-1) ?? world.state;
    const next = apply(current, [operation]);
    const named = adaptersNamed([operation]).flatMap((ref) => resolveAdapter(current, ref));
    const others = current.adapters.filter((adapter) => !named.includes(adapter));
    const left = next.adapters.filter((adapter) => others.some((other) => other.deviceId === adapter.deviceId));
    holds(JSON.stringify(left) === JSON.stringify(others), 'touched another adapter', operation);
    holds(othersRules(next) === othersRules(current), 'touched a rule of others', operation);
    states.push(next);
  }
  return states;
}

export function reachesTarget(fix: Fix, world: World, after: WindowsNetworkState): void {
  const second = fixOf({ ...world, state: after });
  const left = second === null ? null : faultsOf(second.difference);
  holds(left?.length === 0, 'left over', left);
  holds(second?.operations.length === 0, 'a second plan', second?.operations);
  const twice = apply(after, fix.operations);
  holds(configurationText(twice) === configurationText(after), 'not the same when run twice', fix.operations);
}

/** `after`: the state in which the first so many operations were done. */
export function undoBringsBack(fix: Fix, after: WindowsNetworkState, count: number): void {
  const done = fix.operations.slice(0, count);
  const back = visibleState(apply(after, undoOperations(done, fix.seen)));
  holds(configurationText(back) === configurationText(fix.seen), 'not as before', { back, done });
}

function othersRules(state: WindowsNetworkState): string {
  return JSON.stringify(state.firewall.allowRules.filter((rule) => !rule.name.startsWith(ruleTitle(''))));
}
