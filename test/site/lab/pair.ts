import { ipLines, must, nftRules, run, within } from './commands';
import { connectionsIn, noRules, rulesText, type Connection, type RuledService } from './direct-routing-rules';
import { LabWorld, macOf, pairName, portsOf, unitNames } from './lab-world';
import { hosts, namespaceOf, units, type UnitPlace } from './names';
import { changeAppliance, checkPort, inService, type VirtualService } from '#engine/practice-site/world/index';

/**
 * The pair of appliances on the segment: what the practice appliance's configuration says is carried out with real
 * addresses and real rules. Nothing is done while a command runs; `settle` follows it.
 */
export class Pair {
  readonly world = new LabWorld(() => {
    this.changed = true;
  });
  private changed = false;
  private turn: Promise<void> = Promise.resolve();
  private readonly held = new Map<UnitPlace, readonly string[]>(units.map((place) => [place, []]));
  private readonly ruled = new Map<UnitPlace, string>();

  /** The unit that carries the traffic, as the configuration has it. */
  active(): UnitPlace {
    const found = units.find((place) => this.world.appliance(unitNames[place]).ha === 'active');
    if (found === undefined) throw new Error('no unit of the lab is active');
    return found;
  }

  /** Carries out what has changed. One after the other; resolves when it is done. */
  async settle(): Promise<void> {
    const work = async (): Promise<void> => {
      if (!this.changed) return;
      this.changed = false;
      await this.carryOut();
    };
    this.turn = this.turn.then(work, work);
    await this.turn;
  }

  /** What the rules of the active unit remember now. */
  async connections(map: 'conns' | 'active'): Promise<readonly Connection[]> {
    const { code, stdout } = await run(within(this.active(), ['nft', '-j', 'list', 'map', 'netdev', 'dr', map]));
    return code === 0 ? connectionsIn(stdout) : [];
  }

  /** Looks at the connections, so that the next `ipvsadm` tells them. */
  async count(): Promise<void> {
    const [all, active] = [await this.connections('conns'), await this.connections('active')];
    const of = (list: readonly Connection[], mac: string, ports: readonly number[]): number =>
      list.filter((item) => item.mac === mac && ports.includes(item.port)).length;
    this.world.realCounts = (mac, ports) => ({ all: of(all, mac, ports), active: of(active, mac, ports) });
  }

  /** Checks every real server as the appliance does: at its own address, from this unit's place on the segment. */
  async checkHealth(place: UnitPlace): Promise<void> {
    const unitName = unitNames[place];
    const wanted = this.services().flatMap((service) =>
      service.realServers.map((real) => ({
        service: service.label,
        realServer: real.label,
        at: `${real.address}/${checkPort(service, real)}`,
      })),
    );
    const targets = [...new Set(wanted.map((item) => item.at))];
    if (targets.length === 0) return;
    // A host that is not there is given up by the whole round: what has not answered by then has failed.
    const ask = 'for at in "$@"; do (exec 3<>"/dev/tcp/$at" && echo "$at") 2>/dev/null & done; wait';
    const words = ['timeout', '-s', 'KILL', '3', 'bash', '-c', ask, 'check', ...targets];
    const { stdout } = await run(within(place, words), { deadlineMs: 8_000 });
    const right = new Set(stdout.split('\n'));
    const failingChecks = wanted
      .filter((item) => !right.has(item.at))
      .map(({ service, realServer }) => ({ service, realServer }));
    const before = this.world.appliance(unitName).failingChecks;
    if (JSON.stringify(before) === JSON.stringify(failingChecks)) return;
    this.world.apply((state) => changeAppliance(state, unitName, { failingChecks }));
    await this.settle();
  }

  private services(): readonly VirtualService[] {
    return this.world.state.pairs.find((pair) => pair.name === pairName)?.services ?? [];
  }

  private async carryOut(): Promise<void> {
    const active = this.active();
    const addresses = this.world.pairOf(unitNames[active]).floatingAddresses;
    for (const place of units) if (place !== active) await this.release(place);
    const rules = rulesText({ ownMac: hosts[active].mac, services: this.services().flatMap((s) => this.ruled4(s)) });
    if (this.ruled.get(active) !== rules) await nftRules(active, rules);
    this.ruled.set(active, rules);
    await this.take(active, addresses);
    await this.cutOff(active);
  }

  /** As the resource agent does it: the address, then replies and requests that nobody asked for. */
  private async take(place: UnitPlace, addresses: readonly string[]): Promise<void> {
    const before = this.held.get(place) ?? [];
    const added = addresses.filter((address) => !before.includes(address));
    const removed = before.filter((address) => !addresses.includes(address));
    await ipLines(place, [
      ...removed.map((address) => `addr del ${address}/24 dev eth0`),
      ...added.map((address) => `addr add ${address}/24 dev eth0`),
    ]);
    this.held.set(place, addresses);
    await Promise.all(
      added.flatMap((address) =>
        ['-A', '-U'].map((how) => must(within(place, ['arping', how, '-c', '1', '-w', '1', '-I', 'eth0', address]))),
      ),
    );
  }

  private async release(place: UnitPlace): Promise<void> {
    const before = this.held.get(place) ?? [];
    if (this.ruled.delete(place)) await nftRules(place, noRules);
    await ipLines(
      place,
      before.map((address) => `addr del ${address}/24 dev eth0`),
    );
    this.held.set(place, []);
  }

  private ruled4(service: VirtualService): readonly RuledService[] {
    if (service.layer !== 4 || service.forwarding !== 'gate') return [];
    const unit = this.world.appliance(unitNames[this.active()]);
    const targets = service.realServers
      .filter((real) => inService(this.world.state, unit, service, real) === 'online')
      .flatMap((real) => macOf(real.address) ?? []);
    const ports = portsOf(service).join(', ');
    return [{ address: service.address, ports, persistent: service.persistent, targets }];
  }

  /** Connections to servers that are halted or failed end; those to drained ones go on. */
  private async cutOff(place: UnitPlace): Promise<void> {
    const unit = this.world.appliance(unitNames[place]);
    const out = this.services().flatMap((service) =>
      service.realServers
        .filter((real) => ['halted', 'failed'].includes(inService(this.world.state, unit, service, real)))
        .map((real) => ({ mac: macOf(real.address), ports: portsOf(service) })),
    );
    if (out.length === 0) return;
    for (const map of ['conns', 'active'] as const) {
      const gone = (await this.connections(map)).filter((item) =>
        out.some(({ mac, ports }) => mac === item.mac && ports.includes(item.port)),
      );
      for (const { client, clientPort, port } of gone) {
        // It may have timed out between.
        await run([
          'ip',
          'netns',
          'exec',
          namespaceOf(place),
          'nft',
          `delete element netdev dr ${map} { ${client} . ${clientPort} . ${port} }`,
        ]);
      }
    }
  }
}
