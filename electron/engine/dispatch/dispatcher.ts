import type { CallName, StreamName } from '#shared/contract/index';
import type { Port } from '#shared/contract/messages';
import { EvenkeelError } from '#shared/errors';
import type { CallContext, Handlers } from './handlers';
import type { LiveSource } from './live-source';
import { Session } from './session';

export interface DispatcherOptions {
  readonly handlers: Handlers;
  /** Who works at this computer. */
  readonly operator: () => string;
  /** Writes an unexpected error to the log and gives back its log id. */
  readonly logUnexpected: (error: unknown, step: string) => string;
}

/** Serves every way in over the same handlers. */
export class Dispatcher {
  constructor(private readonly options: DispatcherOptions) {}

  /** Serves one way in until its port closes. */
  serve(port: Port): void {
    const { handlers, operator } = this.options;
    new Session(port, {
      invoke: (name, input, context) => looseCall(handlers, name)(input, context),
      open: async (name, input, context) => await looseStream(handlers, name)(input, context),
      operator,
      report: (error, step) => this.report(error, step),
    });
  }

  /** Turns anything thrown into an error that may leave the engine; logs what was not expected. */
  report(error: unknown, step: string): EvenkeelError {
    if (error instanceof EvenkeelError && error.code !== 'internal' && error.code !== 'invalid_answer') return error;
    const logId = this.options.logUnexpected(error, step);
    const code = error instanceof EvenkeelError ? error.code : 'internal';
    return new EvenkeelError(code, { step, logId });
  }
}

// The input was checked with the schema of the same name, so the handler's own type holds; the compiler cannot follow
// that through the table, because the name is only known at run time.
function looseCall(handlers: Handlers, name: CallName): (input: unknown, context: CallContext) => Promise<unknown> {
  return handlers.calls[name] as (input: unknown, context: CallContext) => Promise<unknown>;
}

function looseStream(
  handlers: Handlers,
  name: StreamName,
): (input: unknown, context: CallContext) => LiveSource<unknown> | Promise<LiveSource<unknown>> {
  return handlers.streams[name] as (input: unknown, context: CallContext) => LiveSource<unknown>;
}
