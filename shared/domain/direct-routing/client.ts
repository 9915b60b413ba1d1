import type { VirtualServiceReading } from '../appliance/reading';
import { parsePorts } from './ports';
import type { ServerVerdict } from './verdict';

export type ClientProbe = 'tcp' | 'http' | 'https' | 'dicom';

/** How a connection attempt ended. `rejected`: the peer understood and refused. `not-understood`: another protocol. */
export type ClientOutcome = 'ok' | 'refused' | 'timeout' | 'unreachable' | 'reset' | 'rejected' | 'not-understood';

const httpPorts = new Set([80, 8080]);
const httpsPorts = new Set([443, 8443]);
/** 104 and 11112 are registered for DICOM; 4444 is the deployment guide's [G]. */
const dicomPorts = new Set([104, 4444, 11112]);
/** Words that services of DICOM carry in their labels [I]. */
const dicomLabel = /dicom|dimse|(^|[^a-z])(mwl|mpps|c-?store)([^a-z]|$)/i;
/** Of a service with more ports than this, the others are left out. */
const mostPorts = 12;

/** What to ask at a port: by the port where it is well known, then by the service's label, else a connection only. */
export function probeOf(serviceName: string, port: number): ClientProbe {
  if (httpPorts.has(port)) return 'http';
  if (httpsPorts.has(port)) return 'https';
  return dicomPorts.has(port) || dicomLabel.test(serviceName) ? 'dicom' : 'tcp';
}

/**
 * The ports at which a client can be played: every single port, of a range the first and the last. None for UDP, which
 * answers nobody, and for firewall marks, which name no port.
 */
export function clientPorts(service: Pick<VirtualServiceReading, 'ports' | 'protocol'>): readonly number[] {
  if (service.protocol === 'udp' || service.protocol === 'fwm') return [];
  const ports = parsePorts(service.ports).flatMap(({ first, last }) => (first === last ? [first] : [first, last]));
  return [...new Set(ports)].slice(0, mostPorts);
}

/** What came of the connections to one port. Through the VIP several are made, to meet more than one server. */
export interface PortResult {
  readonly port: number;
  readonly tries: number;
  readonly failed: number;
  /** Of what failed, for example `refused`; of what answered where nothing failed. */
  readonly word: string;
}

export interface ClientEvidence {
  /** The appliance sends new connections to this server now. */
  readonly inService: boolean;
  /** At the server's own address. */
  readonly direct: readonly PortResult[];
  /** Through the virtual address. Whichever server in service answered. */
  readonly throughVip: readonly PortResult[];
  /** How Windows stands on each other server that is in service. */
  readonly othersInService: readonly ServerVerdict[];
}

export type ClientReasonCode = 'client-direct' | 'client-vip';

export interface ClientVerdict {
  readonly client: 'ok' | 'failed' | 'unknown';
  readonly reasons: readonly { readonly code: ClientReasonCode; readonly text: string }[];
  /** For a cell that cannot be shown as proved now, for example `client refused`. */
  readonly word: string | null;
}

/**
 * What clients' connections say of one server in one service. Directly they say that the server serves, nothing of the
 * fix. Through the VIP the appliance chooses, and an answer does not tell whom: a failure counts against each server in
 * service that may have been chosen, unless only some connections failed and another server is known to lack the fix,
 * which explains it. A success is no proof for one server unless it is alone.
 */
export function clientVerdict(evidence: ClientEvidence): ClientVerdict {
  const { inService, othersInService } = evidence;
  const alone = othersInService.length === 0;
  const explained = othersInService.includes('fix-missing');
  const direct = evidence.direct.filter((result) => result.failed > 0);
  const vip = inService ? evidence.throughVip.filter((result) => result.failed > 0) : [];
  const against = vip.filter((result) => result.failed === result.tries || !explained);
  const reasons = [
    ...direct.map((result) => ({ code: 'client-direct' as const, text: directText(result) })),
    ...vip.map((result) => ({ code: 'client-vip' as const, text: vipText(result, alone, !against.includes(result)) })),
  ];
  const [worst] = [...against, ...direct];
  if (worst !== undefined) return { client: 'failed', reasons, word: `client ${worst.word}` };
  const whole = inService && vip.length === 0 && evidence.direct.length > 0 && evidence.throughVip.length > 0;
  return { client: whole ? 'ok' : 'unknown', reasons, word: null };
}

function directText({ port, word }: PortResult): string {
  return `A client at the server's own address, port ${port}: ${word}.`;
}

function vipText({ port, tries, failed, word }: PortResult, alone: boolean, explained: boolean): string {
  const count = failed === tries ? `all ${tries}` : `${failed} of ${tries}`;
  const seen = `A client through the virtual address, port ${port}: ${count} connections failed (${word}).`;
  if (alone) return `${seen} No other server is in service.`;
  if (explained) return `${seen} Another server in service lacks the fix, which explains it.`;
  return `${seen} Which server was chosen is not known.`;
}

/** How many connections to make through a virtual address, so that servers take turns twice; never many. */
export function triesThroughVip(serversInService: number): number {
  return Math.min(8, 2 * Math.max(1, serversInService));
}
