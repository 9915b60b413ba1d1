import { z } from 'zod';
import { states } from '../domain/state';
import { isErrorCode, type ErrorCode } from '../errors';

/** Milliseconds since 1970, UTC. */
export const time = z.number().int().nonnegative();
export const id = z.string().min(1).max(200);
/** A name or label as people type it: no control characters. */
export const label = z
  .string()
  .min(1)
  .max(120)
  // eslint-disable-next-line no-control-regex -- refusing control characters is what this is for
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'has a control character');
export const text = z.string().max(4_000);
/** A host name or an IPv4 or IPv6 address. */
export const host = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9_.:%-]+$/, 'is neither a name nor an address');
export const port = z.number().int().min(1).max(65_535);
export const state = z.enum(states);
export const empty = z.strictObject({});

export const errorShape = z.strictObject({
  code: z.custom<ErrorCode>(isErrorCode, 'is not a known error code'),
  message: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
});
