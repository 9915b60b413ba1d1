import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { applyToMachine, fire, type WindowsMachine } from '#engine/practice-site/windows-model/index';
import { composeScript } from '#engine/windows/compose';
import type { ScriptEvent } from '#shared/domain/direct-routing/index';
import { loopbackRef, type SettingOperation, type WindowsOperation } from '#shared/domain/direct-routing/operations';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { lanAdapter, server, untouchedServer } from '#test/unit/direct-routing/windows-fixtures';
import { eventsOf, keptState } from './compare';
import { needsPwsh, pwsh } from './pwsh';
import { ResidentPwsh } from './resident';

const task = z.looseObject({
  execute: z.string(),
  arguments: z.string(),
  user: z.string(),
  triggers: z.array(z.object({ kind: z.string(), start: z.string().nullable(), everyMinutes: z.number() })),
});
const kept = z.looseObject({
  standInTasks: z.record(z.string(), task).default({}),
  standInAcls: z.record(z.string(), z.string()).default({}),
});

const back: SettingOperation[] = [{ operation: 'remove-device', input: { adapter: loopbackRef(null) } }];
const install: WindowsOperation = { operation: 'ensure-device', input: { name: 'loopback' } };
const arm = (name: string, operations = back): WindowsOperation => ({
  operation: 'dead-man-arm',
  input: { name, minutes: 10, operations },
});
const confirm = (name: string): WindowsOperation => ({ operation: 'dead-man-confirm', input: { name } });
const read = (name: string): WindowsOperation => ({ operation: 'dead-man-read', input: { name } });

