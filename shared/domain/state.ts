/**
 * The states a real server, a virtual service, a unit or a pair can be in. `unknown` covers everything that cannot be
 * read or was read too long ago, and is never shown as healthy.
 */
export const states = ['healthy', 'degraded', 'failed', 'drained', 'halted', 'unknown'] as const;
export type State = (typeof states)[number];
