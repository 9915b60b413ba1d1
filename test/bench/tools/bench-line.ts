/** One measured value beside its bound and, where there is one, a peer measured in the same run. */
export interface BenchLine {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string | null;
  readonly peerValue: number | null;
  readonly ratio: number | null;
  readonly bound: string;
  readonly held: boolean;
}

export interface BenchCase {
  readonly name: string;
  run(): Promise<readonly BenchLine[]>;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Milliseconds since a time of `process.hrtime.bigint()`. */
export function since(started: bigint): number {
  return Number(process.hrtime.bigint() - started) / 1e6;
}
