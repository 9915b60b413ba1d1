import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createPwshExecutor, isPowerShell, type PwshExecutor } from '#engine/practice-site/pwsh-executor/index';
import { settle, visibleState, type WindowsFaults } from '#engine/practice-site/windows-model/index';
import { createWindowsServer, type WindowsServer } from '#engine/windows/index';
import { connect, type WinrmConnection } from '#engine/windows/winrm/index';
import { undoOperations } from '#shared/domain/direct-routing/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { web } from '#test/unit/direct-routing/cases-base';
import { fixOf } from '#test/unit/direct-routing/property-tools';
import { untouchedServer } from '#test/unit/direct-routing/windows-fixtures';
import { ACCOUNT, practiceHost, type PracticeHost } from '../winrm/practice-host';
import { ordered } from './compare';
import { needsPwsh, pwsh, standInModule } from './pwsh';

const signal = new AbortController().signal;
const limits = { signal, deadlineMs: 120_000 };

describe.skipIf(pwsh === null)(`practice server with a real PowerShell, over WinRM${needsPwsh}`, () => {
  let folder: string;
  let host: PracticeHost;
  let machine: PwshExecutor;
  let connection: WinrmConnection;
  let server: WindowsServer;
  let state: WindowsNetworkState = settle(untouchedServer());
  let faults: WindowsFaults = {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evenkeel-pwsh-host-'));
    machine = createPwshExecutor({
      options: { program: pwsh ?? '', module: standInModule },
      folder,
      read: () => state,
      write: (next) => (state = next),
      faults: () => faults,
      other: () => {
        throw new Error('Only PowerShell is asked for here.');
      },
    });
    host = await practiceHost(
      (request) => machine.execute(request),
      () => '',
      { readsAsItComes: isPowerShell },
    );
    connection = await connect(host.http, limits);
    const { port } = host.http;
    const given = { host: '127.0.0.1', port, transport: 'http' as const, login: { kind: 'ntlm' as const, ...ACCOUNT } };
    server = createWindowsServer({ ...given, id: 'w1', name: 'ICA-APP02', pins: { certificate: null } });
  });
  afterEach(() => {
    faults = {};
  });
  afterAll(async () => {
    machine.powerOff();
    await server.close();
    await connection.close();
    await host.server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = async (script: string, input?: string) => {
    const shell = await connection.shell(limits);
    try {
      return await shell.run({ powershell: script }, { ...limits, ...(input !== undefined && { input }) });
    } finally {
      await shell.close();
    }
  };

  it('the bootstrap reads the script from standard input and hands on the lines after it', async () => {
    const ran = await run('"got $(@($input) -join "+")"', 'one\ntwo\n');
    expect(ran).toMatchObject({ stdout: 'got one+two\n', stderr: '', exitCode: 0 });
  });

  it('umlauts and other scripts come back whole, on the way there and on the way back', async () => {
    const ran = await run("[Console]::Out.WriteLine('Überwachung [1] 乙太網路 €')");
    expect(ran).toMatchObject({ stdout: 'Überwachung [1] 乙太網路 €\n', exitCode: 0 });
  });

  it('a script of 700 kB arrives in many parts and runs whole; 1 MB of output comes back whole', async () => {
    const filler = Array.from({ length: 10_000 }, (_, at) => `# line ${at} ${'x'.repeat(60)}`).join('\n');
    const ran = await run(`${filler}\n[Console]::Out.Write('ä' * 524288)`);
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout === 'ä'.repeat(524_288)).toBe(true);
  });

  it('exit codes and what PowerShell says on standard error as CLIXML come back in words', async () => {
    const ran = await run('Get-Nothing -AtAll; [Console]::Out.WriteLine("after"); exit 7');
    expect(ran.exitCode).toBe(7);
    expect(ran.stdout).toBe('after\n');
    expect(ran.stderr).toContain("The term 'Get-Nothing' is not recognized");
    expect(ran.stderr).not.toContain('CLIXML');
    expect(ran.stderr).not.toContain('_x000A_');
  });

  it(
    'the product reads the server, carries out the fix, sees the target reached, and takes it back exactly',
    { timeout: 240_000 },
    async () => {
      state = settle(untouchedServer());
      const before = await server.readState(signal);
      expect(ordered(before)).toEqual(ordered(visibleState(state)));
      const world = { services: [web], options: {} };
      const fix = fixOf({ ...world, state });
      if (fix === null) throw new Error('The server is in a service.');
      const results = await server.run(fix.operations, { signal });
      expect(results.map((result) => result.operation)).toEqual(fix.operations.map((item) => item.operation));
      expect(fixOf({ ...world, state })?.operations).toEqual([]);
      await server.run(undoOperations(fix.operations, fix.seen), { signal });
      expect(ordered(await server.readState(signal))).toEqual(ordered(before));
    },
  );

  it('a state that Windows refuses to change is told with its code, and nothing is left behind', async () => {
    state = settle({ ...untouchedServer(), isAdministrator: false });
    await expect(
      server.run([{ operation: 'ensure-device', input: { name: 'loopback' } }], { signal }),
    ).rejects.toMatchObject({ code: 'not_administrator' });
    expect(state.adapters).toHaveLength(1);
    state = settle(untouchedServer());
  });

  it('Constrained Language mode stops the bootstrap itself, and the product says so', async () => {
    faults = { constrainedLanguage: true };
    await expect(server.readState(signal)).rejects.toMatchObject({ code: 'language_restricted' });
  });

  it(
    'a dead-man that is not confirmed takes the change back at its time, as a scheduled task',
    { timeout: 240_000 },
    async () => {
      state = settle(untouchedServer());
      const before = ordered(visibleState(state));
      const fix = fixOf({ services: [web], options: {}, state });
      if (fix === null) throw new Error('The server is in a service.');
      await server.run(fix.operations, { signal });
      const operations = undoOperations(fix.operations, fix.seen);
      await server.run(
        [{ operation: 'dead-man-arm', input: { name: 'job-1', minutes: 1, operations: [...operations] } }],
        { signal },
      );
      await timePasses('job-1');
      await machine.fireDue();
      expect(ordered(visibleState(state))).toEqual(before);
      const [told] = await server.run([{ operation: 'dead-man-read', input: { name: 'job-1' } }], { signal });
      expect(told?.facts).toMatchObject({ state: 'fired', outcome: 'restored' });
      await expect(
        server.run([{ operation: 'dead-man-confirm', input: { name: 'job-1' } }], { signal }),
      ).rejects.toMatchObject({ code: 'dead_man_fired' });
    },
  );

  /** Two minutes go by: the task and its record have their time in the past. */
  async function timePasses(name: string): Promise<void> {
    const record = join(folder, `machine/ProgramData/Evenkeel/dead-man/${name}.json`);
    const due = z.object({ dueAt: z.number() }).parse(JSON.parse(await readFile(record, 'utf8'))).dueAt - 120_000;
    await writeFile(record, JSON.stringify({ dueAt: due }));
    const file = join(folder, 'state.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/"start":"[^"]+"/, `"start":"${new Date(due).toISOString()}"`));
  }
});
