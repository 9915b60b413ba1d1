import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settle } from '#engine/practice-site/windows-model/index';
import { undoOperations, type WindowsOperation } from '#shared/domain/direct-routing/index';
import type { AdapterAddress, WindowsNetworkState } from '#shared/domain/windows/network-state';
import { anyOptions, anyServices } from '#test/unit/direct-routing/generated-services';
import { anyServer } from '#test/unit/direct-routing/generated-states';
import { fixOf } from '#test/unit/direct-routing/property-tools';
import { byModel, byScript } from './compare';
import { needsPwsh, pwsh } from './pwsh';
import { ResidentPwsh } from './resident';

const runs = Number(process.env['EVENKEEL_RUNS'] ?? '300');
const read: WindowsOperation = { operation: 'read-state', input: {} };

/**
 * Generated states as Windows can have them: every adapter has a description and a name of its own, and no interface
 * with DHCP has an address that was given by hand. The language mode is that of the process, so the full one here.
 */
function asWindowsHasIt(state: WindowsNetworkState): WindowsNetworkState {
  const numbered = (before: readonly string[], text: string): string => {
    const same = before.filter((other) => other === text).length;
    return same === 0 ? text : `${text} #${same + 1}`;
  };
  const adapters = state.adapters.map((adapter, at) => ({
    ...adapter,
    name: numbered(
      state.adapters.slice(0, at).map((other) => other.name),
      adapter.name,
    ),
    description: numbered(
      state.adapters.slice(0, at).map((other) => other.description),
      adapter.description,
    ),
    ipv4: adapter.ipv4 && { ...adapter.ipv4, dhcp: adapter.ipv4.dhcp && !adapter.addresses.some(givenByHand) },
  }));
  return { ...state, adapters, languageMode: 'FullLanguage' };
}

function givenByHand({ address }: AdapterAddress): boolean {
  return !address.includes(':') && !address.startsWith('169.254.');
}

describe.skipIf(pwsh === null)(`practice model and real scripts${needsPwsh}`, () => {
  it(`do the same with ${runs} generated servers, in the fix and in its undo`, { timeout: 300_000 }, async () => {
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
