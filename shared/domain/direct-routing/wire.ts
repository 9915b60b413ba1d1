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
  /**
   * Asked in the same way, did an address answer that must? `null`: not asked. Silence means something only after a
   * control was heard; otherwise it may be the way of asking that is broken.
   */
  readonly control: boolean | null;
  /** `last`: from a cache of neighbours, which keeps one answer and hides the others. */
  readonly heard: 'all' | 'last';
}

/**
 * Who answers ARP, or neighbour solicitation, for an address, asked on its own segment. An unknown MAC is taken for the
 * active unit's only while it is the only one [I].
 */
export function wireVerdict(question: WireQuestion, known: readonly KnownMac[]): WireReading {
  const { macs, active, askedItself, control, heard } = question;
  if (macs === null) return { verdict: 'unknown', answers: [] };
  const owners = new Map(known.map((item) => [normaliseMac(item.mac), item]));
  const seen = [...new Set(macs.map(normaliseMac))];
  const windows = seen.filter((mac) => owners.get(mac)?.kind === 'windows');
  const others = seen.filter((mac) => owners.get(mac)?.kind !== 'windows');
  const guessed = windows.length === 0 && others.length === 1 && !askedItself && heard === 'all';
  const answers = seen.map((mac) => ({ mac, owner: owners.get(mac)?.name ?? (guessed ? active : null) }));
  if (windows.length > 0) return { verdict: 'server-answers', answers };
  // One answer of a cache is never the whole of them.
  if (heard === 'last') return { verdict: 'unknown', answers };
  if (others.length === 0) {
    if (control !== true) return { verdict: 'unknown', answers };
    return { verdict: askedItself ? 'only-active' : 'nobody', answers };
  }
  if (askedItself) return { verdict: 'active-twice', answers };
  return { verdict: others.length > 1 ? 'active-twice' : 'only-active', answers };
}
