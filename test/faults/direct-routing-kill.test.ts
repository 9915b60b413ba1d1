import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drOptions } from '#shared/contract/direct-routing';
import {
  newFolder,
  openEngine,
  openMachine,
  openSite,
  removeFolder,
  type Site,
} from '#test/protocol/direct-routing/site';
import {
  rightServer,
  server,
  lanAdapter,
  strongHost,
  untouchedServer,
} from '#test/unit/direct-routing/windows-fixtures';

const child = fileURLToPath(new URL('../protocol/direct-routing/engine-child.ts', import.meta.url));
let folder: string;
let site: Site;
let front: Server;
let running: ChildProcess | null = null;

beforeEach(async () => {
  folder = await newFolder();
  const first = server([
    lanAdapter({
      mac: '00-50-56-9C-02-10',
      ipv4: { ...strongHost, weakHostReceive: true },
      addresses: [{ address: '192.168.100.110', prefixLength: 24, skipAsSource: false, state: 'Preferred' }],
    }),
    ...rightServer().adapters.slice(1),
  ]);
  site = openSite([
    await openMachine('w1', 'ICA-APP01', '192.168.100.110', first),
    await openMachine('w2', 'ICA-APP02', '192.168.100.111', untouchedServer()),
    await openMachine(
      'w3',
      'ICA-APP03',
      '192.168.100.112',
      server([
        lanAdapter({
          mac: '00-50-56-9C-02-12',
          addresses: [{ address: '192.168.100.112', prefixLength: 24, skipAsSource: false, state: 'Preferred' }],
        }),
      ]),
    ),
  ]);
  front = await openFront(site);
});

afterEach(async () => {
  running?.kill('SIGKILL');
  front.closeAllConnections();
  front.close();
  await site.close();
  await removeFolder(folder);
});

/** The appliance and the estate for an engine in another process. */
async function openFront(of: Site): Promise<Server> {
  const deps = of.deps({ jobs: { plans: null } } as never, null as never);
  const made = createServer((request, response) => {
    void (async () => {
      const input = JSON.parse(await text(request)) as never;
      const appliance = await deps.appliance('u1');
      const signal = new AbortController().signal;
      const answers: Record<string, () => unknown> = {
        '/estate': () => ({ pairs: deps.estate.pairs() }),
        '/read': () => appliance.read(signal),
        '/drain': () => appliance.drain(input, signal),
        '/online': () => appliance.online(input, signal),
        '/arping': () => appliance.arping(input, signal),
      };
      response.end(JSON.stringify(await answers[request.url ?? '']?.()));
    })();
  });
  made.listen(0, '127.0.0.1');
  await once(made, 'listening');
  return made;
}

