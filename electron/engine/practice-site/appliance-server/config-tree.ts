import type { RealServer, VirtualService } from '../world/index';
import type { Machine } from './machine';

/** XML as a value: text, or elements by name. The layout is that of `lb_config.xml` as far as it is known [V]. */
export type ConfigNode = string | { readonly [name: string]: ConfigNode | readonly ConfigNode[] };

/** The configuration of a unit as its `lb_config.xml` holds it. */
export function configTree(machine: Machine): ConfigNode {
  const { world } = machine;
  const unit = world.appliance(machine.unitName);
  const pair = world.pairOf(machine.unitName);
  const nodes = world.state.appliances.filter((item) => item.pair === pair.name);
  const primary = nodes.find((item) => item.role === 'primary') ?? unit;
  const secondary = nodes.find((item) => item.role === 'secondary');
  const layer = (wanted: 4 | 7): ConfigNode[] =>
    pair.services.filter((service) => service.layer === wanted).map((service) => virtualNode(service));
  return {
    xmlinfo: { version: unit.version, revision: '1', xml_version: '2.0' },
    physical: {
      network: {
        role: unit.role === 'primary' ? 'master' : 'slave',
        hostname: unit.name,
        master: primary.address,
        slave: secondary?.address ?? '',
        dns: '192.0.2.53',
      },
      pool: {
        name: pair.name,
        state: secondary ? 'clustered' : 'single',
        node: nodes.map((item) => ({
          hostname: item.name,
          role: item.role === 'primary' ? 'master' : 'slave',
          ip: item.address,
          type: 'physical',
        })),
      },
      interface: { name: 'eth0', mac: unit.mac, address: `${unit.address}/24` },
      rip: unit.address,
      routing: '',
    },
    heartbeat: {
      keepalive: '3',
      warntime: '5',
      deadtime: '10',
      auto_failback: 'off',
      ucast: nodes.filter((item) => item !== unit).map((item) => item.address),
      udpport: '6694',
      vip: pair.floatingAddresses,
    },
    ldirectord: {
      global: { checkinterval: '6', checktimeout: '3', negotiatetimeout: '5', failurecount: '1', quiescent: 'no' },
      virtual: layer(4),
    },
    haproxy: { global: { maxconn: '40000' }, virtual: layer(7) },
    global: {
      firewall: { lockdown: 'off', admin_net: '' },
      restart: Object.fromEntries(
        ['heartbeat', 'haproxy', 'ldirectord', 'stunnel', 'collectd'].map((name) => [
          name,
          unit.pendingRestarts.includes(name) ? 'yes' : 'no',
        ]),
      ),
    },
    graph: '',
    management_gateway: { enabled: 'off' },
  };
}

function virtualNode(service: VirtualService): ConfigNode {
  const { check } = service;
  return {
    label: service.label,
    server: service.address,
    ports: service.ports,
    protocol: service.protocol,
    forwardingmethod: service.forwarding,
    granularity: service.granularity,
    persistent: service.persistent ? 'on' : 'off',
    persist_time: String(service.persistSeconds),
    scheduler: service.scheduler,
    feedbackmethod: service.feedback,
    fallback: { ip: service.fallbackAddress, port: service.fallbackPort },
    service: {
      check: {
        type: check.type,
        port: check.port,
        service: check.service,
        request: check.request,
        response: check.response,
        command: check.command,
      },
      vhost: check.vhost,
      login: check.login,
      password: check.password,
      secret: check.secret,
    },
    real: service.realServers.map(realNode),
  };
}

/**
 * How the real unit stores halt and drain is not known. Here a drained server has weight 0 and a halted one the element
 * `state`, so that halted and failed can be told apart [I].
 */
function realNode(real: RealServer): ConfigNode {
  return {
    label: real.label,
    server: real.address,
    port: real.port,
    weight: real.intent === 'drained' ? '0' : String(real.weight),
    minconns: String(real.minConnections),
    maxconns: String(real.maxConnections),
    state: real.intent === 'online' ? 'online' : real.intent === 'drained' ? 'drain' : 'halt',
  };
}

/** As `lb_config.xml` is written. */
export function toXml(root: ConfigNode): string {
  return `<?xml version="1.0"?>\n${element('config', root, '')}`;
}

function element(name: string, node: ConfigNode, indent: string): string {
  if (typeof node === 'string') return `${indent}<${name}>${escapeXml(node)}</${name}>\n`;
  const children = Object.entries(node).flatMap(([child, value]) =>
    asList(value).map((item) => element(child, item, `${indent}  `)),
  );
  return `${indent}<${name}>\n${children.join('')}${indent}</${name}>\n`;
}

/** One element or several: as a list. */
export function asList(value: ConfigNode | readonly ConfigNode[]): readonly ConfigNode[] {
  return isList(value) ? value : [value];
}

function isList(value: ConfigNode | readonly ConfigNode[]): value is readonly ConfigNode[] {
  return Array.isArray(value);
}

export function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** As `dumpconfig` turns the XML into JSON: an empty element is `[]`, one child an object, several an array. */
export function toVendorJson(node: ConfigNode | readonly ConfigNode[]): unknown {
  if (isList(node)) {
    if (node.length === 0) return [];
    return node.length === 1 ? toVendorJson(node[0] ?? '') : node.map((item) => toVendorJson(item));
  }
  if (typeof node === 'string') return node === '' ? [] : node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([, value]) => !isList(value) || value.length > 0)
      .map(([name, value]) => [name, toVendorJson(value)]),
  );
}
