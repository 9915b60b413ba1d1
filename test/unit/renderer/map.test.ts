import { describe, expect, it } from 'vitest';
import type { OverviewNode } from '#shared/contract/overview';
import { branches } from '../../../renderer/state/overview-store.svelte';
import { hit } from '../../../renderer/views/overview/topology/hit';
import { layoutMap, type MapLayout } from '../../../renderer/views/overview/topology/layout';
import { scene } from '../../../renderer/views/overview/topology/scene';
import { boxes, boxOf, start, zoomedAt } from '../../../renderer/views/overview/topology/viewport';
import { walk } from '../../../renderer/views/overview/topology/walk';
import { moment, nodes } from '#test/fixtures/two-sites';

const byId = new Map<string, OverviewNode>(nodes.map((node) => [node.id, node]));
const options = { level: 'strips', viewWidth: 960, folded: new Set<string>() } as const;
const layout = layoutMap(branches(byId), options);
const view = { selected: null, clear: null, now: moment, changed: new Set<string>() };
const everything = { x: 0, y: 0, width: 960, height: 10_000 };

function drawn(map: ReadonlyMap<string, OverviewNode>, selected: string | null = null) {
  return scene(layoutMap(branches(map), options), (id) => map.get(id), { ...view, selected }, everything);
}

function changed(id: string, change: object): ReadonlyMap<string, OverviewNode> {
  return new Map(
    [...byId].map(([key, node]) => [key, key === id ? { ...node, ...change } : node] as [string, OverviewNode]),
  );
}

describe('layout of the map', () => {
  it('stands where the measured pictures have it', () => {
    expect(boxOf(layout, 'server:ICA_WEB1')).toEqual({ x: 496, y: 46, width: 414, height: 28 });
    expect(boxOf(layout, 'service:ICA_WEB')).toEqual({ x: 294, y: 63, width: 168, height: 58 });
    expect(boxOf(layout, 'pair:main')).toEqual({ x: 102, y: 115, width: 164, height: 142 });
    expect(layout.sites[0]?.lane).toBe(346);
    expect(layout.sites[1]?.box.y).toBe(372);
  });

  it('does not move anything when values change', () => {
    const other = changed('server:ICA_WEB2', { state: 'failed', word: 'failed', activeConnections: 9_999, weight: 0 });
    expect(layoutMap(branches(other), options)).toEqual(layout);
  });

  it('lets no two real servers overlap', () => {
    for (const level of ['shapes', 'names', 'strips'] as const) {
      const own = layoutMap(branches(byId), { ...options, level });
      const servers = [...boxes(own)].filter(([id]) => id.startsWith('server:')).map(([, box]) => box);
      for (const a of servers) {
        const over = servers.filter((b) => b !== a && a.x === b.x && Math.abs(a.y - b.y) < a.height);
        expect(over).toEqual([]);
      }
    }
  });

  it('folds a site to its head, and says what it holds', () => {
    const folded = layoutMap(branches(byId), { ...options, folded: new Set(['site:main']) });
    expect(folded.sites[0]?.pairs).toEqual([]);
    expect(folded.sites[0]?.summary).toBe('1 pair, 3 services, 8 real servers');
    expect(folded.height).toBeLessThan(layout.height);
  });
});

describe('what the map draws', () => {
  const texts = (map: ReadonlyMap<string, OverviewNode>): string[] =>
    drawn(map).flatMap((command) => (command.draw === 'text' ? [command.text] : []));

  it('crosses the reply of a server that lacks the fix, and only there', () => {
    expect(drawn(byId).filter((command) => command.draw === 'cross')).toHaveLength(2);
    const mended = changed('server:ICA_WEB2', { dr: 'proved' });
    expect(drawn(mended).filter((command) => command.draw === 'cross')).toHaveLength(1);
  });

  it('ends the request in a bar where nothing new is sent', () => {
    const bars = drawn(byId).filter(
      (command) => command.draw === 'line' && ['failed', 'maintenance'].includes(command.colour),
    );
    expect(bars).toHaveLength(2);
  });

  it('says how long a server has not been read', () => {
    expect(texts(byId)).toContain('unknown 23 m');
  });

  it('draws the path of what is selected from the clients to the server in accent', () => {
    const path = drawn(byId, 'server:ICA_WEB2').filter(
      (command) => command.draw === 'line' && command.colour === 'accent',
    );
    expect(path).toHaveLength(3);
  });

  it('draws only what can be seen', () => {
    const all = drawn(byId).length;
    const few = scene(layout, (id) => byId.get(id), view, { x: 0, y: 0, width: 960, height: 60 }).length;
    expect(few).toBeLessThan(all / 3);
  });

  it('never marks an unknown server as healthy', () => {
    const marks = drawn(changed('server:ICA_WEB1', { state: 'unknown', word: 'unknown' }));
    const y = (boxOf(layout, 'server:ICA_WEB1')?.y ?? 0) + 14;
    const mark = marks.find((command) => command.draw === 'mark' && command.at[1] === y && command.at[0] > 496);
    expect(mark).toMatchObject({ state: 'unknown' });
  });
});

describe('finding the way on the map', () => {
  it('hits what lies under the pointer', () => {
    expect(hit(layout, 700, 60)).toEqual({ kind: 'node', id: 'server:ICA_WEB1' });
    expect(hit(layout, 26, 24)).toEqual({ kind: 'fold', id: 'site:main' });
    expect(hit(layout, 480, 400)).not.toEqual({ kind: 'node', id: 'server:ICA_WEB1' });
  });

  it('walks the tree with the arrow keys', () => {
    expect(walk(layout, null, 'down')).toBe('site:main');
    expect(walk(layout, 'site:main', 'right')).toBe('pair:main');
    expect(walk(layout, 'pair:main', 'right')).toBe('service:ICA_WEB');
    expect(walk(layout, 'service:ICA_WEB', 'right')).toBe('server:ICA_WEB1');
    expect(walk(layout, 'server:ICA_WEB1', 'down')).toBe('server:ICA_WEB2');
    expect(walk(layout, 'server:ICA_WEB2', 'left')).toBe('service:ICA_WEB');
    expect(walk(layout, 'server:ICA_WEB1', 'up')).toBe('server:ICA_WEB1');
  });

  it('keeps the node under the pointer in place when the level changes', () => {
    const tree = branches(byId);
    const layoutFor = (level: MapLayout['level']): MapLayout => layoutMap(tree, { ...options, level });
    const box = boxOf(layout, 'server:HL7_A');
    const point = { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + 14 };
    const after = zoomedAt(start, 0.6, point, layoutFor);
    const there = boxOf(layoutFor('names'), 'server:HL7_A');
    expect((there?.y ?? 0) + 12 + after.y).toBeCloseTo(point.y, 0);
  });
});
