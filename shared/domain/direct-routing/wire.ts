import { normaliseMac } from './addresses';

export type WireVerdict = 'only-active' | 'server-answers' | 'active-twice' | 'nobody' | 'unknown';

export interface WireAnswer {
  readonly mac: string;
  readonly owner: string | null;
}

export interface WireReading {
  readonly verdict: WireVerdict;
  readonly answers: readonly WireAnswer[];
}

export interface KnownMac {
  readonly mac: string;
  readonly name: string;
  readonly kind: 'windows' | 'appliance';
}

/**
 * Who answers ARP for an address, asked by the active appliance on its own segment. That unit owns the address, so its
 * own answer may be missing: nobody else is then the right result. An unknown MAC is taken for the active unit's only
 * while it is the only one [I].
 */
export function wireVerdict(macs: readonly string[] | null, known: readonly KnownMac[], asker: string): WireReading {
  if (macs === null) return { verdict: 'unknown', answers: [] };
  const owners = new Map(known.map((item) => [normaliseMac(item.mac), item]));
  const seen = [...new Set(macs.map(normaliseMac))];
  const windows = seen.filter((mac) => owners.get(mac)?.kind === 'windows');
  const others = seen.filter((mac) => owners.get(mac)?.kind !== 'windows');
  const answers = seen.map((mac) => ({
    mac,
    owner: owners.get(mac)?.name ?? (windows.length === 0 && others.length === 1 ? asker : null),
  }));
  if (windows.length > 0) return { verdict: 'server-answers', answers };
  return { verdict: others.length > 1 ? 'active-twice' : 'only-active', answers };
}
