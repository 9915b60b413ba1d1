export { Dispatcher, type DispatcherOptions } from './dispatcher';
export type { CallContext, CallHandler, Handlers, HandlersOf, StreamHandler } from './handlers';
export { LiveMap, type Change, type LiveSource } from './live-source';
