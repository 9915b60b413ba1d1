import type { OverviewNode } from '#shared/contract/overview';
import { address } from '../../router.svelte';

const folders = { site: 'sites', pair: 'pairs', unit: 'units', service: 'services', server: 'servers' } as const;

/** The address of a node, so that a selection can be linked, reloaded and found. */
export function nodeAddress(node: OverviewNode, query: Readonly<Record<string, string>> = {}): string {
  return address(folders[node.kind], node.id, query);
}
