import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyOperation, settle, visibleState } from '#engine/practice-site/windows-model/index';
import { adaptersNamed, configurationOf, resolveAdapter } from './property-tools';
import {
  differenceOf,
  faultsOf,
  fixOperations,
  sameConfiguration,
  targetOf,
  undoOperations,
  type DrService,
  type WindowsOperation,
} from '#shared/domain/direct-routing/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { anyServer, anyServices } from './generated-states';

const runs = Number(process.env['EVENKEEL_RUNS'] ?? '200');
const own = ['192.168.100.111', 'fd4a::111'];

function apply(state: WindowsNetworkState, operations: readonly WindowsOperation[]): WindowsNetworkState {
  return operations.reduce((current, operation) => {
    const applied = applyOperation(current, operation);
    const failure = applied.events.find((event) => event.event === 'error');
    if (failure !== undefined) throw new Error(`${operation.operation}: ${JSON.stringify(failure)}`);
    return applied.state;
  }, state);
}

function fix(services: readonly DrService[], state: WindowsNetworkState) {
  const target = targetOf(own, services);
  if (target === null) return null;
  const seen = visibleState(state);
  const difference = differenceOf(target, seen);
  const stops = faultsOf(difference).filter((item) => item.level === 'stop');
  const operations = fixOperations(target, difference).flatMap((part) => part.operations);
  return { target, seen, stops, operations };
}

const world = fc.tuple(anyServices, anyServer.map(settle));

describe('for any server and any services', () => {
  it('the plan reaches the target, and a second plan is empty', () => {
    fc.assert(
      fc.property(world, ([services, state]) => {
        const first = fix(services, state);
        if (first === null || first.stops.length > 0) return;
        const after = apply(state, first.operations);
        const second = fix(services, after);
        expect(faultsOf(differenceOf(first.target, visibleState(after)))).toEqual([]);
        expect(second?.operations).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  it('the undo of what was applied, in full or in part, brings back what was there', () => {
    fc.assert(
      fc.property(world, fc.nat(10), ([services, state], cut) => {
        const first = fix(services, state);
        if (first === null || first.stops.length > 0) return;
        const done = first.operations.slice(0, cut);
        const after = apply(state, done);
        const back = apply(after, undoOperations(done, first.seen));
        expect(configurationOf(visibleState(back))).toEqual(configurationOf(first.seen));
        expect(sameConfiguration(visibleState(back), first.seen)).toBe(true);
      }),
      { numRuns: runs },
    );
  });

  it('no operation touches an adapter that it did not name', () => {
    fc.assert(
      fc.property(world, ([services, state]) => {
        const first = fix(services, state);
        if (first === null || first.stops.length > 0) return;
        let current = state;
        for (const operation of first.operations) {
          const next = apply(current, [operation]);
          const named = adaptersNamed([operation]).flatMap((ref) => resolveAdapter(current, ref));
          for (const adapter of current.adapters.filter((other) => !named.includes(other))) {
            expect(next.adapters).toContainEqual(adapter);
          }
          current = next;
        }
      }),
      { numRuns: runs },
    );
  });

  it('running the same operations twice changes nothing the second time', () => {
    fc.assert(
      fc.property(world, ([services, state]) => {
        const first = fix(services, state);
        if (first === null || first.stops.length > 0) return;
        const once = apply(state, first.operations);
        expect(configurationOf(apply(once, first.operations))).toEqual(configurationOf(once));
      }),
      { numRuns: runs },
    );
  });
});
