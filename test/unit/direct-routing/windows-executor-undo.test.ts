import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyOperation, fire, settle, visibleState } from '#engine/practice-site/windows-model/index';
import { configurationText, operationStands, undoOperations } from '#shared/domain/direct-routing/index';
import { ruleTitle, settingOperation, type SettingOperation } from '#shared/domain/direct-routing/operations';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { anyOptions, anyServices } from './generated-services';
import { anyServer } from './generated-states';
import { halfDone } from './half-done';
import { apply, fixOf, type World } from './property-tools';

const runs = Number(process.env['EVENKEEL_RUNS'] ?? '300');

/** A change that was cut off: so many operations whole, then so many calls of the next. */
interface CutOff extends World {
  readonly whole: number;
  readonly calls: number;
}

const cutOff: fc.Arbitrary<CutOff> = fc.record({
  services: anyServices,
  options: anyOptions,
  state: anyServer.map(settle),
  whole: fc.nat(9),
  calls: fc.nat(6),
});

interface Cut {
  readonly before: WindowsNetworkState;
  readonly after: WindowsNetworkState;
  /** What takes the whole change back, drawn up before any of it was done. */
  readonly undo: readonly SettingOperation[];
}

function cutAt({ services, options, state, whole, calls }: CutOff): Cut | null {
  const fix = fixOf({ services, options, state });
  if (fix === null || fix.stops.length > 0) return null;
  const operations = fix.operations.map((operation) => settingOperation.parse(operation));
  const done = apply(state, operations.slice(0, whole));
  const next = operations[whole];
  const half = next === undefined ? null : halfDone(next, visibleState(done), calls);
  // A call in the middle may be refused, as the change as a whole would not be: then it was not made.
  const after = half === null ? done : applyOperation(done, half).state;
  return { before: fix.seen, after, undo: undoOperations(operations, fix.seen) };
}

const seenOf = (state: WindowsNetworkState) => ({
  configuration: configurationText(visibleState(state)),
  rules: state.firewall.allowRules
    .filter((rule) => rule.name.startsWith(ruleTitle('')))
    .map((rule) => JSON.stringify([rule.name, rule.protocol, [...rule.localPorts].sort(), [...rule.profiles].sort()]))
    .sort(),
});

describe('what takes a whole change back, drawn up before it began', () => {
  it('brings back what was there wherever the change was cut off, as the engine runs it', () => {
    fc.assert(
      fc.property(cutOff, (input) => {
        const cut = cutAt(input);
        if (cut === null) return;
        const { before, after, undo } = cut;
        const needed = undo.filter((operation) => !operationStands(operation, visibleState(after)));
        expect(seenOf(apply(after, needed))).toEqual(seenOf(before));
      }),
      { numRuns: runs },
    );
  });

  it('brings back what was there wherever the change was cut off, as the dead-man runs it', () => {
    fc.assert(
      fc.property(cutOff, (input) => {
        const cut = cutAt(input);
        if (cut === null || cut.undo.length === 0) return;
        const deadMan = { name: 'x', dueAt: 0, operations: cut.undo, fired: null };
        const machine = { network: cut.after, deadMen: [deadMan] };
        const fired = fire(machine, deadMan, { takenElsewhere: [], now: 1, minuteMs: 60_000 });
        expect(fired.deadMen[0]?.fired).toMatchObject({ outcome: 'restored' });
        expect(seenOf(fired.network)).toEqual(seenOf(cut.before));
      }),
      { numRuns: runs },
    );
  });
});
