import { proveClient, type ClientSeen, type ClientTarget, type Dial } from '#engine/client-proof/index';

/** So many connections that failed say enough; each may take seconds. */
const enoughFailures = 3;

export interface Round {
  readonly seen: ClientSeen;
  readonly tries: number;
  readonly failed: number;
  /** Of what failed first; of what answered last where nothing failed. */
  readonly word: string;
}

/** One port, several connections one after the other, told as one result. Rejects only with the signal's reason. */
export async function roundOf(
  target: ClientTarget,
  most: number,
  dial: Dial | undefined,
  signal: AbortSignal,
): Promise<Round> {
  const all: ClientSeen[] = [];
  const failures = (): readonly ClientSeen[] => all.filter((seen) => seen.outcome !== 'ok');
  while (all.length < most && failures().length < enoughFailures) {
    all.push(await proveClient(target, signal, dial === undefined ? {} : { dial }));
  }
  return told(all, failures());
}

function told(all: readonly ClientSeen[], failures: readonly ClientSeen[]): Round {
  const [first] = failures;
  const last = all.at(-1);
  const seen = first ?? last;
  if (seen === undefined) throw new RangeError('A round has at least one connection');
  const tries = all.length;
  const counts = { tries, failed: failures.length, word: seen.word };
  if (tries === 1) return { ...counts, seen };
  const certificate = all.find((item) => item.certificate !== null)?.certificate ?? null;
  if (first === undefined) {
    const times = all.flatMap(({ ms }) => ms ?? []);
    const span = `${shown(Math.min(...times))} to ${shown(Math.max(...times))} ms`;
    const detail = [
      `${tries} connections, ${span}; which servers answered is not known, with persistence it is one.`,
      seen.detail,
    ]
      .join(' ')
      .trim();
    return { ...counts, seen: { ...seen, certificate, ms: Math.max(...times), detail } };
  }
  const word = failures.length === tries ? first.word : `${failures.length} of ${tries} ${first.word}`;
  const detail = [`${failures.length} of ${tries} connections failed.`, first.detail].join(' ').trim();
  return { ...counts, seen: { ...first, certificate, ms: null, word: word.slice(0, 120), detail } };
}

function shown(milliseconds: number): string {
  return milliseconds.toFixed(1);
}
