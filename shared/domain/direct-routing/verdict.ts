import { sameAddress } from './addresses';
import { reasonText, type Check, type ReasonCode } from './checks';
import type { Difference } from './difference';

export type ServerVerdict = 'proved' | 'fix-missing' | 'unknown';

export interface CellVerdict {
  readonly server: ServerVerdict;
  /** For example `no address`. */
  readonly word: string;
  readonly reasons: readonly { readonly code: ReasonCode; readonly text: string }[];
}

/** The word of a cell, the gravest reason first. */
const words: readonly (readonly [ReasonCode, string])[] = [
  ['read-denied', 'read denied'],
  ['vip-on-other-adapter', 'address on LAN'],
  ['address-duplicate', 'duplicate address'],
  ['no-loopback', 'no address'],
  ['loopback-disabled', 'adapter disabled'],
  ['loopback-driver', 'adapter faulty'],
  ['lan-not-found', 'LAN not found'],
  ['lan-not-bound', 'LAN not bound'],
  ['protocol-off', 'protocol off'],
  ['no-address', 'no address'],
  ['vip-on-other-loopback', 'other loopback'],
  ['wrong-mask', 'wrong mask'],
  ['address-not-preferred', 'address not ready'],
  ['weak-host-receive-loopback', 'weak host off'],
  ['weak-host-send-loopback', 'weak host off'],
  ['weak-host-receive-lan', 'weak host off'],
  ['dad', 'DAD on'],
  ['skip-as-source', 'used as source'],
  ['dhcp', 'DHCP on'],
  ['binding', 'bindings'],
  ['netbios', 'NetBIOS on'],
  ['dns-registration', 'in DNS'],
  ['metric', 'metric'],
  ['firewall-closed', 'port closed'],
  ['stale-address', 'old address'],
];

/** What differs and counts against the server; reports do not. */
export function faultsOf(difference: Difference): readonly Check[] {
  return difference.checks.filter((item) => item.code !== null && item.level !== 'report');
}

/** The server's side of one cell. `null`: the state could not be read, which is never shown as proved. */
export function verdictOf(address: string, difference: Difference | null): CellVerdict {
  const compared = difference?.checks.some((item) => item.address !== null && sameAddress(item.address, address));
  // An address that was not looked for is not proved by the values that were.
  if (difference === null || compared !== true) return { server: 'unknown', word: 'unknown', reasons: [] };
  const concerns = difference.checks.filter(
    (item) => item.code !== null && (item.address === null || sameAddress(item.address, address)),
  );
  const reasons = concerns.flatMap((item) => (item.code === null ? [] : [{ code: item.code, text: reasonText(item) }]));
  const counting = new Set(concerns.filter((item) => item.level !== 'report').map((item) => item.code));
  if (counting.size === 0) return { server: 'proved', word: 'proved', reasons };
  const word = words.find(([code]) => counting.has(code))?.[1] ?? 'differs';
  // Without the right to read, what was read says nothing.
  if (counting.has('read-denied')) return { server: 'unknown', word, reasons };
  return { server: 'fix-missing', word, reasons };
}
