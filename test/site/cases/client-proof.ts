import type { DrClient } from '#shared/contract/direct-routing';
import { shows, type LabCase } from './case';

/** What the product's own client sees from the operator's place, by its own connections. */
export function clientProof(name: string, expected: string): LabCase {
  return shows(name, expected, async ({ product }) => {
    const seen = await product.client.call('directRouting.proveClient', { pairId: product.pairId });
    const through = seen.filter((item) => item.via === 'vip');
    const direct = seen.filter((item) => item.via === 'server');
    return `through the VIP ${outcomes(through)}; directly ${outcomes(direct)}`;
  });
}

/** For example `dicom ok, http ok, https ok`; what differs between servers is told with each outcome once. */
function outcomes(list: readonly DrClient[]): string {
  return [...new Set(list.map((item) => `${item.probe} ${item.outcome}`))].sort().join(', ') || 'nothing';
}