describe.skipIf(pwsh === null)(`the dead-man's own scripts in PowerShell${needsPwsh}`, () => {
  let shell: ResidentPwsh;
  let number = 0;
  beforeAll(async () => {
    shell = await ResidentPwsh.start();
  }, 60_000);
  afterAll(async () => {
    await shell.stop();
  });

  const runText = async (script: string, state?: WindowsNetworkState) => {
    const { errors, stdout, state: after } = await shell.run(script, state);
    if (errors !== '') throw new Error(errors);
    const events = eventsOf(stdout);
    return { events, facts: factsOf(events), failure: failureOf(events), after };
  };
  const run = (operations: readonly WindowsOperation[], state?: WindowsNetworkState) =>
    runText(composeScript(operations), state);
  const fresh = (): string => `job-${(number += 1)}`;
  /** Arms it, then lets its time have come. Gives the path of the restore script. */
  const armedAndDue = async (name: string, operations = back, state = untouchedServer()): Promise<string> => {
    const path = String((await run([arm(name, operations)], state)).facts?.['path']);
    await writeFile(path.replace(/ps1$/, 'json'), JSON.stringify({ dueAt: Date.now() - 1_000 }));
    return path;
  };

  it('arming writes the restore script word for word, where only administrators come, and registers its task', async () => {
    const name = fresh();
    const before = Date.now();
    const { facts, after } = await run([arm(name)], untouchedServer());
    const restore: WindowsOperation = { operation: 'dead-man-fire', input: { name, operations: back } };
    expect(await readFile(String(facts?.['path']), 'utf8')).toBe(composeScript([restore]));
    const dueAt = Date.parse(String(facts?.['dueAt']));
    expect(dueAt).toBeGreaterThanOrEqual(before + 10 * 60_000 - 1_000);
    expect(dueAt).toBeLessThanOrEqual(Date.now() + 10 * 60_000);
    const { standInTasks, standInAcls } = kept.parse(after);
    expect(standInAcls['dead-man']).toBe('O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)');
    expect(standInAcls['Evenkeel']).toBe(standInAcls['dead-man']);
    const registered = standInTasks[`\\Evenkeel\\${name}`];
    expect(registered).toMatchObject({ user: 'S-1-5-18' });
    expect(registered?.arguments).toContain(`\\Evenkeel\\dead-man\\${name}.ps1`);
    expect(registered?.triggers).toEqual([
      { kind: 'MSFT_TaskTimeTrigger', start: String(facts?.['dueAt']), everyMinutes: 1 },
      { kind: 'MSFT_TaskBootTrigger', start: null, everyMinutes: 0 },
    ]);
    expect((await run([read(name)])).facts).toMatchObject({ state: 'armed', dueAt: facts?.['dueAt'], firedAt: null });
    expect((await run([arm(name)])).facts).toMatchObject({ renewed: true });
  });

  it('confirming takes task and script away; a second time says that there was none', async () => {
    const name = fresh();
    const path = String((await run([arm(name)], untouchedServer())).facts?.['path']);
    const { facts, after } = await run([confirm(name)]);
    expect(facts).toEqual({ name, was: 'armed' });
    expect(kept.parse(after).standInTasks).toEqual({});
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    expect((await run([confirm(name)])).facts).toEqual({ name, was: 'none' });
    expect((await run([read(name)])).facts).toMatchObject({ state: 'none' });
  });

  it('the restore script takes the change back, says so to whoever confirms, and leaves no task', async () => {
    const name = fresh();
    const path = await armedAndDue(name);
    await run([install]);
    const restored = await runText(await readFile(path, 'utf8'));
    expect(restored.facts).toEqual({ name, fired: true });
    expect(keptState(restored.after).adapters).toEqual(untouchedServer().adapters);
    expect(kept.parse(restored.after).standInTasks).toEqual({});
    const told = /^Taken back at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, restored: remove-device removed ROOT\\NET\\0000$/;
    for (const operation of [confirm(name), confirm(name), arm(name)]) {
      const { failure } = await run([operation]);
      expect(failure?.code).toBe('dead_man_fired');
      expect(failure?.message).toMatch(told);
    }
    expect((await run([read(name)])).facts).toMatchObject({ state: 'fired', outcome: 'restored' });
  });

  it('while one waits no other is armed, whoever asks: it would take back the other change as well', async () => {
    const [first, second] = [fresh(), fresh()];
    await run([arm(first)], untouchedServer());
    const { failure } = await run([arm(second)]);
    expect(failure?.code).toBe('dead_man_armed');
    expect(failure?.message).toMatch(new RegExp(`^${first} takes an earlier change back at .*Z\\.$`));
    expect((await run([read(second)])).facts).toMatchObject({ state: 'none' });
    await run([confirm(first)]);
    expect((await run([arm(second)])).facts).toMatchObject({ name: second, renewed: false });
  });

  it('started by a boot before its time it does nothing', async () => {
    const name = fresh();
    const path = String((await run([arm(name), install], untouchedServer())).events.flatMap(pathOf)[0]);
    expect((await runText(await readFile(path, 'utf8'))).facts).toEqual({ name, fired: false });
    expect((await run([read(name)])).facts).toMatchObject({ state: 'armed' });
  });

  it('goes on where a power cut ended it in the middle', async () => {
    const name = fresh();
    const path = await armedAndDue(name);
    await run([install]);
    const mark = { dueAt: 0, firedAt: Date.UTC(2026, 10, 22, 12), outcome: 'running', text: '' };
    await writeFile(path.replace(/ps1$/, 'outcome.json'), JSON.stringify(mark));
    expect((await run([confirm(name)])).failure?.code).toBe('dead_man_fired');
    expect((await run([read(name)])).facts).toMatchObject({ state: 'fired', outcome: 'running' });
    const restored = await runText(await readFile(path, 'utf8'));
    expect(keptState(restored.after).adapters).toHaveLength(1);
    expect((await run([read(name)])).facts).toMatchObject({ outcome: 'restored', firedAt: '2026-11-22T12:00:00Z' });
  });

  it('right after a start waits for an adapter that is not there yet, instead of taking it for gone', async () => {
    const name = fresh();
    const whole = untouchedServer();
    const lan: SettingOperation = {
      operation: 'lan',
      input: {
        adapter: { hardwareId: null, deviceId: lanAdapter().deviceId, index: null },
        families: [{ family: 'IPv4', weakHostReceive: true }],
      },
    };
    const path = await armedAndDue(name, [lan], whole);
    const late = Buffer.from(JSON.stringify(whole)).toString('base64');
    const comesUp =
      'function Start-Sleep { param([int] $Seconds, [int] $Milliseconds) ' +
      `[IO.File]::WriteAllBytes($env:EVENKEEL_STAND_IN_STATE, [Convert]::FromBase64String('${late}')) }\n`;
    await runText(comesUp + (await readFile(path, 'utf8')), { ...whole, adapters: [] });
    expect((await run([read(name)])).facts).toMatchObject({ outcome: 'restored', text: 'lan IPv4 WeakHostReceive' });
  });

  it('what Windows took without a word but did not keep is not restored', async () => {
    const name = fresh();
    const lan: SettingOperation = {
      operation: 'lan',
      input: {
        adapter: { hardwareId: null, deviceId: lanAdapter().deviceId, index: null },
        families: [{ family: 'IPv4', weakHostReceive: true }],
      },
    };
    const path = await armedAndDue(name, [lan]);
    const deaf =
      'function Set-NetIPInterface { param($InterfaceIndex, $AddressFamily, $WeakHostReceive, [switch] $Confirm) }\n';
    await runText(deaf + (await readFile(path, 'utf8')));
    const told = 'lan IPv4 WeakHostReceive; does not stand: lan IPv4 WeakHostReceive';
    expect((await run([read(name)])).facts).toMatchObject({ state: 'fired', outcome: 'partly', text: told });
  });

  it('what stands only after a moment is restored', async () => {
    const name = fresh();
    const path = await armedAndDue(name);
    await run([install]);
    // The list of adapters still shows a device that was removed.
    const slow =
      'function Get-EkAdapter { param([object] $Ref)\n' +
      "  $held = @(Get-NetAdapter | Where-Object { $_.ComponentID -eq '*MSLOOP' })\n" +
      '  if ($held.Count -gt 0) { $global:seen = $held; $global:looks = 4 }\n' +
      '  elseif ($global:looks -gt 0) { $global:looks -= 1; return , $global:seen }\n' +
      '  return , $held }\n';
    const script = (await readFile(path, 'utf8')).replace(/^Invoke-Evenkeel/m, `${slow}$&`);
    const restored = await runText(script);
    expect(restored.after).toMatchObject({ adapters: [{}] });
    expect((await run([read(name)])).facts).toMatchObject({ outcome: 'restored' });
  });

  it('notes what is gone, writes down what fails, tries the rest: in the words of the practice model', async () => {
    const name = fresh();
    const noSix = lanAdapter().bindings.map((item) => ({ ...item, enabled: item.component !== 'ms_tcpip6' }));
    const state = server([lanAdapter({ bindings: noSix })]);
    const lan = (family: 'IPv4' | 'IPv6'): SettingOperation => ({
      operation: 'lan',
      input: {
        adapter: { hardwareId: null, deviceId: null, index: 12 },
        families: [{ family, weakHostReceive: true }],
      },
    });
    const operations: SettingOperation[] = [
      { operation: 'dns', input: { adapter: loopbackRef(null), register: true } },
      lan('IPv6'),
      lan('IPv4'),
      ...back,
    ];
    const path = await armedAndDue(name, operations, state);
    const restored = await runText(await readFile(path, 'utf8'));
    const { facts } = await run([read(name)]);
    const machine: WindowsMachine = { network: state, deadMen: [] };
    const options = { takenElsewhere: [], now: 0, minuteMs: 60_000 };
    const armed = applyToMachine(machine, arm(name, operations), options).machine;
    const [deadMan] = armed.deadMen;
    if (deadMan === undefined) throw new Error('the model did not arm');
    const model = fire(armed, deadMan, options);
    expect(facts).toMatchObject({ outcome: model.deadMen[0]?.fired?.outcome, text: model.deadMen[0]?.fired?.text });
    expect(keptState(restored.after).adapters).toEqual(model.network.adapters);
  });
});

const factsOf = (events: readonly ScriptEvent[]) =>
  events.flatMap((event) => (event.event === 'result' ? [event.facts] : [])).at(-1);
const failureOf = (events: readonly ScriptEvent[]) => events.find((event) => event.event === 'error');
const pathOf = (event: ScriptEvent) => (event.event === 'result' ? [event.facts['path']] : []);
