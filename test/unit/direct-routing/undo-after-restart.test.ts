import { describe, expect, it } from 'vitest';
import { applyOperation, fire, visibleState } from '#engine/practice-site/windows-model/index';
import { configurationText, undoOperations } from '#shared/domain/direct-routing/index';
import type { SettingOperation, WindowsOperation } from '#shared/domain/direct-routing/operations';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { lanAdapter, rightLoopback, server } from './windows-fixtures';

const before = server([lanAdapter(), rightLoopback({ registersInDns: true })]);
const [lan, loopback] = before.adapters;
if (lan === undefined || loopback === undefined) throw new Error('no adapters');

const change: readonly WindowsOperation[] = [
  {
    operation: 'dns',
    input: { adapter: { hardwareId: '*MSLOOP', deviceId: loopback.deviceId, index: null }, register: false },
  },
  {
    operation: 'lan',
    input: {
      adapter: { hardwareId: null, deviceId: lan.deviceId, index: lan.index },
      families: [{ family: 'IPv4', weakHostReceive: true }],
    },
  },
];
const undo: readonly SettingOperation[] = undoOperations(change, before);

/** Windows does not promise to keep the indexes of interfaces [D]. */
function restarted(state: WindowsNetworkState): WindowsNetworkState {
  return { ...state, adapters: state.adapters.map((adapter) => ({ ...adapter, index: adapter.index + 7 })) };
}

describe('a change taken back after a restart that gave the adapters other indexes', () => {
  it('finds every adapter by its device, the LAN as well', () => {
    const changed = change.reduce((state, operation) => applyOperation(state, operation).state, before);
    expect(configurationText(changed)).not.toBe(configurationText(before));
    const options = { takenElsewhere: [], now: 1, minuteMs: 60_000 };
    const armed = { name: 'job-7', dueAt: 0, operations: undo, fired: null };
    const after = fire({ network: restarted(changed), deadMen: [armed] }, armed, options);
    expect(after.deadMen[0]?.fired?.text).not.toContain('not there');
    expect(configurationText(visibleState(after.network))).toBe(configurationText(before));
  });
});
