/**
 * Direct Routing as nftables rules of the appliance's namespace. The kernel here has no IPVS, so a table of the netdev
 * family does what IPVS does with `gate`: it takes a packet for the floating IP before the appliance's own stack sees
 * it, puts the real server's MAC in its frame, and sends it out again with the destination address untouched.
 */
export interface Rules {
  readonly ownMac: string;
  readonly services: readonly RuledService[];
}

export interface RuledService {
  readonly address: string;
  /** Single ports and ranges, as nft takes them: `80, 443`. */
  readonly ports: string;
  /** One client stays with one server. */
  readonly persistent: boolean;
  /** MACs of the servers that take new connections. */
  readonly targets: readonly string[];
}

const key = 'ip saddr . tcp sport . tcp dport';

/** The table alone. Connections are kept in maps, so that new rules leave them as they are. */
const declarations = `table netdev dr {
  map conns {
    typeof ${key} : ether daddr
    flags dynamic,timeout
    timeout 15m
    size 65535
  }
  map active {
    typeof ${key} : ether daddr
    flags dynamic,timeout
    timeout 15m
    size 65535
  }
  set closing {
    typeof ${key}
    flags dynamic,timeout
    timeout 30s
    size 65535
  }
  chain known {
  }
  chain fresh {
  }
  chain arriving {
    type filter hook ingress device eth0 priority 0; policy accept;
  }
}
`;

/**
 * A known connection goes where its first packet went, whatever becomes of the server: that is what lets a drained one
 * finish its connections. It counts as active from the packet that completes the handshake to the client's end of it.
 * The source MAC becomes the appliance's, as IPVS has it: otherwise the segment would learn the client behind it.
 */
export function rulesText({ ownMac, services }: Rules): string {
  const out = `ether saddr set ${ownMac} fwd to eth0`;
  const known = [
    `tcp flags & (fin | rst) != 0 delete @active { ${key} : ether daddr } update @closing { ${key} }`,
    `${key} @closing ${out}`,
    `update @conns { ${key} timeout 15m : ether daddr } update @active { ${key} timeout 15m : ether daddr } ${out}`,
  ];
  const fresh = services.filter((service) => service.targets.length > 0).map((service) => freshRule(service, out));
  const arriving = services.flatMap(({ address, ports }) => [
    `ip daddr ${address} tcp dport { ${ports} } tcp flags & (syn | ack) != syn ether daddr set ${key} map @conns goto known`,
    `ip daddr ${address} tcp dport { ${ports} } tcp flags & (syn | ack) == syn goto fresh`,
  ]);
  return [
    declarations,
    ...['known', 'fresh', 'arriving'].map((chain) => `flush chain netdev dr ${chain}\n`),
    `table netdev dr {\n${chainText('known', known)}${chainText('fresh', fresh)}${chainText('arriving', arriving)}}\n`,
  ].join('');
}

/** A unit that does not hold the address forwards nothing and forgets its connections. */
export const noRules = 'add table netdev dr\ndelete table netdev dr\n';

function freshRule({ address, ports, persistent, targets }: RuledService, out: string): string {
  const fields = persistent ? 'ip saddr' : 'ip saddr . tcp sport';
  const macs = targets.map((mac, index) => `${index} : ${mac}`).join(', ');
  const chosen = `jhash ${fields} mod ${targets.length} seed 0xec map { ${macs} }`;
  return (
    `ip daddr ${address} tcp dport { ${ports} } ether daddr set ${chosen} ` +
    `update @conns { ${key} timeout 60s : ether daddr } delete @closing { ${key} } ${out}`
  );
}

function chainText(name: string, rules: readonly string[]): string {
  return `  chain ${name} {\n${rules.map((rule) => `    ${rule}\n`).join('')}  }\n`;
}

/** One connection that the rules remember. */
export interface Connection {
  readonly client: string;
  readonly clientPort: number;
  readonly port: number;
  /** Of the real server. */
  readonly mac: string;
}

/** What `nft -j list map netdev dr <name>` prints. */
export function connectionsIn(json: string): readonly Connection[] {
  const parsed = JSON.parse(json) as { readonly nftables: readonly { readonly map?: { readonly elem?: unknown } }[] };
  const elements = parsed.nftables.flatMap(({ map }) => (Array.isArray(map?.elem) ? (map.elem as unknown[]) : []));
  return elements.flatMap((element) => {
    if (!Array.isArray(element)) return [];
    const [left, mac] = element as unknown[];
    const concat = concatOf(left);
    if (concat === null || typeof mac !== 'string') return [];
    const [client, clientPort, port] = concat;
    return [{ client: String(client), clientPort: Number(clientPort), port: Number(port), mac }];
  });
}

function concatOf(value: unknown): readonly unknown[] | null {
  if (!(value instanceof Object)) return null;
  if ('concat' in value && Array.isArray(value.concat)) return value.concat as unknown[];
  if ('elem' in value) return concatOf(value.elem);
  if ('val' in value) return concatOf(value.val);
  return null;
}
