import {
  addService,
  changeRealServer,
  changeService,
  removeService,
  type RealServer,
  type ServiceCheck,
  type VirtualService,
} from '../../world/index';
import type { Machine } from '../machine';
import type { LbcliStatusWord } from './answers';

export type LbcliOptions = Readonly<Record<string, string>>;

const forwardings = ['gate', 'masq', 'ipip', 'snat'] as const;
const protocols = ['tcp', 'udp', 'tcpudp', 'ops', 'fwm', 'http'] as const;
const emptyCheck: ServiceCheck = {
  type: 'connect',
  port: '',
  service: 'none',
  request: '',
  response: '',
  command: '',
  vhost: '',
  login: '',
  password: '',
  secret: '',
};

/** `add-vip`: at layer 4 Direct Routing unless said otherwise. */
export function addVip(machine: Machine, options: LbcliOptions): LbcliStatusWord {
  const { world, unitName } = machine;
  const { vip = '', ip = '', ports = '' } = options;
  if (vip === '' || ip === '' || ports === '') return 'failed';
  if (find(machine, vip)) return 'exists';
  const layer = options['layer'] === '7' ? 7 : 4;
  const base: VirtualService = {
    label: vip,
    layer,
    address: ip,
    ports: layer === 4 ? ports : ports,
    protocol: layer === 7 ? (options['mode'] === 'tcp' ? 'tcp' : 'http') : 'tcp',
    forwarding: layer === 7 ? 'proxy' : 'gate',
    scheduler: layer === 7 ? 'leastconn' : 'wlc',
    persistent: true,
    persistSeconds: 300,
    granularity: ip.includes(':') ? '128' : '255.255.255.255',
    feedback: 'none',
    fallbackAddress: ip.includes(':') ? '::1' : '127.0.0.1',
    fallbackPort: '9081',
    check: emptyCheck,
    realServers: [],
  };
  world.apply((state) => addService(state, world.pairOf(unitName).name, edited(base, options)));
  if (layer === 7) askFor(machine, 'haproxy');
  return 'success';
}

export function editVip(machine: Machine, options: LbcliOptions): LbcliStatusWord {
  return changed(machine, options, (service) => edited(service, options));
}

export function deleteVip(machine: Machine, options: LbcliOptions): LbcliStatusWord {
  const { world, unitName } = machine;
  const service = find(machine, options['vip']);
  if (!service) return 'missing';
  world.apply((state) => removeService(state, world.pairOf(unitName).name, service.label));
  if (service.layer === 7) askFor(machine, 'haproxy');
  return 'success';
}

export function addRip(machine: Machine, options: LbcliOptions): LbcliStatusWord {
  const { rip = '', ip = '' } = options;
  const service = find(machine, options['vip']);
  if (!service) return 'missing';
  if (rip === '' || ip === '') return 'failed';
  if (service.realServers.some((real) => real.label === rip)) return 'exists';
  const real: RealServer = {
    label: rip,
    address: ip,
    port: '',
    weight: 100,
    minConnections: 0,
    maxConnections: 0,
    intent: 'online',
    load: { active: 5, inactive: 12, perSecond: 0.5 },
  };
  return changed(machine, options, (item) => ({
    ...item,
    realServers: [...item.realServers, editedReal(real, options)],
  }));
}

export function editRip(machine: Machine, options: LbcliOptions): LbcliStatusWord {
  return withReal(machine, options, (service, rip) =>
    changeRealServer(service, rip, (real) => editedReal(real, options)),
  );
}

export function deleteRip(machine: Machine, options: LbcliOptions): LbcliStatusWord {
  return withReal(machine, options, (service, rip) => ({
    ...service,
    realServers: service.realServers.filter((real) => real.label !== rip),
  }));
}

