import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyOperation, settle, visibleState } from '#engine/practice-site/windows-model/index';
import {
  compareConfigurations,
  differenceOf,
  fixOperations,
  handLines,
  handUndo,
  targetOf,
} from '#shared/domain/direct-routing/index';
import type { WindowsOperation } from '#shared/domain/direct-routing/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { cases } from '#test/unit/direct-routing/case-table';
import { dicom, web } from '#test/unit/direct-routing/cases-base';
import { keptState } from './compare';
import { needsPwsh, pwsh } from './pwsh';
import { ResidentPwsh } from './resident';

const own = ['192.168.100.111', 'fd4a::111', '192.168.140.111'];
const typed = cases.filter((row) => Array.isArray(row.plan) && row.plan.length > 0);

function byModel(state: WindowsNetworkState, operations: readonly WindowsOperation[]): WindowsNetworkState {
  return operations.reduce((current, operation) => applyOperation(current, operation).state, settle(state));
}

/** The hardware wizard is the only part that nobody can type: the adapter is there, under the name Windows gives it. */
function withWizard(state: WindowsNetworkState, operations: readonly WindowsOperation[]): WindowsNetworkState {
  if (!operations.some((operation) => operation.operation === 'ensure-device')) return settle(state);
  return byModel(state, [{ operation: 'ensure-device', input: { name: 'Ethernet 9' } }]);
}

const differing = (a: WindowsNetworkState, b: WindowsNetworkState) =>
  compareConfigurations(a, b).filter((row) => row.before !== row.after);

describe.skipIf(pwsh === null)(`lines by hand, typed at a real PowerShell${needsPwsh}`, () => {
  let shell: ResidentPwsh;
  beforeAll(async () => {
    shell = await ResidentPwsh.start();
  });
  afterAll(() => shell.stop());

  async function type(lines: string, state: WindowsNetworkState): Promise<WindowsNetworkState> {
    const ran = await shell.run(lines, { ...state, standIn: {} });
    expect(ran.errors.split('\n').filter((line) => /error|cannot|terminating/i.test(line))).toEqual([]);
    return visibleState(keptState(ran.state));
  }

  it.each(typed)('$name: the same as by the program, and back', async (row) => {
    const target = targetOf(own, row.services ?? [web, dicom], row.options);
    if (target === null) throw new Error('no target');
    const difference = differenceOf(target, visibleState(settle(row.server)));
    const parts = fixOperations(target, difference);
    const operations = parts.flatMap((part) => part.operations);
    const after = await type(handLines(parts, difference).powershell, withWizard(row.server, operations));
    const wanted = byModel(row.server, operations);
    expect(differing(after, visibleState(wanted))).toEqual([]);
    // Taking an adapter away is done in Device Manager.
    if (operations.some((operation) => operation.operation === 'ensure-device')) return;
    const back = await type(handUndo(operations, difference.state).powershell, wanted);
    expect(differing(back, difference.state)).toEqual([]);
  });
});
