import type { SiteNode } from '#shared/contract/overview';
import { wordToken } from '../../../components/mark-shapes';
import type { DrawCommand } from './commands';
import { entry, middle } from './edges';
import type { MapLayout, PlacedPair, PlacedSite, PlacedUnit } from './layout';
import { nodeOf, type FindNode, type MapView } from './map-nodes';
import { alphaOf, nodeBox, stripColumns } from './scene-parts';

/** A site's band: its border, its name, and the captions of the number columns. */
export function bandCommands(
  site: PlacedSite,
  node: SiteNode,
  layout: MapLayout,
  view: MapView,
  out: DrawCommand[],
): void {
  const { box } = site;
  const selected = view.selected === site.id;
  const border = selected ? 'accent' : 'line';
  out.push({ draw: 'box', ...box, fill: 'surface', border, borderWidth: selected ? 2 : 1, radius: 4 });
  if (layout.level !== 'strips') {
    const face = layout.level === 'shapes' ? 'small-strong' : 'title';
    const x = box.x + (layout.level === 'shapes' ? 7 : 10);
    const y = box.y + (layout.level === 'shapes' ? 9 : 11);
    out.push({ draw: 'text', x, y, text: node.name, face, colour: 'text', room: box.width - 20 });
    return;
  }
  const y = box.y + 14;
  out.push({ draw: 'chevron', at: [box.x + 14, y], folded: site.folded, colour: 'muted' });
  out.push({ draw: 'title', x: box.x + 24, y, text: node.name, summary: site.summary, room: 440 });
  if (site.pairs.length === 0) return;
  const rule = box.y + 26.5;
  out.push({
    draw: 'line',
    points: [
      [box.x, rule],
      [box.x + box.width, rule],
    ],
    colour: 'line',
    width: 1,
  });
  captions(layout, box.x, y, out);
  if (site.lane !== null && site.pairs.some((pair) => pair.services.length > 0)) {
    const text = 'Replies go straight to the client, past the appliance';
    out.push({ draw: 'text', x: box.x + 296, y: site.lane, text, face: 'small', colour: 'muted' });
  }
}

function captions(layout: MapLayout, left: number, y: number, out: DrawCommand[]): void {
  const { server } = layout.geometry;
  const columns = stripColumns(left + server.x, server.width);
  const caption = (x: number, text: string, align: 'left' | 'right'): void => {
    out.push({ draw: 'text', x, y, text, face: 'small', colour: 'muted', align });
  };
  caption(columns.name, 'Real server', 'left');
  caption(columns.address, 'Address', 'left');
  caption(columns.word, 'State', 'left');
  caption(columns.connections, 'conn', 'right');
  caption(columns.rate, '/s', 'right');
  caption(columns.weight, 'wt', 'right');
}

export function clientCommands(site: PlacedSite, layout: MapLayout, find: FindNode, out: DrawCommand[]): void {
  const { clients } = layout.geometry;
  const first = site.pairs[0];
  if (clients === null || first === undefined) return;
  const middleY = entry(first, find).y;
  const x = site.box.x + clients.x;
  const size = { width: clients.width, height: clients.height };
  out.push({ draw: 'box', x, y: middleY - clients.height / 2, ...size, fill: 'raised', border: 'line2', radius: 3 });
  out.push({ draw: 'text', x: x + 6, y: middleY, text: 'Clients', face: 'word', colour: 'text' });
}

