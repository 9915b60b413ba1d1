import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settle } from '#engine/practice-site/windows-model/index';
import { undoOperations, type WindowsOperation } from '#shared/domain/direct-routing/index';
import { anyOptions, anyServices } from '#test/unit/direct-routing/generated-services';
import { anyServer } from '#test/unit/direct-routing/generated-states';
import { fixOf } from '#test/unit/direct-routing/property-tools';
import { byModel, byScript } from './compare';
import { asWindowsHasIt } from './as-windows';
import { needsPwsh, pwsh } from './pwsh';
import { ResidentPwsh } from './resident';

const runs = Number(process.env['EVENKEEL_RUNS'] ?? '300');
const read: WindowsOperation = { operation: 'read-state', input: {} };

describe.skipIf(pwsh === null)(`practice model and real scripts${needsPwsh}`, () => {
  it(`do the same with ${runs} generated servers, in the fix and in its undo`, { timeout: 900_000 }, async () => {
    const halves = await Promise.all([compareMany(Math.ceil(runs / 2)), compareMany(Math.floor(runs / 2))]);
    expect(halves[0] + halves[1]).toBeGreaterThan(runs * 4);
  });
});

/** Gives how many operations were carried out on both sides. */
async function compareMany(states: number): Promise<number> {
  const shell = await ResidentPwsh.start();
  let count = 0;
  const property = fc.asyncProperty(anyServices, anyOptions, anyServer, async (services, options, server) => {
    const state = asWindowsHasIt(settle(server));
    const fix = fixOf({ services, options, state });
    if (fix === null) return;
    const model = await byModel(state, [...fix.operations, read]);
    expect(await byScript(shell, state, [...fix.operations, read])).toEqual(model);
    const undo = undoOperations(fix.operations, fix.seen);
    expect(await byScript(shell, model.state, [...undo, read])).toEqual(await byModel(model.state, [...undo, read]));
    count += fix.operations.length + undo.length + 2;
  });
  try {
    await fc.assert(property, { numRuns: states, endOnFailure: true });
  } finally {
    await shell.stop();
  }
  return count;
}
