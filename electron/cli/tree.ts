import type { OverviewNode, PairNode, ServerNode, ServiceNode } from '#shared/contract/overview';
import { methodBadge } from '#shared/domain/forwarding';

/** The overview as lines of text: site, pair, its units, its services with their real servers. */
export function overviewTree(nodes: readonly OverviewNode[]): string[] {
  const sorted = [...nodes].sort((a, b) => a.order - b.order);
  const lines: string[] = [];
  for (const site of sorted.filter((node) => node.kind === 'site')) {
    lines.push(`${site.name}${site.practice ? ' (practice)' : ''}`);
    for (const pair of sorted.filter((node) => node.kind === 'pair' && node.siteId === site.id)) {
      lines.push(...pairLines(pair as PairNode, sorted));
    }
  }
  return lines;
}

function pairLines(pair: PairNode, nodes: readonly OverviewNode[]): string[] {
  const lines = [`  ${pair.name}  ${pair.state}, ${pair.word}`];
  for (const node of nodes) {
    if (node.kind === 'unit' && node.pairId === pair.id) {
      lines.push(
        `    unit ${node.name}  ${node.address}  ${node.version ?? 'version unknown'}  ${node.state}, ${node.word}`,
      );
    }
  }
  for (const node of nodes) {
    if (node.kind === 'service' && node.pairId === pair.id) lines.push(...serviceLines(node, nodes));
  }
  return lines;
}

function serviceLines(service: ServiceNode, nodes: readonly OverviewNode[]): string[] {
  const badge = service.method === null ? '?' : methodBadge(service.method);
  const servers = nodes.filter((node): node is ServerNode => node.kind === 'server' && node.serviceId === service.id);
  return [
    `    ${service.name}  ${service.address} ${service.ports}  ${badge}  ${service.state}, ${service.word}`,
    ...servers.map((server) => {
      const weight = server.weight === null ? '–' : String(server.weight);
      const side = server.dr === 'not-needed' ? '' : `, server's side: ${server.drWord}`;
      return `      ${server.name}  ${server.address}  weight ${weight}  ${server.state}, ${server.word}${side}`;
    }),
  ];
}