/** `drain`, `halt`, `online`. `--services all` reaches every service of the same layer that has the label [V]. */
export function setIntent(machine: Machine, options: LbcliOptions, intent: RealServer['intent']): LbcliStatusWord {
  const { world, unitName } = machine;
  const first = find(machine, options['vip']);
  const rip = options['rip'] ?? '';
  if (!first?.realServers.some((real) => real.label === rip)) return 'missing';
  const pair = world.pairOf(unitName);
  const reached =
    options['services'] === 'all' ? pair.services.filter((service) => service.layer === first.layer) : [first];
  for (const service of reached) {
    world.apply((state) =>
      changeService(state, pair.name, service.label, (item) =>
        changeRealServer(item, rip, (real) => ({ ...real, intent })),
      ),
    );
  }
  return 'success';
}

export function find(machine: Machine, label: string | undefined): VirtualService | null {
  return machine.world.pairOf(machine.unitName).services.find((service) => service.label === label) ?? null;
}

/** Notes that a service of the unit has to be restarted: the "Commit changes" box [I]. */
export function askFor(machine: Machine, name: string): void {
  machine.world.apply((state) => ({
    ...state,
    appliances: state.appliances.map((unit) =>
      unit.name === machine.unitName && !unit.pendingRestarts.includes(name)
        ? { ...unit, pendingRestarts: [...unit.pendingRestarts, name] }
        : unit,
    ),
  }));
}

function changed(
  machine: Machine,
  options: LbcliOptions,
  change: (service: VirtualService) => VirtualService,
): LbcliStatusWord {
  const service = find(machine, options['vip']);
  if (!service) return 'missing';
  machine.world.apply((state) =>
    changeService(state, machine.world.pairOf(machine.unitName).name, service.label, change),
  );
  if (service.layer === 7) askFor(machine, 'haproxy');
  return 'success';
}

function withReal(
  machine: Machine,
  options: LbcliOptions,
  change: (service: VirtualService, rip: string) => VirtualService,
): LbcliStatusWord {
  const rip = options['rip'] ?? '';
  if (!find(machine, options['vip'])?.realServers.some((real) => real.label === rip)) return 'missing';
  return changed(machine, options, (service) => change(service, rip));
}

function edited(service: VirtualService, options: LbcliOptions): VirtualService {
  const { check } = service;
  return {
    ...service,
    address: options['ip'] ?? service.address,
    ports: options['ports'] ?? service.ports,
    protocol: protocols.find((item) => item === options['protocol']) ?? service.protocol,
    forwarding: forwardings.find((item) => item === options['forwarding']) ?? service.forwarding,
    granularity: options['granularity'] ?? service.granularity,
    scheduler: options['scheduler'] ?? service.scheduler,
    persistent: options['persistent'] === undefined ? service.persistent : options['persistent'] === 'on',
    persistSeconds: Number(options['persist_time'] ?? service.persistSeconds),
    feedback: options['feedback'] ?? service.feedback,
    fallbackAddress: options['fallback_ip'] ?? service.fallbackAddress,
    fallbackPort: options['fallback_port'] ?? service.fallbackPort,
    check: {
      type: options['check_type'] ?? check.type,
      port: options['check_port'] ?? check.port,
      service: options['check_service'] ?? check.service,
      request: options['check_request'] ?? check.request,
      response: options['check_response'] ?? check.response,
      command: options['check_command'] ?? check.command,
      vhost: options['check_vhost'] ?? check.vhost,
      login: options['check_login'] ?? check.login,
      password: options['check_password'] ?? check.password,
      secret: options['check_secret'] ?? check.secret,
    },
  };
}

function editedReal(real: RealServer, options: LbcliOptions): RealServer {
  return {
    ...real,
    address: options['ip'] ?? real.address,
    port: options['port'] ?? real.port,
    weight: Number(options['weight'] ?? real.weight),
    minConnections: Number(options['minconns'] ?? real.minConnections),
    maxConnections: Number(options['maxconns'] ?? real.maxConnections),
  };
}
