import type { ServerNode } from '#shared/contract/overview';
import { methodBadge } from '#shared/domain/forwarding';
import { wordToken } from '../../../components/mark-shapes';
import { count, rate, shortAge } from '../../../format';
import type { DrawCommand } from './commands';
import { middle } from './edges';
import type { MapLayout, PlacedServer, PlacedService } from './layout';
import { nodeOf, type FindNode, type MapView } from './map-nodes';
import { alphaOf, nodeBox, stripColumns, tint } from './scene-parts';

export function serviceCommands(
  service: PlacedService,
  layout: MapLayout,
  find: FindNode,
  view: MapView,
  out: DrawCommand[],
): void {
  const node = nodeOf(find, service.id, 'service');
  if (node === null) return;
  const { box } = service;
  const alpha = alphaOf(view, node.id);
  out.push(nodeBox(box, node, view, { fill: 'raised', border: 'line2' }));
  if (layout.level === 'shapes') {
    out.push({ draw: 'mark', at: [box.x + 8, box.y + 8], size: 10, state: node.state, ...alpha });
    return;
  }
  const badge = node.method === null ? `L${node.layer}` : methodBadge(node.method);
  if (layout.level === 'names') {
    const y = middle(box);
    out.push({ draw: 'mark', at: [box.x + 12, y], size: 12, state: node.state, ...alpha });
    out.push({
      draw: 'text',
      x: box.x + 22,
      y,
      text: node.name,
      face: 'word-strong',
      colour: 'text',
      room: 68,
      ...alpha,
    });
    const x = box.x + box.width - 7;
    out.push({ draw: 'text', x, y, text: badge, face: 'badge', colour: 'muted', align: 'right', ...alpha });
    return;
  }
  const y = box.y + 15;
  const badgeWidth = badge.length > 3 ? 36 : 30;
  const badgeBox = { x: box.x + box.width - 7.5 - badgeWidth, y: y - 8, width: badgeWidth, height: 16 };
  out.push({ draw: 'mark', at: [box.x + 14, y], size: 12, state: node.state, ...alpha });
  out.push({
    draw: 'text',
    x: box.x + 26,
    y,
    text: node.name,
    face: 'node-strong',
    colour: 'text',
    room: 100,
    ...alpha,
  });
  out.push({ draw: 'box', ...badgeBox, fill: 'raised', border: 'line2', radius: 3, ...alpha });
  const badgeX = badgeBox.x + badgeWidth - (badgeWidth - badgeSpan(badge)) / 2 - 0.5;
  out.push({ draw: 'text', x: badgeX, y, text: badge, face: 'badge', colour: 'muted', align: 'right', ...alpha });
  out.push({
    draw: 'text',
    x: box.x + 10,
    y: box.y + 31,
    text: node.address,
    face: 'mono',
    colour: 'text',
    room: 150,
    ...alpha,
  });
  const list = node.ports.split(/,\s*/).join(', ');
  const ports = node.protocol === null ? list : `${node.protocol.toUpperCase()} ${list}`;
  const totals = `${count(node.activeConnections)} conn, ${rate(node.connectionsPerSecond)}/s`;
  out.push({
    draw: 'text',
    x: box.x + 10,
    y: box.y + 47,
    text: ports,
    face: 'small',
    colour: 'muted',
    room: 74,
    ...alpha,
  });
  const colour = node.stale ? 'faint' : 'muted';
  out.push({
    draw: 'text',
    x: box.x + box.width - 8,
    y: box.y + 47,
    text: totals,
    face: 'small',
    colour,
    align: 'right',
    ...alpha,
  });
}

/** Widths of the closed list of badges in their face, so that they stand in the middle without measuring. */
const badgeSpans: Readonly<Record<string, number>> = { DR: 16, NAT: 24, TUN: 24, SNAT: 31, L7: 14, L4: 14 };
const badgeSpan = (badge: string): number => badgeSpans[badge] ?? 20;

/** The word of a strip; of what cannot be read, how long already. */
export function serverWord(node: ServerNode, now: number): string {
  if (node.state === 'unknown' && node.readAt !== null) return `${node.word} ${shortAge(now - node.readAt)}`;
  return node.word;
}

export function serverCommands(
  server: PlacedServer,
  layout: MapLayout,
  find: FindNode,
  view: MapView,
  out: DrawCommand[],
): void {
  const node = nodeOf(find, server.id, 'server');
  if (node === null) return;
  const { box } = server;
  const alpha = alphaOf(view, node.id);
  const y = middle(box);
  if (layout.level === 'shapes') {
    if (view.selected === node.id) out.push(nodeBox({ x: box.x - 3, y: box.y - 2, width: 16, height: 14 }, node, view, { fill: 'raised', border: 'accent' })); // prettier-ignore
    out.push({ draw: 'mark', at: [box.x + 5, y], size: 10, state: node.state, ...alpha });
    return;
  }
  const unknown = node.state === 'unknown';
  out.push(nodeBox(box, node, view, { fill: tint(node.state), border: unknown ? 'edge' : 'line2', dashed: unknown }));
  const face = node.state === 'healthy' ? 'name' : 'name-strong';
  const names = layout.level === 'names';
  out.push({ draw: 'mark', at: [box.x + (names ? 12 : 13), y], size: 12, state: node.state, ...alpha });
  const columns = stripColumns(box.x, box.width);
  const nameX = names ? box.x + 22 : columns.name;
  const room = names ? 98 : columns.address - columns.name - 4;
  out.push({ draw: 'text', x: nameX, y, text: node.name, face, colour: 'text', room, ...alpha });
  if (names) return;
  const addressRoom = columns.word - columns.address - 4;
  out.push({
    draw: 'text',
    x: columns.address,
    y,
    text: node.address,
    face: 'mono',
    colour: 'muted',
    room: addressRoom,
    ...alpha,
  });
  const wordFace = node.state === 'healthy' ? 'word' : 'word-strong';
  const word = serverWord(node, view.now);
  const wordRoom = columns.connections - columns.word - 14;
  out.push({
    draw: 'text',
    x: columns.word,
    y,
    text: word,
    face: wordFace,
    colour: wordToken(node.state),
    room: wordRoom,
    ...alpha,
  });
  const colour = node.stale ? 'faint' : 'text';
  const figure = (x: number, text: string): void => {
    out.push({ draw: 'text', x, y, text, face: 'figure', colour, align: 'right', ...alpha });
  };
  figure(columns.connections, count(node.activeConnections));
  figure(columns.rate, rate(node.connectionsPerSecond));
  figure(columns.weight, count(node.weight));
}
