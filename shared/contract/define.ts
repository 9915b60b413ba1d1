import type { z } from 'zod';

/** A call: one question or one order, one answer. Queries change nothing; commands may. */
export interface CallDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'query' | 'command';
  /** One sentence for the generated list of endpoints. */
  readonly about: string;
  readonly input: I;
  readonly output: O;
  /** Milliseconds after which an unanswered call fails with `deadline`. */
  readonly deadlineMs: number;
}

/**
 * A stream: a keyed set of items, sent whole once and as differences afterwards. Because a difference names keys only
 * (set these, remove those), any number of them merge into one, so that a slow window never makes a queue grow.
 */
export interface StreamDefinition<I extends z.ZodType = z.ZodType, T extends z.ZodType = z.ZodType> {
  readonly about: string;
  readonly input: I;
  readonly item: T;
}

const defaultDeadlineMs = 30_000;

interface CallOptions<I extends z.ZodType, O extends z.ZodType> {
  readonly about: string;
  readonly input: I;
  readonly output: O;
  readonly deadlineMs?: number;
}

export function query<I extends z.ZodType, O extends z.ZodType>(options: CallOptions<I, O>): CallDefinition<I, O> {
  return { kind: 'query', deadlineMs: defaultDeadlineMs, ...options };
}

export function command<I extends z.ZodType, O extends z.ZodType>(options: CallOptions<I, O>): CallDefinition<I, O> {
  return { kind: 'command', deadlineMs: defaultDeadlineMs, ...options };
}

export function stream<I extends z.ZodType, T extends z.ZodType>(
  options: StreamDefinition<I, T>,
): StreamDefinition<I, T> {
  return options;
}
