import { forwardingMethods } from '#shared/domain/forwarding';
import type { ConfigModel, ConfigRealServer, ConfigService } from './config-model';
import { childOf, countOf, isTree, own, textOf, textsOf, treesOf, type Tree } from './tree';

const protocols = ['tcp', 'udp', 'tcpudp', 'ops', 'fwm', 'http'] as const;

/** Builds the model from the tree of `lb_config.xml` or of `dumpconfig`; element names as in the vendor's files [V]. */
export function modelOfTree(config: Tree): ConfigModel {
  const network = childOf(childOf(config, 'physical'), 'network');
  const ownName = textOf(network, 'hostname');
  const peer = peerOf(config, network, ownName);
  return {
    version: textOf(childOf(config, 'xmlinfo'), 'version'),
    hostname: ownName,
    role: roleOf(network, peer.address !== null),
    peerAddress: peer.address,
    peerHostname: peer.hostname,
    floatingAddresses: floatingOf(childOf(config, 'heartbeat')),
    services: [
      ...treesOf(own(childOf(config, 'ldirectord'), 'virtual')).flatMap((virtual) => serviceOf(virtual, 4)),
      ...treesOf(own(childOf(config, 'haproxy'), 'virtual')).flatMap((virtual) => serviceOf(virtual, 7)),
    ],
    quiescent: yesOrNo(textOf(childOf(childOf(config, 'ldirectord'), 'global'), 'quiescent')),
    pendingRestarts: Object.entries(childOf(childOf(config, 'global'), 'restart')).flatMap(([name, value]) =>
      typeof value === 'string' && /^(yes|on|true|1)$/i.test(value.trim()) ? [name] : [],
    ),
  };
}

/** The object that holds the configuration inside an answer with any wrapping; `null` when there is none. */
export function findConfig(value: unknown, depth = 0): Tree | null {
  if (depth > 12) return null;
  if (isTree(value) && ['ldirectord', 'haproxy', 'physical'].some((name) => Object.hasOwn(value, name))) return value;
  const inner: readonly unknown[] = Array.isArray(value) ? value : isTree(value) ? Object.values(value) : [];
  for (const item of inner) {
    const found = findConfig(item, depth + 1);
    if (found) return found;
  }
  return null;
}

function yesOrNo(text: string | null): boolean | null {
  if (text === null) return null;
  return /^(yes|on|true|1)$/i.test(text);
}

function isSet(text: string | null): text is string {
  return text !== null && !/^(none|null|0\.0\.0\.0|n\/a|-)$/i.test(text);
}

function peerOf(
  config: Tree,
  network: Tree,
  ownName: string | null,
): { address: string | null; hostname: string | null } {
  const role = textOf(network, 'role')?.toLowerCase() ?? null;
  const named = textOf(network, role === 'slave' || role === 'secondary' ? 'master' : 'slave');
  const nodes = treesOf(own(childOf(config, 'physical'), 'pool')).flatMap((pool) => treesOf(own(pool, 'node')));
  const other = nodes.length > 1 && ownName ? nodes.find((node) => textOf(node, 'hostname') !== ownName) : undefined;
  const address = isSet(named) ? named : other ? textOf(other, 'ip') : null;
  return { address, hostname: other ? textOf(other, 'hostname') : null };
}

/** Newer texts say primary and secondary where older ones say master and slave. */
function roleOf(network: Tree, hasPeer: boolean): ConfigModel['role'] {
  const word = textOf(network, 'role')?.toLowerCase() ?? null;
  if (word === 'slave' || word === 'secondary') return 'secondary';
  if (word === 'single' || word === 'standalone') return 'single';
  if (word === 'master' || word === 'primary') return hasPeer ? 'primary' : 'single';
  return null;
}

/** `vip*` elements: plain addresses or objects with one [I]. */
function floatingOf(heartbeat: Tree): readonly string[] {
  const names = Object.keys(heartbeat).filter((name) => /^(vip|floating_?ip)\w*$/i.test(name));
  const found = names.flatMap((name) => [
    ...textsOf(heartbeat, name),
    ...treesOf(own(heartbeat, name)).flatMap((tree) => textOf(tree, 'ip', 'address', '#text') ?? []),
  ]);
  return [...new Set(found.map((address) => address.replace(/\/\d+.*$/, '')))];
}

function serviceOf(virtual: Tree, layer: 4 | 7): readonly ConfigService[] {
  const name = textOf(virtual, 'label', 'name', '@label');
  if (name === null) return [];
  const check = childOf(childOf(virtual, 'service'), 'check');
  const checkType = textOf(check, 'type') ?? textOf(virtual, 'check_type', 'checktype');
  const fallback = childOf(virtual, 'fallback');
  const fallbackAddress = textOf(fallback, 'ip', 'server');
  const protocol = textOf(virtual, 'protocol', 'mode')?.toLowerCase();
  const method = textOf(virtual, 'forwardingmethod', 'forwarding')?.toLowerCase();
  return [
    {
      name,
      layer,
      address: textOf(virtual, 'server', 'ip') ?? '',
      ports: (textOf(virtual, 'ports', 'port') ?? '').replace(/\s+/g, ''),
      protocol: protocols.find((known) => known === protocol) ?? null,
      method: layer === 7 ? 'proxy' : (forwardingMethods.find((known) => known === method) ?? null),
      scheduler: textOf(virtual, 'scheduler', 'balance'),
      check:
        checkType === null
          ? null
          : { type: checkType, port: countOf(textOf(check, 'port') ?? textOf(virtual, 'check_port')) },
      fallback: isSet(fallbackAddress) ? { address: fallbackAddress, port: countOf(textOf(fallback, 'port')) } : null,
      realServers: treesOf(own(virtual, 'real')).flatMap(realServerOf),
    },
  ];
}

function realServerOf(real: Tree): readonly ConfigRealServer[] {
  const name = textOf(real, 'label', 'name', '@label');
  if (name === null) return [];
  return [
    {
      name,
      address: textOf(real, 'server', 'ip') ?? '',
      port: countOf(textOf(real, 'port')) || null,
      weight: countOf(textOf(real, 'weight')),
      wanted: wantedOf(real),
    },
  ];
}

/** How halt and drain are stored is [U]: every likely spelling is accepted, a stored weight of 0 counts as drained. */
function wantedOf(real: Tree): ConfigRealServer['wanted'] {
  const word = (textOf(real, 'state', 'status', 'mode', 'admin_state') ?? '').toLowerCase();
  const yes = (...names: readonly string[]): boolean =>
    names.some((name) => /^(yes|on|true|1)$/i.test(textOf(real, name) ?? ''));
  if (/^(halt|halted|offline|maint|maintenance|disabled|down)$/.test(word)) return 'halted';
  if (yes('halt', 'halted', 'offline', 'disabled', 'maintenance')) return 'halted';
  if (/^(drain|drained|draining)$/.test(word) || yes('drain', 'drained', 'draining')) return 'drained';
  return textOf(real, 'weight') === '0' ? 'drained' : 'in';
}