function startEngine(fix: readonly string[] = ['w2'], together = false): ChildProcess {
  const orders = {
    folder,
    appliance: `http://127.0.0.1:${String((front.address() as AddressInfo).port)}`,
    machines: site.machines.map(({ id, name, address, server: endpoint }) => ({
      ...{ id, name, address },
      port: endpoint.httpPort ?? 0,
    })),
    fix,
    together,
  };
  return spawn(process.execPath, ['--import', 'tsx', child, JSON.stringify(orders)], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
}

describe('an engine killed in the middle of a Direct Routing fix', () => {
  it.each(['dead-man-arm', 'ensure-device', 'addresses', 'lan', 'dead-man-confirm'])(
    'during %s: the next start finishes it and proves it',
    async (operation) => {
      const [, machine] = site.machines;
      if (machine === undefined) throw new Error('no machine');
      machine.faults = { hangOperation: operation };
      running = startEngine();
      await vi.waitFor(() => expect(machine.hanging).toBe(true), { timeout: 18_000, interval: 50 });
      expect(site.statuses.get('ICA_WEB/ICA_WEB2')).toBe('drained');
      running.kill('SIGKILL');
      await once(running, 'exit');
      machine.faults = {};

      const engine = await openEngine(folder, site);
      try {
        const [job] = await engine.jobs.list(1);
        const ended = await engine.ended(job?.id ?? '');
        expect({ state: ended.state, verdict: ended.verdict, error: ended.error }).toEqual({
          state: 'succeeded',
          verdict: 'proved',
          error: null,
        });
        expect([...site.statuses.values()].every((status) => status === 'online')).toBe(true);
        expect(machine.state.adapters.filter((adapter) => adapter.hardwareId === '*MSLOOP')).toHaveLength(1);
        expect(machine.deadMen).toEqual([]);
        // And the undo still knows the state from before the crash.
        const context = { signal: new AbortController().signal, operator: 'jokafor' };
        const { calls } = engine.directRouting.handlers;
        const undo = await calls['directRouting.planUndo']({ windowsId: 'w2', options: drOptions.parse({}) }, context);
        const undone = await engine.ended(await engine.start(undo));
        expect(undone.verdict).toBe('proved');
        expect(machine.state.adapters).toEqual(untouchedServer().adapters);
      } finally {
        await engine.close();
      }
    },
    40_000,
  );

  it.each(['bindings', 'dead-man-confirm'])(
    'during %s, and the dead-man fires before the next start: that says so, and everything is as before',
    async (operation) => {
      const [, machine] = site.machines;
      if (machine === undefined) throw new Error('no machine');
      machine.faults = { hangOperation: operation };
      running = startEngine();
      await vi.waitFor(() => expect(machine.hanging).toBe(true), { timeout: 18_000, interval: 50 });
      running.kill('SIGKILL');
      await once(running, 'exit');
      machine.faults = {};
      // Whatever hung ends with the power, and the task runs when it is back.
      machine.executor.powerOff();
      machine.aheadMs = 3_600_000;
      machine.executor.powerOn();
      await vi.waitFor(() => expect(machine.deadMen.some((item) => item.fired !== null)).toBe(true));

      const engine = await openEngine(folder, site);
      try {
        const [job] = await engine.jobs.list(1);
        const ended = await engine.ended(job?.id ?? '');
        expect(ended).toMatchObject({ state: 'undone', error: { code: 'dead_man_fired' } });
        expect(machine.state.adapters).toEqual(untouchedServer().adapters);
        expect([...site.statuses.values()].every((status) => status === 'online')).toBe(true);
      } finally {
        await engine.close();
      }
    },
    40_000,
  );

  it('while it takes back: the next start takes back the rest, disarms, and brings the server online', async () => {
    const [, machine] = site.machines;
    if (machine === undefined) throw new Error('no machine');
    machine.faults = { failOperation: { operation: 'lan', message: 'no' }, hangOperation: 'remove-device' };
    running = startEngine();
    await vi.waitFor(() => expect(machine.hanging).toBe(true), { timeout: 18_000, interval: 50 });
    running.kill('SIGKILL');
    await once(running, 'exit');
    machine.faults = {};

    const engine = await openEngine(folder, site);
    try {
      const [job] = await engine.jobs.list(1);
      expect(await engine.ended(job?.id ?? '')).toMatchObject({ state: 'undone' });
      expect(machine.state.adapters).toEqual(untouchedServer().adapters);
      expect(machine.deadMen).toEqual([]);
      expect([...site.statuses.values()].every((status) => status === 'online')).toBe(true);
    } finally {
      await engine.close();
    }
  }, 40_000);

  it('with two lanes under way: the next start finishes both', async () => {
    const lanes = site.machines.slice(1);
    for (const machine of lanes) machine.faults = { hangOperation: 'addresses' };
    running = startEngine(['w2', 'w3'], true);
    for (const machine of lanes) {
      await vi.waitFor(() => expect(machine.hanging).toBe(true), { timeout: 18_000, interval: 50 });
    }
    running.kill('SIGKILL');
    await once(running, 'exit');
    for (const machine of lanes) machine.faults = {};

    const engine = await openEngine(folder, site);
    try {
      const [job] = await engine.jobs.list(1);
      expect(await engine.ended(job?.id ?? '')).toMatchObject({ state: 'succeeded', verdict: 'proved' });
      for (const machine of lanes) expect(machine.deadMen).toEqual([]);
      expect([...site.statuses.values()].every((status) => status === 'online')).toBe(true);
    } finally {
      await engine.close();
    }
  }, 40_000);
});
