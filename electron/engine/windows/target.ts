import { EvenkeelError } from '#shared/errors';
import type { WindowsServerAccess } from './server';
import type { WinrmTarget } from './winrm/index';

/** What the WinRM client needs to know. Throws `secret_missing` without a login. */
export function winrmTarget(access: WindowsServerAccess): WinrmTarget {
  const { login } = access;
  if (login === null) throw new EvenkeelError('secret_missing', { unit: access.name, step: 'WinRM login' });
  const pinned = access.pins.certificate;
  return {
    host: access.host,
    port: access.port,
    scheme: access.transport,
    auth:
      login.kind === 'ntlm'
        ? { kind: 'ntlm', username: login.username, password: login.password, domain: login.domain }
        : { kind: 'basic', username: login.username, password: login.password },
    ...(pinned !== null && { tls: { pinnedSha256: pinned } }),
  };
}
