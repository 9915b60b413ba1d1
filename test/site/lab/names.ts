import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything of a lab carries the id of its process, so that leftovers of a dead one are told from a live one. */
export const labName = /^ek(\d{1,10})(?:-|$)/;

export const servers = ['s1', 's2', 's3'] as const;
export const units = ['lb1', 'lb2'] as const;
export type ServerPlace = (typeof servers)[number];
export type UnitPlace = (typeof units)[number];
export type HostPlace = UnitPlace | ServerPlace | 'client' | 'operator';
/** `segment` holds the bridge and nothing else. */
export type Place = HostPlace | 'segment';

export interface Host {
  readonly address: string;
  readonly mac: string;
}

export const network = '192.168.100.0/24';
export const vip = '192.168.100.100';

export const hosts: Readonly<Record<HostPlace, Host>> = {
  lb1: { address: '192.168.100.11', mac: '02:ec:00:00:00:11' },
  lb2: { address: '192.168.100.12', mac: '02:ec:00:00:00:12' },
  s1: { address: '192.168.100.110', mac: '02:ec:00:00:01:10' },
  s2: { address: '192.168.100.111', mac: '02:ec:00:00:01:11' },
  s3: { address: '192.168.100.112', mac: '02:ec:00:00:01:12' },
  client: { address: '192.168.100.50', mac: '02:ec:00:00:00:50' },
  operator: { address: '192.168.100.60', mac: '02:ec:00:00:00:60' },
};

export const hostPlaces: readonly HostPlace[] = ['client', 'operator', ...units, ...servers];
export const places: readonly Place[] = ['segment', ...hostPlaces];

export function namespaceOf(place: Place, pid: number = process.pid): string {
  return `ek${pid}-${place}`;
}

export function folderOf(pid: number): string {
  return join(tmpdir(), `evenkeel-lab-ek${pid}`);
}
