import { ipLines, must, nftRules, within } from './commands';
import { hostPlaces, hosts, namespaceOf, network, places, type HostPlace } from './names';

/**
 * Hosts on one segment: a namespace each, all on one bridge in a namespace of its own. No end of any cable lies outside,
 * no host has a gateway, and what is sent to another network all the same is counted and dropped.
 */
export async function openSegment(): Promise<void> {
  await must(['ip', '-batch', '-'], { input: places.map((place) => `netns add ${namespaceOf(place)}\n`).join('') });
  await Promise.all(places.map((place) => must(within(place, ['sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1']))));
  await ipLines('segment', [
    'link add br0 type bridge forward_delay 0 mcast_snooping 0',
    'link set br0 up',
    ...hostPlaces.flatMap((place) => [
      `link add p-${place} type veth peer name eth0 address ${hosts[place].mac} netns ${namespaceOf(place)}`,
      `link set p-${place} master br0 up`,
    ]),
  ]);
  await Promise.all(hostPlaces.map(openHost));
}

async function openHost(place: HostPlace): Promise<void> {
  await ipLines(place, ['link set lo up', `addr add ${hosts[place].address}/24 dev eth0`, 'link set eth0 up']);
  await nftRules(
    place,
    `table inet strayed {
      chain output {
        type filter hook output priority 300; policy accept;
        oifname "lo" accept
        ip daddr { ${network}, 224.0.0.0/4, 255.255.255.255 } accept
        counter drop
      }
    }
    `,
  );
}

export interface Isolation {
  /** Routes to anywhere else, one text each. */
  readonly gateways: readonly string[];
  /** Interfaces whose other end is not in the lab. */
  readonly strangers: readonly string[];
  /** Packets to another network, in all namespaces. */
  readonly strayed: number;
}

/** Is the lab shut in? */
export async function isolation(): Promise<Isolation> {
  const gateways: string[] = [];
  const strangers: string[] = [];
  let strayed = 0;
  for (const place of places) {
    const routes = await must(['ip', '-n', namespaceOf(place), 'route', 'show', 'table', 'all']);
    gateways.push(...routes.split('\n').filter((line) => /\bdefault\b|\bvia\b/.test(line)));
    const links = await must(['ip', '-n', namespaceOf(place), '-o', 'link']);
    for (const [, name = '', rest = ''] of links.matchAll(/^\d+: ([^:]+):(.*)$/gm)) {
      const inside = /link-netns ek\d+-/.test(rest);
      if (!['lo', 'br0', 'loop0'].includes(name) && !inside) strangers.push(`${place}: ${name}`);
    }
    if (place === 'segment') continue;
    const rules = await must(within(place, ['nft', 'list', 'table', 'inet', 'strayed']));
    strayed += Number(/counter packets (\d+)/.exec(rules)?.[1] ?? Number.NaN);
  }
  const outside = await must(['ip', '-o', 'link']);
  strangers.push(...outside.split('\n').filter((line) => /link-netns ek\d+-/.test(line)));
  return { gateways, strangers, strayed };
}
