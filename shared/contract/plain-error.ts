import type { z } from 'zod';
import type { ErrorShape } from '../errors';
import type { errorShape } from './common';

/** An error as the contract carries it. */
export type PlainError = z.infer<typeof errorShape>;

/** An error as the contract wants it inside an answer or an item: without values that are not there. */
export function plainError({ code, message, details }: ErrorShape): PlainError {
  const plain: PlainError['details'] = {};
  for (const [key, value] of Object.entries(details)) {
    if (value !== undefined) plain[key] = typeof value === 'object' && value !== null ? [...value] : value;
  }
  return { code, message, details: plain };
}
