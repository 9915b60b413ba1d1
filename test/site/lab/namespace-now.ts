import { must, within } from './commands';
import { namespaceOf, type HostPlace } from './names';

/** Addresses, rules, routes and firewall of a namespace as one text that can be compared. */
export async function namespaceNow(place: HostPlace): Promise<string> {
  const name = namespaceOf(place);
  const parts = await Promise.all([
    must(['ip', '-n', name, '-o', 'addr', 'show']),
    must(['ip', '-n', name, 'rule']),
    must(['ip', '-n', name, 'route', 'show', 'table', 'all']),
    must(within(place, ['nft', 'list', 'table', 'inet', 'windows'])),
  ]);
  return parts.join('\n').replaceAll(/valid_lft \w+/g, '');
}
