import { z } from 'zod';

const replyId = z.number().int().positive();

/** What main sends to the engine process. A `window` message carries the window's port beside it. */
export const hostMessage = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('window') }),
  z.strictObject({ t: z.literal('stop') }),
  z.strictObject({
    t: z.literal('desktop-reply'),
    id: replyId,
    /** Base64 of what was encrypted, clear text of what was decrypted, or nothing. */
    value: z.string().nullable(),
    error: z.enum(['secrets_unavailable', 'secrets_locked']).nullable(),
  }),
]);

/** What the engine process asks main for. */
export const desktopRequest = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('encrypt'), id: replyId, clear: z.string() }),
  z.strictObject({ t: z.literal('decrypt'), id: replyId, sealed: z.string() }),
  z.strictObject({ t: z.literal('keystore-state'), id: replyId }),
  z.strictObject({ t: z.literal('notify'), title: z.string(), body: z.string() }),
]);

/** What the engine process tells main of itself. */
export const engineReport = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('started') }),
  z.strictObject({ t: z.literal('failed'), error: z.looseObject({ message: z.string() }) }),
]);

export type EngineReport = z.infer<typeof engineReport>;
export type HostMessage = z.infer<typeof hostMessage>;
export type DesktopReply = Extract<HostMessage, { t: 'desktop-reply' }>;
export type DesktopRequest = z.infer<typeof desktopRequest>;
