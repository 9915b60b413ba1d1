import type {
  ApplianceReading,
  HaReading,
  RealServerReading,
  VirtualServiceReading,
} from '#shared/domain/appliance/reading';
import type { DrFact, PairInput, UnitInput } from '#shared/domain/overview/index';

export const now = 1_763_779_636_000;
const second = 1_000;

export function server(name: string, part: Partial<RealServerReading> = {}): RealServerReading {
  return {
    name,
    address: '192.168.100.110',
    port: null,
    status: 'online',
    weight: 100,
    activeConnections: 41,
    inactiveConnections: 118,
    connectionsPerSecond: 3.1,
    checkText: null,
    ...part,
  };
}

export function service(name: string, realServers: RealServerReading[], part: Partial<VirtualServiceReading> = {}) {
  const whole: VirtualServiceReading = {
    name,
    layer: 4,
    address: '192.168.100.100',
    ports: '80,443',
    protocol: 'tcp',
    method: 'gate',
    scheduler: 'wlc',
    check: { type: 'connect', port: 443 },
    onFallback: false,
    realServers,
    ...part,
  };
  return whole;
}

export function reading(
  ha: Partial<HaReading>,
  services: VirtualServiceReading[] = [],
  part: Partial<ApplianceReading> = {},
): ApplianceReading {
  return {
    readAt: now - 4 * second,
    via: 'ssh',
    hostname: 'lb-main-1',
    version: '8.13.1',
    updateNotice: '',
    licence: null,
    clockOffsetSeconds: 0,
    ha: {
      role: 'primary',
      state: 'active',
      peerAddress: '192.168.100.12',
      peerAlive: true,
      floatingAddresses: ['192.168.100.100'],
      ...ha,
    },
    services,
    pendingRestarts: [],
    gaps: [],
    ...part,
  };
}

export function unit(name: string, read: ApplianceReading | null, part: Partial<UnitInput> = {}): UnitInput {
  return {
    id: name,
    name,
    address: '192.168.100.11',
    role: read?.ha.role ?? null,
    version: read?.version ?? null,
    pollSeconds: 10,
    reading: read,
    failures: 0,
    attempted: true,
    error: null,
    job: null,
    ...part,
  };
}

export const proved: DrFact = { verdict: 'proved', word: 'proved', readAt: now - 21 * second, pending: false };
export const missing: DrFact = { ...proved, verdict: 'fix-missing', word: 'no address' };
export const unreadFor23Minutes: DrFact = {
  verdict: 'unknown',
  word: 'not read 23 m',
  readAt: now - 23 * 60 * second,
  pending: false,
};

/** A pair whose active unit serves these services; Direct Routing facts by the real server's address. */
export function pairInput(
  services: VirtualServiceReading[],
  dr: Readonly<Record<string, DrFact>> = {},
  units?: readonly UnitInput[],
): PairInput {
  return {
    pairId: 'pair-main',
    pairName: 'lb-main',
    siteId: 'site:Main hospital',
    order: 0,
    units: units ?? [
      unit('lb-main-1', reading({}, services)),
      unit('lb-main-2', reading({ role: 'secondary', state: 'passive', peerAddress: '192.168.100.11' }, services)),
    ],
    windowsAt: (address) => ({ id: `win ${address}`, name: `APP${address.slice(-2)}` }),
    drOf: ({ address }) => dr[address] ?? proved,
  };
}
