import diagnostics from 'node:diagnostics_channel';
import ssh2 from 'ssh2';
import { createAppliance, type Appliance } from '#engine/appliance/index';
import { has, OpenSsh } from '../protocol/practice-site/clients';
import { openSite, type OpenSite } from '../protocol/practice-site/site';
import { median, since, type BenchLine } from './tools/bench-line';

const services = 10;
const serversEach = 5;
const rounds = 15;

/** One poll of an appliance with 10 services of 5 servers: how many requests go out, and how long it takes. */
async function poll(): Promise<BenchLine[]> {
  if (!has('ssh')) throw new Error('OpenSSH is not installed');
  const opened = await openSite();
  enlarge(opened);
  const { host, port, username, password } = opened.first.ssh;
  const ssh = await OpenSsh.open({ host, port, username, password });
  const { signal } = new AbortController();
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    const requests = new Set<number>();
    for (let round = 0; round <= rounds; round++) {
      // Each with a connection of its own, as the peer has.
      const appliance = driverOf(opened);
      const began = process.hrtime.bigint();
      await appliance.read(signal);
      const own = since(began);
      // And once more on the connection that stands: a poll as it is from then on.
      const counted = await counting(() => appliance.read(signal));
      await appliance.close();
      const { realServers } = counted.value.services.find(({ name }) => name === 'BENCH_1') ?? { realServers: [] };
      if (realServers.length !== serversEach || counted.value.services.length < services)
        throw new Error('not all read');
      requests.add(counted.requests);
      const started = process.hrtime.bigint();
      const ran = await ssh.ssh('true');
      if (ran.status !== 0) throw new Error(ran.err);
      if (round === 0) continue;
      ours.push(own);
      theirs.push(since(started));
    }
    const most = Math.max(...requests);
    const [value, peerValue] = [median(ours), median(theirs)];
    const name = `poll of one appliance with ${services} services of ${serversEach} servers`;
    const none = { peer: null, peerValue: null, ratio: null };
    return [
      { name: `${name}: round trips`, value: most, unit: 'requests', ...none, bound: '= 1', held: most === 1 },
      {
        ...{ name: `${name}: time with its connection`, value, unit: 'ms', peer: 'ssh host true', peerValue },
        ...{ ratio: value / peerValue, bound: '<= 1.5 x ssh host true', held: value <= 1.5 * peerValue },
      },
    ];
  } finally {
    await ssh.close();
    await opened.close();
  }
}

/** Instead of the guide's services, as many as wanted, each with servers of its own. */
function enlarge({ site }: OpenSite): void {
  site.world.apply((state) => ({
    ...state,
    pairs: state.pairs.map((pair) => {
      const model = pair.services.find(({ layer }) => layer === 4);
      const real = model?.realServers[0];
      if (model === undefined || real === undefined) throw new Error('no service');
      const made = Array.from({ length: services }, (_, service) => ({
        ...model,
        label: `BENCH_${service}`,
        address: `192.168.100.${150 + service}`,
        realServers: Array.from({ length: serversEach }, (_unused, server) => ({
          ...real,
          label: `BENCH_${service}_${server}`,
          address: `192.168.101.${10 * service + server + 1}`,
        })),
      }));
      return { ...pair, services: made };
    }),
  }));
}

function driverOf({ site, first }: OpenSite): Appliance {
  const [unit] = site.units().appliances;
  if (unit === undefined) throw new Error('no appliance');
  return createAppliance({
    ...{ id: 'bench', name: unit.name, host: unit.host, snmpPort: null, giveUpSeconds: 8 },
    ...{ sshPort: unit.sshPort, webuiPort: unit.webuiPort, webui: unit.webui, api: null },
    ssh: { kind: 'password', username: first.ssh.username, password: first.ssh.password },
    pins: { sshHostKey: unit.sshHostKeySha256, certificate: unit.certificateSha256 },
  });
}

/** Counts what leaves this process for a unit meanwhile: commands over SSH, file sessions, requests of the WebUI. */
async function counting<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly requests: number }> {
  let requests = 0;
  const count = (): void => {
    requests += 1;
  };
  const stops = (['exec', 'sftp', 'shell', 'subsys'] as const).map((name) => counted(name, count));
  diagnostics.subscribe('undici:request:create', count);
  try {
    return { value: await work(), requests };
  } finally {
    diagnostics.unsubscribe('undici:request:create', count);
    for (const stop of stops) stop();
  }
}

function counted(name: string, count: () => void): () => void {
  const { prototype } = ssh2.Client;
  const original: unknown = Reflect.get(prototype, name);
  if (typeof original !== 'function') throw new Error(`The SSH library has no ${name}`);
  Reflect.set(prototype, name, function (this: object, ...args: readonly unknown[]): unknown {
    count();
    return Reflect.apply(original, this, args) as unknown;
  });
  return () => void Reflect.set(prototype, name, original);
}

export default { name: 'poll', run: poll };
