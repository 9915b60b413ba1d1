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

export interface WireQuestion {
  /** `null`: could not be asked. */
  readonly macs: readonly string[] | null;
  /** The unit that holds the address. */
  readonly active: string;
  /** The active unit asked itself: its own answer is then missing, and nobody else is the right result. */
  readonly askedItself: boolean;
}

/**
 * Who answers ARP for an address, asked by an appliance on its own segment. An unknown MAC is taken for the active
 * unit's only while it is the only one [I].
 */
export function wireVerdict(question: WireQuestion, known: readonly KnownMac[]): WireReading {
  const { macs, active, askedItself } = question;
  if (macs === null) return { verdict: 'unknown', answers: [] };
  const owners = new Map(known.map((item) => [normaliseMac(item.mac), item]));
  const seen = [...new Set(macs.map(normaliseMac))];
  const windows = seen.filter((mac) => owners.get(mac)?.kind === 'windows');
  const others = seen.filter((mac) => owners.get(mac)?.kind !== 'windows');
  const answers = seen.map((mac) => ({
    mac,
    owner: owners.get(mac)?.name ?? (windows.length === 0 && others.length === 1 && !askedItself ? active : null),
  }));
  if (windows.length > 0) return { verdict: 'server-answers', answers };
  if (askedItself) return { verdict: others.length > 0 ? 'active-twice' : 'only-active', answers };
  if (others.length === 0) return { verdict: 'nobody', answers };
  return { verdict: others.length > 1 ? 'active-twice' : 'only-active', answers };
}
