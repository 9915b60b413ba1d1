import type { HandlersOf } from '#engine/dispatch/index';
import type { Audit } from './audit';

export function auditHandlers(audit: Audit): HandlersOf<'audit.list' | 'audit.verify', 'audit.live'> {
  return {
    calls: {
      'audit.list': (input) => audit.list(input),
      'audit.verify': (_input, { signal }) => audit.verify(signal),
    },
    streams: { 'audit.live': () => audit.live() },
  };
}
