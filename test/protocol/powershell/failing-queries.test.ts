import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settle } from '#engine/practice-site/windows-model/index';
import { composeScript } from '#engine/windows/compose';
import { loopbackRef, type SettingOperation, type WindowsOperation } from '#shared/domain/direct-routing/operations';
import { lanAdapter, rightServer } from '#test/unit/direct-routing/windows-fixtures';
import { eventsOf } from './compare';
import { needsPwsh, pwsh } from './pwsh';
import { ResidentPwsh } from './resident';

const lan = { hardwareId: null, deviceId: lanAdapter().deviceId, index: null };
const removeRule: WindowsOperation = { operation: 'firewall', input: { add: [], remove: ['TCP 443'] } };
const removeAddress: WindowsOperation = {
  operation: 'addresses',
  input: { adapter: loopbackRef(null), remove: ['192.168.100.100'], add: [], update: [], waitSeconds: 1 },
};
const openLan: SettingOperation = {
  operation: 'lan',
  input: { adapter: lan, families: [{ family: 'IPv4', weakHostReceive: true }] },
};
const named = (operation: 'dead-man-read' | 'dead-man-confirm'): WindowsOperation => ({
  operation,
  input: { name: 'job' },
});
const read: WindowsOperation = { operation: 'read-state', input: {} };

/** What is asked, and which cmdlet gets no answer. */
const unanswered: readonly (readonly [cmdlet: string, operation: WindowsOperation])[] = [
  ['Get-NetIPAddress', removeAddress],
  ['Get-NetFirewallRule', removeRule],
  ['Get-NetIPInterface', openLan],
  ['Get-Service', read],
  ['Get-ScheduledTask', named('dead-man-confirm')],
  ['Get-ScheduledTask', named('dead-man-read')],
];

describe.skipIf(pwsh === null)(`Windows gives no answer${needsPwsh}`, { timeout: 120_000 }, () => {
  let shell: ResidentPwsh;
  beforeAll(async () => {
    shell = await ResidentPwsh.start();
  });
  afterAll(async () => {
    await shell.stop();
  });

  it.each(unanswered)('%s fails: the operation fails, nothing counts as not there', async (cmdlet, operation) => {
    const arm: WindowsOperation = {
      operation: 'dead-man-arm',
      input: { name: 'job', minutes: 10, operations: [openLan] },
    };
    await shell.run(composeScript([arm]), settle(rightServer()));
    const ran = await shell.run(composeScript([operation]), {
      ...settle(rightServer()),
      standIn: { failingQueries: [cmdlet] },
    });
    expect(eventsOf(ran.stdout).at(-1)).toMatchObject({
      event: 'error',
      operation: operation.operation,
      code: 'failed',
      message: 'Generic failure',
    });
    expect(ran.exitCode).toBe(1);
  });

  it('where there is none, that is the answer', async () => {
    const state = settle(rightServer());
    const ran = await shell.run(composeScript([removeRule, named('dead-man-confirm'), read]), state);
    const changed = eventsOf(ran.stdout).flatMap((event) => (event.event === 'result' ? event.changed : []));
    expect(changed).toEqual([]);
    expect(eventsOf(ran.stdout).at(-1)).toEqual({ event: 'done' });
  });

  it('a cmdlet that this Windows lacks is no answer either', async () => {
    const lacking = "function Get-EkTask { return , (Find-Ek -Query { Get-EkNothing -Name 'x' }) }\n";
    const script = composeScript([named('dead-man-confirm')]).replace(/^Invoke-Evenkeel/m, `${lacking}$&`);
    const ran = await shell.run(script, settle(rightServer()));
    expect(eventsOf(ran.stdout).at(-1)).toMatchObject({ event: 'error', code: 'failed' });
  });
});
