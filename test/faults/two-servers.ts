import {
  newFolder,
  openEngine,
  openMachine,
  openSite,
  removeFolder,
  type Machine,
  type Running,
  type Site,
} from '#test/protocol/direct-routing/site';
import {
  lanAdapter,
  rightServer,
  server,
  strongHost,
  untouchedServer,
} from '#test/unit/direct-routing/windows-fixtures';

export interface TwoServers {
  readonly folder: string;
  readonly site: Site;
  readonly engine: Running;
  /** ICA-APP02, which needs the fix; ICA-APP01 holds it and carries on. */
  readonly machine: Machine;
}

/** An engine over two real servers of one service: one holds the fix, the other lacks it. */
export async function openTwoServers(): Promise<TwoServers> {
  const folder = await newFolder();
  const first = server([
    lanAdapter({
      mac: '00-50-56-9C-02-10',
      ipv4: { ...strongHost, weakHostReceive: true },
      addresses: [{ address: '192.168.100.110', prefixLength: 24, skipAsSource: false, state: 'Preferred' }],
    }),
    ...rightServer().adapters.slice(1),
  ]);
  const machine = await openMachine('w2', 'ICA-APP02', '192.168.100.111', untouchedServer());
  const site = openSite([await openMachine('w1', 'ICA-APP01', '192.168.100.110', first), machine]);
  return { folder, site, machine, engine: await openEngine(folder, site) };
}

/** `engine` is the one that runs now: a test may have started another. */
export async function closeTwoServers(site: Site, engine: Running, folder: string): Promise<void> {
  await engine.close();
  await site.close();
  await removeFolder(folder);
}
