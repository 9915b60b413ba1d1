import type { VirtualServiceReading } from '../appliance/reading';
import { parsePorts } from './ports';

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
