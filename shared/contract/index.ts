import type { z } from 'zod';
import { directRoutingCalls, directRoutingStreams } from './direct-routing';
import { inventoryCalls, inventoryStreams } from './inventory';
import { jobCalls, jobStreams } from './jobs';
import { overviewCalls, overviewStreams } from './overview';
import { practiceCalls, practiceStreams } from './practice';
import { systemCalls, systemStreams } from './system';
import { updateCalls, updateStreams } from './updates';

/** Everything that crosses between a way in (window, browser, command line) and the engine. */
export const contract = {
  calls: {
    ...systemCalls,
    ...practiceCalls,
    ...inventoryCalls,
    ...overviewCalls,
    ...directRoutingCalls,
    ...updateCalls,
    ...jobCalls,
  },
  streams: {
    ...systemStreams,
    ...practiceStreams,
    ...inventoryStreams,
    ...overviewStreams,
    ...directRoutingStreams,
    ...updateStreams,
    ...jobStreams,
  },
} as const;

type Calls = typeof contract.calls;
type Streams = typeof contract.streams;

export type CallName = keyof Calls;
export type StreamName = keyof Streams;
/** What a caller passes. */
export type CallInput<N extends CallName> = z.input<Calls[N]['input']>;
/** What a handler gets: checked, defaults filled in. */
export type CallArguments<N extends CallName> = z.output<Calls[N]['input']>;
export type CallOutput<N extends CallName> = z.output<Calls[N]['output']>;
export type StreamInput<N extends StreamName> = z.input<Streams[N]['input']>;
export type StreamArguments<N extends StreamName> = z.output<Streams[N]['input']>;
export type StreamItem<N extends StreamName> = z.output<Streams[N]['item']>;

export function isCallName(name: string): name is CallName {
  return Object.hasOwn(contract.calls, name);
}

export function isStreamName(name: string): name is StreamName {
  return Object.hasOwn(contract.streams, name);
}
