import { normaliseAddress } from '../direct-routing/addresses';

/** What is known of a unit when pairs are found. */
export interface PairMember {
  readonly id: string;
  readonly name: string;
  readonly site: string;
  readonly address: string;
  readonly hostname: string | null;
  readonly role: 'primary' | 'secondary' | 'single' | null;
  readonly peerAddress: string | null;
  readonly floatingAddresses: readonly string[];
  /** The pair it was in before, so that a pair keeps its id while one of its units stays. */
  readonly pairId: string | null;
}

export interface Pairing {
  readonly pairId: string;
  readonly pairName: string;
}

/**
 * Finds the pairs among units given in the order they were added. Two units are a pair when one names the other as its
 * peer, or when they share a floating address within one site. A pair never has more than two units.
 */
export function findPairs(given: readonly PairMember[]): ReadonlyMap<string, Pairing> {
  const members = given.map(oneSpelling);
  const partner = new Map<string, PairMember>();
  const join = (fits: (a: PairMember, b: PairMember) => boolean): void => {
    members.forEach((a, index) => {
      if (partner.has(a.id)) return;
      const b = members.slice(index + 1).find((other) => !partner.has(other.id) && fits(a, other));
      if (!b) return;
      partner.set(a.id, b);
      partner.set(b.id, a);
    });
  };
  // What a unit says of its peer outweighs what two units happen to share; an earlier pairing comes last.
  join((a, b) => a.site === b.site && (names(a, b) || names(b, a)));
  join((a, b) => a.site === b.site && share(a, b));
  join((a, b) => a.pairId !== null && a.pairId === b.pairId && mayBePeer(a) && mayBePeer(b));
  return assign(members, partner);
}

/** Addresses are compared as text from here on. */
function oneSpelling(member: PairMember): PairMember {
  return {
    ...member,
    address: normaliseAddress(member.address),
    hostname: member.hostname?.toLowerCase() ?? null,
    peerAddress: member.peerAddress === null ? null : normaliseAddress(member.peerAddress),
    floatingAddresses: member.floatingAddresses.map(normaliseAddress),
  };
}

function assign(
  members: readonly PairMember[],
  partner: ReadonlyMap<string, PairMember>,
): ReadonlyMap<string, Pairing> {
  const result = new Map<string, Pairing>();
  const taken = new Set<string>();
  for (const member of members) {
    if (result.has(member.id)) continue;
    const other = partner.get(member.id) ?? null;
    const wanted = member.pairId ?? other?.pairId ?? `pair-${member.id}`;
    // Two units that turned out not to be a pair may both remember its id: the earlier one keeps it.
    const pairId = taken.has(wanted) ? `pair-${member.id}` : wanted;
    taken.add(pairId);
    const pairing = { pairId, pairName: pairName(member, other) };
    result.set(member.id, pairing);
    if (other) result.set(other.id, pairing);
  }
  return result;
}

function mayBePeer(member: PairMember): boolean {
  return member.role !== 'single' && member.peerAddress === null;
}

function names(a: PairMember, b: PairMember): boolean {
  return a.peerAddress !== null && (a.peerAddress === b.address || a.peerAddress === b.hostname);
}

function share(a: PairMember, b: PairMember): boolean {
  if (a.role === 'single' || b.role === 'single' || (a.role !== null && a.role === b.role)) return false;
  return a.floatingAddresses.some((address) => b.floatingAddresses.includes(address));
}

/** `lb-main` of lb-main-1 and lb-main-2; a unit alone gives its own name, without the number if it has a peer. */
function pairName(one: PairMember, other: PairMember | null): string {
  if (other === null) {
    const stem = one.name.replace(/[-_. ]?\d+$/, '');
    return one.role === 'single' || one.role === null || stem === '' ? one.name : stem;
  }
  let length = 0;
  while (length < one.name.length && one.name[length] === other.name[length]) length += 1;
  const common = one.name.slice(0, length).replace(/[-_. ]*\d*[-_. ]*$/, '');
  return common.length >= 2 ? common : `${one.name} and ${other.name}`.slice(0, 120);
}
