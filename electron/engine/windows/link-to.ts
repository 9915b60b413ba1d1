import { AutomaticLink } from './automatic-link';
import { ServerLink } from './link';
import { SignOnLink } from './local/index';
import type { ScriptLink } from './script-link';
import type { WindowsServerAccess } from './server';
import { winrmTarget } from './target';

const connectTimeoutMs = 10_000;

/** The way to a server that was chosen for it. Throws `secret_missing` when a stored account is meant and there is none. */
export function linkTo(access: WindowsServerAccess, powerShell: string | null): ScriptLink {
  const { way = 'stored' } = access;
  if (way === 'stored') return new ServerLink(winrmTarget(access));
  const { host, port, transport } = access;
  const signOn = new SignOnLink({ host, port, scheme: transport, connectTimeoutMs }, powerShell);
  return way === 'sign-on' || access.login === null
    ? signOn
    : new AutomaticLink(signOn, new ServerLink(winrmTarget(access)));
}
