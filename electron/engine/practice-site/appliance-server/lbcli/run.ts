import { changeAppliance, changePair, standBy, takeOver } from '../../world/index';
import { asList, configTree, toVendorJson, type ConfigNode } from '../config-tree';
import type { Machine } from '../machine';
import type { LbcliRecord, LbcliStatusWord } from './answers';
import { addRip, addVip, deleteRip, deleteVip, editRip, editVip, find, setIntent, type LbcliOptions } from './services';

/** Runs one lbcli action. Secrets of the call are not repeated in the answer. */
export function runLbcli(machine: Machine, given: LbcliOptions): LbcliRecord {
  const { action = '', method: _method, ...options } = given;
  const outcome = perform(machine, action, options);
  const result = typeof outcome === 'string' ? { status: outcome } : outcome;
  const echoed = Object.entries(options).filter(([name]) => !/password|secret|apikey/.test(name));
  return { action, ...Object.fromEntries(echoed), ...result };
}

type Outcome = LbcliStatusWord | ({ readonly status: LbcliStatusWord } & Readonly<Record<string, unknown>>);

const simple: Readonly<Record<string, (machine: Machine, options: LbcliOptions) => Outcome>> = {
  'add-vip': addVip,
  'edit-vip': editVip,
  'delete-vip': deleteVip,
  'add-rip': addRip,
  'edit-rip': editRip,
  'delete-rip': deleteRip,
  drain: (machine, options) => setIntent(machine, options, 'drained'),
  halt: (machine, options) => setIntent(machine, options, 'halted'),
  online: (machine, options) => setIntent(machine, options, 'online'),
  list,
  nodestatus,
  api,
  power,
  ha_create: () => 'exists',
  lockdown: () => 'success',
  hostname: (machine) => ({ status: 'success', hostname: machine.unitName }),
  dns: () => ({ status: 'success', dns: ['192.0.2.53'] }),
  mtu: () => ({ status: 'success', mtu: '1500' }),
  route: () => ({ status: 'success', route: [] }),
  address: (machine) => ({ status: 'success', address: [`${machine.world.appliance(machine.unitName).address}/24`] }),
  'add-floating-ip': (machine, options) => floatingAddress(machine, options['ip'], 'add'),
  'delete-floating-ip': (machine, options) => floatingAddress(machine, options['ip'], 'delete'),
  'fix-floating-ip': () => 'success',
  'support-download': () => ({ status: 'success', file: '/var/tmp/support_download.tar.gz' }),
};

const restartable = 'ldirectord haproxy heartbeat stunnel snmp firewall syslog collectd waf apache'.split(' ');

function perform(machine: Machine, action: string, options: LbcliOptions): Outcome {
  const known = Object.hasOwn(simple, action) ? simple[action] : undefined;
  if (known) return known(machine, options);
  const [verb, service = ''] = action.split(/-(.*)/);
  if ((verb === 'restart' || verb === 'reload') && restartable.includes(service)) {
    restartService(machine, service, verb);
    return 'success';
  }
  return { status: 'fatal', message: 'unknown action' };
}

/** Restarting heartbeat on the active unit moves the floating addresses to the peer [I]. */
export function restartService(machine: Machine, service: string, verb: 'restart' | 'reload'): void {
  const { world, unitName } = machine;
  const { pendingRestarts } = world.appliance(unitName);
  world.apply((state) => {
    const moved = service === 'heartbeat' && verb === 'restart' ? standBy(state, unitName) : state;
    return changeAppliance(moved, unitName, { pendingRestarts: pendingRestarts.filter((item) => item !== service) });
  });
}

function list(machine: Machine, options: LbcliOptions): Outcome {
  const pair = machine.world.pairOf(machine.unitName);
  switch (options['function']) {
    case 'floatingip':
      return { status: 'success', floatingip: pair.floatingAddresses.map((ip) => ({ ip })) };
    case 'dumpconfig':
      return { status: 'success', config: toVendorJson(configTree(machine)) };
    case 'virtual':
    case 'advanced': {
      const layer = options['layer'] === '7' ? 'haproxy' : 'ldirectord';
      const all = childList(configTree(machine), layer);
      const wanted = options['vip'] === undefined ? all : all.filter((item) => labelOf(item) === options['vip']);
      if (options['vip'] !== undefined && !find(machine, options['vip'])) return 'missing';
      return { status: 'success', virtual: wanted.map((item) => toVendorJson(item)) };
    }
    default:
      return 'failed';
  }
}

function childList(root: ConfigNode, section: string): readonly ConfigNode[] {
  const [node] = typeof root === 'string' ? [] : asList(root[section] ?? []);
  return node === undefined || typeof node === 'string' ? [] : asList(node['virtual'] ?? []);
}

function labelOf(node: ConfigNode): unknown {
  return typeof node === 'string' ? null : node['label'];
}

/** The words of a real answer are not known [U]. */
function nodestatus(machine: Machine): Outcome {
  const { world, unitName } = machine;
  const unit = world.appliance(unitName);
  const peer = world.state.appliances.find((item) => item.pair === unit.pair && item.name !== unitName);
  return { status: 'success', local: unit.ha, remote: peer?.power === 'on' ? peer.ha : 'dead' };
}

function api(machine: Machine, options: LbcliOptions): Outcome {
  const { world, unitName } = machine;
  if (options['function'] === 'get') return { status: 'success', enabled: world.appliance(unitName).apiEnabled };
  const enabled = options['function'] === 'enable';
  if (!enabled && options['function'] !== 'disable') return 'failed';
  world.apply((state) => changeAppliance(state, unitName, { apiEnabled: enabled }));
  return 'success';
}

function power(machine: Machine, options: LbcliOptions): Outcome {
  if (options['function'] !== 'restart') return 'failed';
  machine.restart();
  return 'success';
}

function floatingAddress(machine: Machine, ip: string | undefined, verb: 'add' | 'delete'): Outcome {
  if (ip === undefined) return 'failed';
  const pair = machine.world.pairOf(machine.unitName);
  const known = pair.floatingAddresses.includes(ip);
  if (verb === 'add' && known) return 'exists';
  if (verb === 'delete' && !known) return 'missing';
  machine.world.apply((state) =>
    changePair(state, pair.name, (item) => ({
      ...item,
      floatingAddresses:
        verb === 'add' ? [...item.floatingAddresses, ip] : item.floatingAddresses.filter((address) => address !== ip),
    })),
  );
  return 'success';
}

/** For the WebUI's high-availability page. */
export function failOver(machine: Machine, direction: 'takeover' | 'standby'): void {
  machine.world.apply((state) => (direction === 'takeover' ? takeOver : standBy)(state, machine.unitName));
}
