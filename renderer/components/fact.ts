import type { State } from '#shared/domain/state';

/** One line of a list of facts. */
export interface Fact {
  readonly key: string;
  readonly value: string;
  /** Said in the state's colour and weight. */
  readonly state?: State;
  /** The state's mark before the value. */
  readonly mark?: boolean;
  /** An address, command or digest. */
  readonly mono?: boolean;
  readonly monoKey?: boolean;
}
