import { drOptions } from '#shared/contract/direct-routing';
import type { DirectRoutingDeps } from '#engine/direct-routing/index';
import { connectTo, openEngine, openSite } from './site';

/**
 * An engine in a process of its own, so that it can be killed. The Windows servers and the appliance live on in the
 * process of the test: the servers behind WinRM, the appliance behind a few HTTP calls.
 */
interface Orders {
  readonly folder: string;
  readonly appliance: string;
  readonly machines: readonly { id: string; name: string; address: string; port: number }[];
  readonly fix: readonly string[];
  /** Servers of one service at the same time. */
  readonly together: boolean;
}

const orders = JSON.parse(process.argv[2] ?? '') as Orders;
const clients = new Map(orders.machines.map((machine) => [machine.id, connectTo(machine)]));

async function ask<T>(name: string, input: unknown): Promise<T> {
  const answer = await fetch(`${orders.appliance}/${name}`, { method: 'POST', body: JSON.stringify(input) });
  return (await answer.json()) as T;
}

const { pairs } = await ask<{ pairs: ReturnType<DirectRoutingDeps['estate']['pairs']> }>('estate', {});
const base = openSite([]);
const engine = await openEngine(orders.folder, {
  deps: (bench, db) => ({
    ...base.deps(bench, db),
    estate: {
      pairs: () => pairs,
      servers: () =>
        orders.machines.map(({ id, name, address }) => ({ id, name, addresses: [address], practice: true })),
      onChange: () => () => undefined,
      refresh: () => Promise.resolve(),
    },
    windows: (id) => {
      const client = clients.get(id);
      return client === undefined ? Promise.reject(new Error(id)) : Promise.resolve(client);
    },
    appliance: () =>
      Promise.resolve({
        name: 'lb-main-1',
        read: () => ask('read', {}),
        drain: (ref) => ask('drain', ref),
        online: (ref) => ask('online', ref),
        arping: (address) => ask('arping', address),
      }),
  }),
});
const { calls } = engine.directRouting.handlers;
const plan = await calls['directRouting.plan'](
  { windowsIds: [...orders.fix], options: drOptions.parse({ together: orders.together }) },
  { signal: new AbortController().signal, operator: 'jokafor' },
);
await engine.ended(await engine.start(plan));
