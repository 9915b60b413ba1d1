import type { Lab } from '../lab/lab';
import type { Product } from '../product/product';

export interface Bench {
  readonly lab: Lab;
  readonly product: Product;
}

export interface Seen {
  readonly seen: string;
  readonly held: boolean;
}

/** One thing that the lab shows. Cases build on each other in their order. */
export interface LabCase {
  readonly name: string;
  readonly expected: string;
  run(bench: Bench): Promise<Seen>;
}

/** A case whose whole truth is one text. */
export function shows(name: string, expected: string, look: (bench: Bench) => Promise<string>): LabCase {
  return {
    name,
    expected,
    run: async (bench) => {
      const seen = await look(bench);
      return { seen, held: seen === expected };
    },
  };
}
