import { describe, expect, it } from 'vitest';
import { composeScript } from '#engine/windows/index';
import { createWindowsExecutor, type DeadMan } from '#engine/practice-site/windows-model/index';
import { scriptEvent, type ScriptEvent } from '#shared/domain/direct-routing/events';
import { loopbackRef, type SettingOperation, type WindowsOperation } from '#shared/domain/direct-routing/operations';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { untouchedServer } from './windows-fixtures';

const noon = Date.UTC(2026, 10, 22, 12, 0, 0);
const minute = 60_000;

/** A practice Windows server whose clock stands still until it is told. */
function host() {
  const kept = {
    state: untouchedServer(),
    deadMen: [] as readonly DeadMan[],
    now: noon,
    wait: (_seconds: number): Promise<void> => Promise.resolve(),
  };
  const start = () =>
    createWindowsExecutor({
      read: () => kept.state,
      write: (next: WindowsNetworkState) => {
        kept.state = next;
      },
      deadMen: {
        read: () => kept.deadMen,
        write: (next) => {
          kept.deadMen = next;
        },
      },
      clock: { wait: (seconds) => kept.wait(seconds) },
      now: () => kept.now,
      faults: () => ({}),
    });
  const executor = start();
  const run = async (...operations: WindowsOperation[]): Promise<readonly ScriptEvent[]> => {
    let text = '';
    const request = { kind: 'powershell' as const, commandLine: '', stdin: '', user: 'Administrator' };
    const { signal } = new AbortController();
    for await (const output of executor.execute({ ...request, script: composeScript(operations), signal })) {
      if ('stream' in output) text += output.data;
    }
    return text
      .trim()
      .split('\r\n')
      .map((line) => scriptEvent.parse(JSON.parse(line)));
  };
  return { run, kept, executor, start };
}

const facts = (events: readonly ScriptEvent[]) =>
  events.flatMap((event) => (event.event === 'result' ? [event.facts] : [])).at(-1);
const failure = (events: readonly ScriptEvent[]) =>
  events.flatMap((event) => (event.event === 'error' ? [`${event.code}: ${event.message}`] : [])).at(-1);

const back: readonly SettingOperation[] = [{ operation: 'remove-device', input: { adapter: loopbackRef(null) } }];
const arm = (minutes: number): WindowsOperation => ({
  operation: 'dead-man-arm',
  input: { name: 'job-7', minutes, operations: [...back] },
});
const confirm: WindowsOperation = { operation: 'dead-man-confirm', input: { name: 'job-7' } };
const read: WindowsOperation = { operation: 'dead-man-read', input: { name: 'job-7' } };
const install: WindowsOperation = { operation: 'ensure-device', input: { name: 'loopback' } };

