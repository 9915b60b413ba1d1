import { z } from 'zod';
import { errorShape } from './common';

/** What travels between a way in and the engine, over any transport. One object a message. */
const callId = z.number().int().positive();

/** From the window. */
export const requestMessage = z.discriminatedUnion('t', [
  z.strictObject({
    t: z.literal('call'),
    id: callId,
    name: z.string().max(100),
    input: z.unknown(),
    deadlineMs: z.number().int().positive().nullable(),
  }),
  z.strictObject({ t: z.literal('abort'), id: callId }),
  z.strictObject({ t: z.literal('open'), id: callId, name: z.string().max(100), input: z.unknown() }),
  z.strictObject({ t: z.literal('close'), id: callId }),
  /** The window has taken in the last snapshot or change of a stream and is ready for the next. */
  z.strictObject({ t: z.literal('ready'), id: callId }),
]);

/** Items by key. Each is checked by its stream's own schema; here only that there are keys, without a walk over them. */
const items = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be items by key',
);

/** From the engine. */
export const replyMessage = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('result'), id: callId, output: z.unknown() }),
  z.strictObject({ t: z.literal('error'), id: callId, error: errorShape }),
  z.strictObject({ t: z.literal('snapshot'), id: callId, items }),
  z.strictObject({ t: z.literal('change'), id: callId, set: items, remove: z.array(z.string()) }),
  /** The stream is over; no error means that its source ended. */
  z.strictObject({ t: z.literal('end'), id: callId, error: errorShape.nullable() }),
]);

export type RequestMessage = z.infer<typeof requestMessage>;
export type ReplyMessage = z.infer<typeof replyMessage>;

/** A two-way pipe of messages: a MessagePort, a WebSocket, or a pair in memory. */
export interface Port {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