export function pairCommands(
  pair: PlacedPair,
  layout: MapLayout,
  find: FindNode,
  view: MapView,
  out: DrawCommand[],
): void {
  const node = nodeOf(find, pair.id, 'pair');
  if (node === null) return;
  const { frame } = pair;
  if (layout.level !== 'shapes') {
    out.push(nodeBox(frame, node, view, { fill: 'sunken', border: 'line' }));
    const y = frame.y + (layout.level === 'strips' ? 14 : 12);
    const alpha = alphaOf(view, node.id);
    out.push({ draw: 'mark', at: [frame.x + 12, y], size: 12, state: node.state, ...alpha });
    const room = layout.level === 'strips' ? 68 : 84;
    out.push({
      draw: 'text',
      x: frame.x + 23,
      y,
      text: node.name,
      face: 'name-strong',
      colour: 'text',
      room,
      ...alpha,
    });
    if (layout.level === 'strips') {
      const x = frame.x + frame.width - 6;
      const colour = wordToken(node.state);
      out.push({ draw: 'text', x, y, text: node.word, face: 'small', colour, align: 'right', room: 64, ...alpha });
      heartbeat(pair, node.heartbeatSeconds, out);
    }
    if (pair.folded) {
      const x = frame.x + frame.width + 14;
      out.push({ draw: 'chevron', at: [x, middle(frame)], folded: true, colour: 'muted' });
      out.push({ draw: 'text', x: x + 10, y: middle(frame), text: pair.summary, face: 'small', colour: 'muted' });
    }
  }
  for (const unit of pair.units) unitCommands(unit, layout, find, view, out);
}

function heartbeat(pair: PlacedPair, seconds: number | null, out: DrawCommand[]): void {
  const [upper, lower] = pair.units;
  if (upper === undefined || lower === undefined) return;
  const x = upper.box.x + 46;
  const top = upper.box.y + upper.box.height;
  out.push({
    draw: 'line',
    points: [
      [x, top],
      [x, lower.box.y],
    ],
    colour: 'line2',
    width: 1.5,
  });
  // Not every channel tells it; a broken heartbeat shows in the pair's own word.
  if (seconds === null) return;
  const text = `heartbeat ${seconds} s`;
  out.push({ draw: 'text', x: x + 8, y: (top + lower.box.y) / 2, text, face: 'tiny', colour: 'muted' });
}

function unitCommands(unit: PlacedUnit, layout: MapLayout, find: FindNode, view: MapView, out: DrawCommand[]): void {
  const node = nodeOf(find, unit.id, 'unit');
  if (node === null) return;
  const { box } = unit;
  const active = node.haState === 'active';
  const alpha = alphaOf(view, node.id);
  if (layout.level === 'shapes') {
    out.push(nodeBox(box, node, view, { fill: active ? 'text' : 'raised', border: active ? 'text' : 'edge' }));
    return;
  }
  out.push(nodeBox(box, node, view, { fill: 'raised', border: active ? 'text' : 'line2', dashed: node.stale }));
  if (active) {
    const bar = { x: box.x, y: box.y, width: 4, height: box.height };
    out.push({ draw: 'box', ...bar, fill: 'text', border: null, radius: 0, ...alpha });
  }
  const strips = layout.level === 'strips';
  const face = active ? (strips ? 'node-strong' : 'name-strong') : strips ? 'node' : 'name';
  if (layout.level === 'names') {
    out.push({
      draw: 'text',
      x: box.x + 10,
      y: middle(box),
      text: node.name,
      face,
      colour: 'text',
      room: 88,
      ...alpha,
    });
    return;
  }
  const right = box.x + box.width - 8;
  const wordFace = active ? 'small-strong' : 'small';
  const word = node.haState ?? node.word;
  const wordColour = active ? 'text' : node.haState === null ? wordToken(node.state) : 'muted';
  out.push({ draw: 'text', x: box.x + 12, y: box.y + 14, text: node.name, face, colour: 'text', room: 90, ...alpha });
  out.push({
    draw: 'text',
    x: right,
    y: box.y + 14,
    text: word,
    face: wordFace,
    colour: wordColour,
    align: 'right',
    ...alpha,
  });
  const second = box.y + 31;
  out.push({
    draw: 'text',
    x: box.x + 12,
    y: second,
    text: node.address,
    face: 'mono-small',
    colour: 'muted',
    room: 98,
    ...alpha,
  });
  if (node.version !== null) {
    out.push({
      draw: 'text',
      x: right,
      y: second,
      text: node.version,
      face: 'small',
      colour: 'muted',
      align: 'right',
      ...alpha,
    });
  }
  if (node.job !== null) {
    const width = (box.width - 2) * (node.job.fraction ?? 1);
    const bar = { x: box.x + 1, y: box.y + box.height - 4, width, height: 3 };
    out.push({ draw: 'box', ...bar, fill: 'maintenance', border: null, radius: 0, ...alpha });
  }
}
