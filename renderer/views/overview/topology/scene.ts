import type { DrawCommand } from './commands';
import { siteEdges } from './edges';
import type { Box, MapLayout } from './layout';
import { nodeOf, type FindNode, type MapView } from './map-nodes';
import { bandCommands, clientCommands, pairCommands } from './scene-bands';
import { dim } from './scene-parts';
import { serverCommands, serviceCommands } from './scene-nodes';

/** Everything that can be seen of a map, as drawing commands in order. Pure. */
export function scene(layout: MapLayout, find: FindNode, view: MapView, visible: Box): readonly DrawCommand[] {
  const path = pathOf(layout, view.selected);
  const out: DrawCommand[] = [];
  const top = visible.y;
  const bottom = visible.y + visible.height;
  for (const site of layout.sites) {
    if (!overlaps(site.box, top, bottom)) continue;
    const node = nodeOf(find, site.id, 'site');
    if (node === null) continue;
    bandCommands(site, node, layout, view, out);
    for (const command of siteEdges(site, layout.geometry, find, path)) {
      if (reaches(command, top, bottom)) out.push(view.clear === null ? command : dimmed(command));
    }
    clientCommands(site, layout, find, out);
    for (const pair of site.pairs) {
      if (overlaps(pair.frame, top, bottom)) pairCommands(pair, layout, find, view, out);
      for (const service of pair.services) {
        if (overlaps(service.box, top, bottom)) serviceCommands(service, layout, find, view, out);
        for (const server of service.servers) {
          if (overlaps(server.box, top, bottom)) serverCommands(server, layout, find, view, out);
        }
      }
    }
  }
  return out;
}

/** The ids of a node and of what a request passes on its way to it. */
export function pathOf(layout: MapLayout, selected: string | null): ReadonlySet<string> {
  if (selected === null) return new Set();
  for (const site of layout.sites) {
    for (const pair of site.pairs) {
      if (pair.id === selected || pair.units.some((unit) => unit.id === selected)) return new Set([pair.id]);
      for (const service of pair.services) {
        if (service.id === selected) return new Set([pair.id, service.id]);
        if (service.servers.some((server) => server.id === selected)) return new Set([pair.id, service.id, selected]);
      }
    }
  }
  return new Set();
}

function overlaps(box: Box, top: number, bottom: number): boolean {
  return box.y <= bottom && box.y + box.height >= top;
}

function reaches(command: DrawCommand, top: number, bottom: number): boolean {
  if (command.draw === 'line') {
    let low = Infinity;
    let high = -Infinity;
    for (const [, y] of command.points) {
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
    return low <= bottom && high >= top;
  }
  if (command.draw === 'head' || command.draw === 'cross')
    return command.at[1] >= top - 8 && command.at[1] <= bottom + 8;
  return true;
}

function dimmed(command: DrawCommand): DrawCommand {
  return command.draw === 'chevron' ? command : { ...command, alpha: dim };
}
