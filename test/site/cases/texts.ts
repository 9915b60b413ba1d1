import type { DrCell, DrWire } from '#shared/contract/direct-routing';
import { macsFor, placeOfMac } from '../product/client';
import type { HostPlace } from '../lab/names';

/** For example `6 of 6 in, weight 100 | no address`. */
export function cellsText(cells: readonly DrCell[]): string {
  const words = cells.map((cell) => `${cell.applianceWord} | ${cell.serverWord}`);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} of ${words.length} ${word}`).join('; ') || 'no cell';
}

/** For example `only-active: lb1`. */
export function wireText(wire: DrWire | undefined): string {
  const answers = (wire?.answers ?? []).map((answer) => placeOfMac(answer.mac)).sort();
  return `${wire?.verdict ?? 'no wire'}: ${answers.join(', ') || 'nobody'}`;
}

/** The product's matrix and what it heard on the wire. */
export function lookText(look: { readonly cells: readonly DrCell[]; readonly wire: DrWire | undefined }): string {
  return `${cellsText(look.cells)}; ${wireText(look.wire)}`;
}

/** Who answers ARP for the VIP, asked beside the product. */
export async function answering(from: HostPlace): Promise<string> {
  return (await macsFor(from)).map(placeOfMac).join(', ') || 'nobody';
}
