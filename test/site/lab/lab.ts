import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Appliance, ssh } from './appliance';
import { must } from './commands';
import { removeLab, removeLeftovers, startOf, watchOver } from './leftovers';
import { namespaceNow } from './namespace-now';
import { folderOf, servers, units, vip, type ServerPlace, type UnitPlace } from './names';
import { Pair } from './pair';
import { Processes } from './processes';
import { openSegment } from './segment';
import { Server } from './server';

const checkEveryMs = 2_000;
/** The servers' own clocks: a quarter of an hour becomes half a minute. */
const windowsSpeed = 30;

/** The network lab: a client, an operator's computer, a pair of appliances and three real servers on one segment. */
export class Lab {
  private checking: Promise<void> = Promise.resolve();
  private readonly closing = new AbortController();
  readonly processes = new Processes();
  readonly pair = new Pair();
  readonly appliances = new Map<UnitPlace, Appliance>();
  readonly servers = new Map<ServerPlace, Server>();
  /** The servers' namespaces as they were when nothing had been done to them. */
  readonly bare = new Map<ServerPlace, string>();

  private constructor(readonly folder: string) {}

  /** Opens the lab and configures the pair by its own `lbcli`. Removes what dead labs have left. */
  static async open(): Promise<Lab> {
    await removeLeftovers();
    const lab = new Lab(folderOf(process.pid));
    await mkdir(lab.folder, { mode: 0o755 });
    await writeFile(join(lab.folder, 'started'), startOf(process.pid) ?? '');
    const watcher = watchOver(process.pid);
    try {
      await openSegment();
      await lab.fill();
      return lab;
    } catch (error) {
      await lab.close();
      watcher.stdin?.end();
      throw error;
    }
  }

  appliance(place: UnitPlace): Appliance {
    const found = this.appliances.get(place);
    if (found === undefined) throw new Error(`no ${place}`);
    return found;
  }

  server(place: ServerPlace): Server {
    const found = this.servers.get(place);
    if (found === undefined) throw new Error(`no ${place}`);
    return found;
  }

  /** One command on a unit, from the operator's computer. */
  ssh(place: UnitPlace, command: string): Promise<string> {
    return ssh(place, this.folder, command);
  }

  async operatorKey(): Promise<string> {
    return readFile(join(this.folder, 'operator'), 'utf8');
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.checking;
    await this.processes.stopAll();
    await Promise.all([...this.appliances.values()].map((unit) => unit.close()));
    await removeLab(process.pid);
  }

  private async fill(): Promise<void> {
    const { folder, processes, pair } = this;
    await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'operator', '-f', join(folder, 'operator')]);
    const authorizedKey = (await readFile(join(folder, 'operator.pub'), 'utf8')).trim();
    const { signal } = this.closing;
    await Promise.all([
      ...units.map(async (place) =>
        this.appliances.set(place, await Appliance.open({ place, pair, folder, processes, authorizedKey, signal })),
      ),
      ...servers.map(async (place) =>
        this.servers.set(place, await Server.open({ place, folder, processes, speed: windowsSpeed })),
      ),
    ]);
    for (const place of servers) this.bare.set(place, await namespaceNow(place));
    await this.ssh('lb1', setUp(this.servers).join('; '));
    await this.checkOnce();
    this.checking = this.checkAlways();
  }

  private async checkOnce(): Promise<void> {
    for (const place of units) await this.pair.checkHealth(place);
  }

  private async checkAlways(): Promise<void> {
    for (;;) {
      try {
        await sleep(checkEveryMs, undefined, { signal: this.closing.signal });
      } catch {
        // The lab closes.
        return;
      }
      await this.checkOnce();
    }
  }
}

/** The guide's two services, as the guide's calls [I]. One client is spread over all servers, so that each is seen. */
function setUp(known: ReadonlyMap<ServerPlace, Server>): readonly string[] {
  const service = (label: string, ports: string, checkPort: string): readonly string[] => [
    `lbcli --action add-vip --layer 4 --vip ${label} --ip ${vip} --ports ${ports} --forwarding gate --protocol tcp`,
    `lbcli --action edit-vip --vip ${label} --check_port ${checkPort} --persistent off`,
    ...servers.map(
      (place, index) =>
        `lbcli --action add-rip --vip ${label} --rip ${label}${index + 1} --ip ${known.get(place)?.address ?? ''} --weight 100`,
    ),
  ];
  return [...service('ICA_WEB', '80,443', '443'), ...service('ICA_DICOM', '4444', '4444')];
}
