import type { Appliance, Load, RealServer, VirtualService } from '../types';

const noCheckSecrets = { request: '', response: '', command: '', vhost: '', login: '', password: '', secret: '' };

interface ServicePlan {
  readonly label: string;
  readonly address: string;
  readonly ports: string;
  readonly realServers: readonly RealServer[];
}

/** A layer 4 virtual service with the appliance's default settings. */
export function layer4Service(
  plan: ServicePlan & { readonly forwarding?: 'gate' | 'masq'; readonly checkPort?: string },
): VirtualService {
  return {
    label: plan.label,
    layer: 4,
    address: plan.address,
    ports: plan.ports,
    protocol: 'tcp',
    forwarding: plan.forwarding ?? 'gate',
    scheduler: 'wlc',
    persistent: true,
    persistSeconds: 300,
    granularity: plan.address.includes(':') ? '128' : '255.255.255.255',
    feedback: 'none',
    fallbackAddress: plan.address.includes(':') ? '::1' : '127.0.0.1',
    fallbackPort: '9081',
    check: { type: 'connect', port: plan.checkPort ?? '', service: 'none', ...noCheckSecrets },
    realServers: plan.realServers,
  };
}

/** A layer 7 virtual service: the appliance is a proxy. */
export function layer7Service(plan: ServicePlan & { readonly mode: 'http' | 'tcp' }): VirtualService {
  return {
    ...layer4Service(plan),
    layer: 7,
    protocol: plan.mode,
    forwarding: 'proxy',
    scheduler: 'leastconn',
    check: { type: 'connect', port: '', service: 'none', ...noCheckSecrets },
  };
}

/** A real server in service with weight 100. */
export function realServer(label: string, address: string, load: Load, more: Partial<RealServer> = {}): RealServer {
  return {
    label,
    address,
    port: '',
    weight: 100,
    minConnections: 0,
    maxConnections: 0,
    intent: 'online',
    load,
    ...more,
  };
}

export function load(active: number, inactive: number, perSecond: number): Load {
  return { active, inactive, perSecond };
}

type ApplianceGiven = Pick<Appliance, 'name' | 'pair' | 'role' | 'address' | 'mac' | 'version' | 'ha' | 'licence'>;

/** A unit in operation. One that is older than 8.13.2 knows of that version. */
export function appliance(given: ApplianceGiven, now: number, upDays: number): Appliance {
  return {
    ...given,
    offeredVersion: given.version === '8.13.2' ? null : '8.13.2',
    power: 'on',
    bootedAt: now - upDays * 86_400_000,
    pendingRestarts: [],
    restartNeeded: false,
    installing: null,
    failingChecks: [],
    apiEnabled: true,
    authorizedKeys: [],
  };
}
