import { checkRealServer, hostOf, servicePorts, type VirtualService } from '../world/index';
import { configTree, toXml } from './config-tree';
import type { Machine } from './machine';

/** The files of a unit that follow from the state of the world, by path. */
export function generatedFiles(machine: Machine): ReadonlyMap<string, () => string> {
  const { world } = machine;
  const unit = world.appliance(machine.unitName);
  const pair = world.pairOf(machine.unitName);
  const nodes = world.state.appliances.filter((item) => item.pair === pair.name);
  const primary = nodes.find((item) => item.role === 'primary') ?? unit;
  const upSeconds = (): string => ((world.clock.now() - unit.bootedAt) / 1000).toFixed(2);
  const files = new Map<string, () => string>([
    ['/etc/loadbalancer.org/version.txt', () => `${unit.version}\n`],
    ['/etc/loadbalancer.org/update_available', () => updateAvailable(unit.offeredVersion)],
    ['/etc/loadbalancer.org/lb_config.xml', () => toXml(configTree(machine))],
    // Where a real unit keeps its licence text is not known [U].
    ['/etc/loadbalancer.org/license', () => `${unit.licence}\n`],
    [
      '/etc/ha.d/haresources',
      () =>
        `${primary.name} ${pair.floatingAddresses.map((item) => `IPaddr2::${item}/${item.includes(':') ? 64 : 24}/eth0`).join(' ')}\n`,
    ],
    [
      '/etc/ha.d/ha.cf',
      () =>
        ['keepalive 3', 'warntime 5', 'deadtime 10', 'udpport 6694', 'auto_failback off']
          .concat(nodes.map((item) => `node ${item.name}`))
          .join('\n') + '\n',
    ],
    ['/var/log/nodestatus_local', () => `${unit.ha}\n`],
    ['/var/log/ldirectord.log', () => checkLog(machine)],
    ['/proc/uptime', () => `${upSeconds()} ${upSeconds()}\n`],
    ['/proc/loadavg', () => '0.12 0.15 0.11 1/214 20311\n'],
    ['/proc/meminfo', () => 'MemTotal:        4045484 kB\nMemFree:         2311240 kB\nMemAvailable:    3102216 kB\n'],
    ['/etc/hostname', () => `${unit.name}\n`],
    ['/etc/hosts', () => `127.0.0.1 localhost\n${nodes.map((item) => `${item.address} ${item.name}`).join('\n')}\n`],
    ['/root/.ssh/authorized_keys', () => unit.authorizedKeys.map((key) => `${key}\n`).join('')],
  ]);
  for (const service of pair.services) {
    const mark = firewallMark(pair.services, service);
    if (mark !== null) files.set(`/etc/rc.d/auto_fwmarks/fwmark-${mark}`, () => markDefinition(service, mark));
  }
  return files;
}

function updateAvailable(version: string | null): string {
  return version === null ? '""\n' : `"Update ${version} is now available for this appliance."\n`;
}

/** A layer 4 service with several ports is held together by a firewall mark [V]; `null` for any other. */
export function firewallMark(services: readonly VirtualService[], service: VirtualService): number | null {
  const marked = services.filter((item) => item.layer === 4 && (/[,:-]/.test(item.ports) || item.protocol === 'fwm'));
  const index = marked.findIndex((item) => item.label === service.label);
  return index < 0 ? null : index + 1;
}

/** The lines of a real definition file are not known; these mark the service's packets as iptables would [I]. */
function markDefinition(service: VirtualService, mark: number): string {
  const table = service.address.includes(':') ? 'ip6tables' : 'iptables';
  const protocols = service.protocol === 'tcpudp' ? ['tcp', 'udp'] : [service.protocol === 'udp' ? 'udp' : 'tcp'];
  return protocols
    .map(
      (protocol) =>
        `${table} -t mangle -A PREROUTING -p ${protocol} -d ${service.address} -m multiport --dports ${service.ports} -j MARK --set-mark ${mark}\n`,
    )
    .join('');
}

/** One line a real server whose check fails, as ldirectord words it [I]. */
function checkLog(machine: Machine): string {
  const { world } = machine;
  const unit = world.appliance(machine.unitName);
  const pair = world.pairOf(machine.unitName);
  const lines = pair.services.flatMap((service) =>
    service.realServers.flatMap((real) => {
      const result = checkRealServer(world.state, pair.site, service, real, unit.failingChecks);
      if (result.ok) return [];
      const host = hostOf(world.state, pair.site, real.address)?.name ?? real.address;
      const port = servicePorts(service)[0] ?? 0;
      return [
        `[ldirectord|2211] Deleted real server: ${real.address}:${real.port || port} (${service.address}:${port})`,
        `[ldirectord|2211] check of ${real.label} on ${host} failed: ${result.text}`,
      ];
    }),
  );
  return lines.map((line) => `${line}\n`).join('');
}
