import type {
  CallArguments,
  CallName,
  CallOutput,
  StreamArguments,
  StreamItem,
  StreamName,
} from '#shared/contract/index';
import type { LiveSource } from './live-source';

export interface CallContext {
  /** Aborts when the caller gives up, the deadline passes, or the way in is closed. */
  readonly signal: AbortSignal;
  /** Who asks, for jobs and the audit log. */
  readonly operator: string;
}

export type CallHandler<N extends CallName> = (input: CallArguments<N>, context: CallContext) => Promise<CallOutput<N>>;

/** `context.signal` aborts when the stream ends. */
export type StreamHandler<N extends StreamName> = (
  input: StreamArguments<N>,
  context: CallContext,
) => LiveSource<StreamItem<N>> | Promise<LiveSource<StreamItem<N>>>;

/** One handler for every call and stream of the contract: a missing or an extra one does not compile. */
export interface Handlers {
  readonly calls: { readonly [N in CallName]: CallHandler<N> };
  readonly streams: { readonly [N in StreamName]: StreamHandler<N> };
}

/** A capability's part of the handlers. */
export interface HandlersOf<C extends CallName, S extends StreamName> {
  readonly calls: { readonly [N in C]: CallHandler<N> };
  readonly streams: { readonly [N in S]: StreamHandler<N> };
}
