import type { ServerNode, ServiceNode } from '#shared/contract/overview';
import { plural } from '../../../format';

export interface ServerSurroundings {
  readonly server: ServerNode;
  readonly service: ServiceNode;
  /** All real servers of the service, this one too. */
  readonly siblings: readonly ServerNode[];
  /** The unit that forwards; the pair's name where none is known to be active. */
  readonly forwarder: string;
}

/** What a real server's state means for those who use the service. `null`: nothing needs saying. */
export function meaningOf({ server, service, siblings, forwarder }: ServerSurroundings): string | null {
  const host = server.windowsName ?? server.address;
  const carrying = others(server, siblings);
  if (server.dr === 'fix-missing' && server.receives !== false) {
    const receiving = siblings.filter((sibling) => sibling.receives === true).length;
    const share =
      receiving > 1
        ? ` About 1 in ${receiving} new sessions on ${service.name} hang.`
        : ` New sessions on ${service.name} hang.`;
    const lacks = server.drWord === 'no address' ? 'does not hold' : 'does not answer for';
    return `${forwarder} sends it connections, but ${host} ${lacks} ${service.address} and drops them.${share}`;
  }
  switch (server.state) {
    case 'failed': {
      const why = server.checkText === null ? 'Its health check fails' : `Its health check says: ${server.checkText}`;
      const rest = carrying === '' ? 'No other server carries the service.' : `${carrying}.`;
      return `${why}, so the appliance took ${server.name} out. ${rest}`;
    }
    case 'drained':
    case 'halted':
      return `${server.name} was taken out on purpose. ${carrying === '' ? 'No other server carries the service.' : `${carrying}.`}`;
    case 'unknown':
      return `${host} cannot be read, or was read too long ago. What is shown is the last reading, and says nothing of now.`;
    case 'degraded':
      return `${server.name} is in service, but not as it should be: ${server.word}.`;
    case 'healthy':
      return null;
  }
}

/** What draining it will do, said before the button is pressed. */
export function drainEffect({ server, service, siblings }: ServerSurroundings): string {
  const stay =
    server.activeConnections === null
      ? 'Connections there are continue.'
      : `${plural(server.activeConnections, 'active connection')} ${server.activeConnections === 1 ? 'continues' : 'continue'}.`;
  const carrying = others(server, siblings);
  const rest = carrying === '' ? 'No other healthy server carries it.' : `${carrying}.`;
  return `${server.name} stops receiving new connections on ${service.name}. ${stay} ${rest}`;
}

export function onlineEffect({ server, service }: ServerSurroundings): string {
  return `${server.name} receives new connections on ${service.name} again.`;
}

function others(server: ServerNode, siblings: readonly ServerNode[]): string {
  const carrying = siblings.filter(
    (sibling) => sibling.id !== server.id && sibling.receives === true && sibling.state === 'healthy',
  );
  const names = carrying.map((sibling) => sibling.name);
  if (names.length === 0) return '';
  if (names.length === 1) return `${names[0] ?? ''} carries the whole service`;
  if (names.length > 3) return `${names.length} other servers carry on`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''} carry on`;
}