describe('the dead-man of a practice Windows server', () => {
  it('while one waits no other is armed', async () => {
    const { run } = host();
    await run(arm(10));
    const other: WindowsOperation = {
      operation: 'dead-man-arm',
      input: { name: 'job-8', minutes: 5, operations: [...back] },
    };
    expect(failure(await run(other))).toBe(
      'dead_man_armed: job-7 takes an earlier change back at 2026-11-22T12:10:00Z.',
    );
    await run(confirm);
    expect(facts(await run(other))).toMatchObject({ name: 'job-8', renewed: false });
  });

  it('takes the change back when nobody confirms in time', async () => {
    const { run, kept, executor } = host();
    expect(facts(await run(arm(10)))).toEqual({
      name: 'job-7',
      dueAt: '2026-11-22T12:10:00Z',
      path: String.raw`C:\ProgramData\Evenkeel\dead-man\job-7.ps1`,
      renewed: false,
    });
    await run(install);
    kept.now = noon + 9 * minute;
    await executor.fireDue();
    expect(facts(await run(read))).toMatchObject({ state: 'armed', dueAt: '2026-11-22T12:10:00Z', firedAt: null });
    kept.now = noon + 10 * minute;
    await executor.fireDue();
    expect(kept.state.adapters).toEqual(untouchedServer().adapters);
    expect(facts(await run(read))).toEqual({
      name: 'job-7',
      state: 'fired',
      dueAt: '2026-11-22T12:10:00Z',
      firedAt: '2026-11-22T12:10:00Z',
      outcome: 'restored',
      text: String.raw`remove-device removed ROOT\NET\0000`,
    });
  });

  it('leaves a confirmed change alone, and takes a second confirmation', async () => {
    const { run, kept, executor } = host();
    await run(arm(10), install);
    expect(facts(await run(confirm))).toEqual({ name: 'job-7', was: 'armed' });
    kept.now = noon + 60 * minute;
    await executor.fireDue();
    expect(kept.state.adapters).toHaveLength(2);
    expect(facts(await run(confirm))).toEqual({ name: 'job-7', was: 'none' });
    expect(facts(await run(read))).toMatchObject({ state: 'none', dueAt: null });
  });

  it('says when and what it took back to who confirms or arms too late, however often', async () => {
    const { run, kept, executor } = host();
    await run(arm(1), install);
    kept.now = noon + 2 * minute;
    await executor.fireDue();
    const said = String.raw`dead_man_fired: Taken back at 2026-11-22T12:02:00Z, restored: remove-device removed ROOT\NET\0000`;
    expect(failure(await run(confirm))).toBe(said);
    expect(failure(await run(confirm))).toBe(said);
    expect(failure(await run(arm(10)))).toBe(said);
  });

  it('has its time anew when it is armed again', async () => {
    const { run, kept, executor } = host();
    await run(arm(10), install);
    kept.now = noon + 9 * minute;
    expect(facts(await run(arm(10)))).toMatchObject({ dueAt: '2026-11-22T12:19:00Z', renewed: true });
    kept.now = noon + 15 * minute;
    await executor.fireDue();
    expect(kept.state.adapters).toHaveLength(2);
  });

  it('fires after a start of the server that spanned its time', async () => {
    const { run, kept, executor, start } = host();
    await run(arm(10), install);
    executor.powerOff();
    kept.now = noon + 11 * minute;
    await executor.fireDue();
    const after = start();
    await after.fireDue();
    expect(kept.state.adapters).toEqual(untouchedServer().adapters);
  });

  it('notes what is not there any more, writes down what fails, and tries the rest', async () => {
    const { run, kept, executor } = host();
    const dns: SettingOperation = { operation: 'dns', input: { adapter: loopbackRef(null), register: true } };
    const wrong: SettingOperation = {
      operation: 'lan',
      input: {
        adapter: { hardwareId: null, deviceId: null, index: 12 },
        families: [{ family: 'IPv6', weakHostReceive: true }],
      },
    };
    const [net] = untouchedServer().adapters;
    const bindings = (net?.bindings ?? []).map((item) => ({ ...item, enabled: item.component !== 'ms_tcpip6' }));
    if (net !== undefined) kept.state = { ...kept.state, adapters: [{ ...net, bindings }] };
    const lan: SettingOperation = {
      operation: 'lan',
      input: { ...wrong.input, families: [{ family: 'IPv4', weakHostReceive: true }] },
    };
    await run({ operation: 'dead-man-arm', input: { name: 'job-7', minutes: 1, operations: [dns, wrong, lan] } });
    kept.now = noon + minute;
    await executor.fireDue();
    expect(facts(await run(read))).toMatchObject({
      state: 'fired',
      outcome: 'partly',
      text: 'dns not there any more; lan failed: No IPv6 interface with index 12.; lan IPv4 WeakHostReceive',
    });
  });

  it('waits for a script that is at work', async () => {
    const { run, kept, executor } = host();
    await run(arm(1));
    kept.now = noon + minute;
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    // Its patience never ends here; the script goes on when it is let go.
    kept.wait = (seconds) => (seconds === 600 ? new Promise(() => undefined) : held);
    const script = run(install);
    const fired = executor.fireDue();
    letGo();
    await Promise.all([script, fired]);
    expect(kept.state.adapters).toEqual(untouchedServer().adapters);
  });
});

describe('the firewall rules of a practice Windows server', () => {
  const add: WindowsOperation = {
    operation: 'firewall',
    input: { add: [{ name: 'TCP 80', protocol: 'TCP', ports: ['80', '443'], profiles: ['Public'] }], remove: [] },
  };

  it('are ours only: others stay, and the second time nothing changes', async () => {
    const { run, kept } = host();
    const before = kept.state.firewall.allowRules;
    await run(add);
    expect(kept.state.firewall.allowRules).toEqual([
      ...before,
      { name: 'Evenkeel TCP 80', protocol: 'TCP', localPorts: ['80', '443'], profiles: ['Public'] },
    ]);
    const again = (await run(add)).find((event) => event.event === 'result');
    expect(again).toMatchObject({ changed: [] });
    await run({ operation: 'firewall', input: { add: [], remove: ['TCP 80', 'Imaging 80'] } });
    expect(kept.state.firewall.allowRules).toEqual(before);
  });
});
