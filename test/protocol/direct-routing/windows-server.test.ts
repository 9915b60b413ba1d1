import { afterEach, describe, expect, it } from 'vitest';
import { createWindowsExecutor, visibleState, type WindowsFaults } from '#engine/practice-site/windows-model/index';
import { startWinrmServer, type WinrmFaults, type WinrmServer } from '#engine/practice-site/winrm-server/index';
import { createWindowsServer, type WindowsServer, type WindowsServerAccess } from '#engine/windows/index';
import {
  differenceOf,
  faultsOf,
  fixOperations,
  sameConfiguration,
  targetOf,
  undoOperations,
} from '#shared/domain/direct-routing/index';
import { untouchedServer } from '#test/unit/direct-routing/windows-fixtures';
import { EvenkeelError } from '#shared/errors';

const open: { server: WinrmServer; client: WindowsServer }[] = [];
const signal = new AbortController().signal;
const services = [
  {
    pairId: 'main',
    pairName: 'lb-main',
    serviceName: 'ICA_WEB',
    address: '192.168.100.100',
    ports: '80,443',
    protocol: 'tcp',
    realServers: [{ label: 'ICA_WEB2', address: '192.168.100.111' }],
  },
];
const target = targetOf(['192.168.100.111'], services);

async function practice(options: { readonly password?: string; readonly administrator?: boolean } = {}) {
  let state = untouchedServer();
  const faults: { now: WindowsFaults } = { now: {} };
  const winrm: WinrmFaults = {};
  const executor = createWindowsExecutor({
    read: () => state,
    write: (next) => {
      state = next;
    },
    clock: {
      // Ordinary waits are over at once; one of a day ends only when it is given up.
      wait: (seconds, given) =>
        seconds < 3_600
          ? Promise.resolve()
          : new Promise((_resolve, reject) => {
              given.addEventListener('abort', () => reject(new Error('ended')), { once: true });
            }),
    },
    faults: () => faults.now,
  });
  const server = await startWinrmServer({
    host: '127.0.0.1',
    http: { port: 0 },
    accounts: [
      {
        username: 'Administrator',
        password: 'Correct-Horse-1',
        domain: '',
        ...(options.administrator === undefined ? {} : { administrator: options.administrator }),
      },
    ],
    computerName: 'ICA-APP02',
    execute: (request) =>
      executor.execute({ ...request, stdin: request.stdin.toString('utf8'), user: request.user.username }),
    faults: winrm,
  });
  const access: WindowsServerAccess = {
    id: 'w2',
    name: 'ICA-APP02',
    host: '127.0.0.1',
    port: server.httpPort ?? 0,
    transport: 'http',
    login: { kind: 'ntlm', username: 'Administrator', password: options.password ?? 'Correct-Horse-1', domain: '' },
    pins: { certificate: null },
  };
  const client = createWindowsServer(access);
  open.push({ server, client });
  return { client, server, faults, winrm, state: () => state };
}

afterEach(async () => {
  for (const { server, client } of open.splice(0)) {
    await client.close();
    await server.close();
  }
});

async function failure(work: Promise<unknown>): Promise<EvenkeelError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof EvenkeelError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('a Windows server over WinRM', () => {
  it('is read, fixed, found right, and undone to what it was', async () => {
    if (target === null) throw new Error('no target');
    const { client, state } = await practice();
    const before = await client.readState(signal);
    expect(before.adapters).toEqual(visibleState(untouchedServer()).adapters);

    const operations = fixOperations(target, differenceOf(target, before)).flatMap((part) => part.operations);
    const results = await client.run(operations, { signal });
    expect(results.map((result) => result.operation)).toEqual([
      'ensure-device',
      'bindings',
      'interface',
      'dns',
      'addresses',
      'lan',
    ]);

    const after = await client.readState(signal);
    expect(faultsOf(differenceOf(target, after))).toEqual([]);
    expect(fixOperations(target, differenceOf(target, after))).toEqual([]);

    await client.run(undoOperations(operations, before), { signal });
    expect(sameConfiguration(await client.readState(signal), before)).toBe(true);
    expect(sameConfiguration(state(), untouchedServer())).toBe(true);
  });

  it('uses one shell for many scripts and gives it back', async () => {
    const { client, server } = await practice();
    await Promise.all([client.readState(signal), client.readState(signal), client.readState(signal)]);
    expect(server.openShells()).toBe(1);
    await client.close();
    expect(server.openShells()).toBe(0);
  });

  it('names the operation that failed, and what it said', async () => {
    const { client, faults, state } = await practice();
    faults.now = { failOperation: { operation: 'ensure-device', message: 'setupapi says no' } };
    const error = await failure(client.run([{ operation: 'ensure-device', input: { name: 'loopback' } }], { signal }));
    expect(error.code).toBe('script_failed');
    expect(error.details).toMatchObject({ unit: 'ICA-APP02', operation: 'ensure-device', reason: 'setupapi says no' });
    expect(state()).toEqual(untouchedServer());
  });

  it('tells a wrong password from a filtered account', async () => {
    const wrong = await practice({ password: 'nonsense' });
    expect((await failure(wrong.client.readState(signal))).code).toBe('login_refused');
    const filtered = await practice({ administrator: false });
    const error = await failure(filtered.client.readState(signal));
    expect(error.code).toBe('not_administrator');
    expect(error.details.advice).toContain('LocalAccountTokenFilterPolicy');
  });

  it('tells a used up quota of shells', async () => {
    const { client, winrm } = await practice();
    winrm.quotaShells = 0;
    expect((await failure(client.readState(signal))).code).toBe('winrm_quota');
  });

  it('ends at once when it is given up, and leaves the server as it was', async () => {
    const { client, faults, state } = await practice();
    faults.now = { hangOperation: 'ensure-device' };
    const giveUp = new AbortController();
    const running = client.run([{ operation: 'ensure-device', input: { name: 'loopback' } }], {
      signal: giveUp.signal,
      onEvent: () => giveUp.abort(new Error('enough')),
    });
    expect((await failure(running)).code).toBe('aborted');
    expect(state()).toEqual(untouchedServer());
  });
});
