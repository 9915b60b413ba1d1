import { contract, type CallName, type StreamName } from '#shared/contract/index';
import type { CallHandler, Handlers, StreamHandler } from '#engine/dispatch/index';

type CallFakes = { readonly [N in CallName]?: CallHandler<N> };
type StreamFakes = { readonly [N in StreamName]?: StreamHandler<N> };

const missing = (name: string) => () => Promise.reject(new Error(`The test gave no ${name}`));

/** A full table of handlers from the contract: those given work, every other one fails by name. */
export function fakeHandlers(calls: CallFakes, streams: StreamFakes = {}): Handlers {
  const all = {
    calls: Object.fromEntries(Object.keys(contract.calls).map((name) => [name, missing(name)])),
    streams: Object.fromEntries(Object.keys(contract.streams).map((name) => [name, missing(name)])),
  };
  return { calls: { ...all.calls, ...calls }, streams: { ...all.streams, ...streams } } as Handlers;
}
