import { describe, expect, it } from 'vitest';
import type { OverviewNode, ServerNode, ServiceNode } from '#shared/contract/overview';
import { countNodes } from '../../../renderer/state/counts';
import { branches } from '../../../renderer/state/overview-store.svelte';
import { clearIds } from '../../../renderer/views/overview/filter';
import { asUnknown, nodeThen, statesAt } from '../../../renderer/views/overview/history';
import { drainEffect, meaningOf } from '../../../renderer/views/overview/inspector/explain';
import { nodes, transitions } from '#test/fixtures/two-sites';

const byId = new Map<string, OverviewNode>(nodes.map((node) => [node.id, node]));
const server = (name: string): ServerNode => {
  const node = byId.get(`server:${name}`);
  if (node?.kind !== 'server') throw new Error(`no server ${name}`);
  return node;
};
const service = (name: string): ServiceNode => {
  const node = byId.get(`service:${name}`);
  if (node?.kind !== 'service') throw new Error(`no service ${name}`);
  return node;
};
const around = (name: string, of: string) => ({
  server: server(name),
  service: service(of),
  siblings: nodes.filter((node): node is ServerNode => node.kind === 'server' && node.serviceId === `service:${of}`),
  forwarder: 'lb-main-1',
});

describe('the counts above the map', () => {
  it('counts servers by state, and Windows servers that need the fix once', () => {
    const counts = countNodes(nodes);
    expect(counts.byState).toEqual({ healthy: 9, degraded: 2, failed: 1, drained: 1, unknown: 1 });
    expect([counts.pairs, counts.services, counts.servers, counts.needFix]).toEqual([2, 6, 14, 1]);
  });

  it('as a filter keeps what matches and what it belongs to', () => {
    const clear = clearIds(branches(byId), 'failed');
    expect([...(clear ?? [])].sort()).toEqual(['pair:annex', 'server:VNA_DICOM2', 'service:VNA_DICOM', 'site:annex']);
  });
});

describe('what the inspector says', () => {
  it('explains a server that lacks the fix by what a client sees', () => {
    expect(meaningOf(around('ICA_WEB2', 'ICA_WEB'))).toBe(
      'lb-main-1 sends it connections, but ICA-APP02 does not hold 192.168.100.100 and drops them. About 1 in 3 new sessions on ICA_WEB hang.',
    );
  });

  it('has nothing to say of a healthy server', () => {
    expect(meaningOf(around('ICA_WEB1', 'ICA_WEB'))).toBeNull();
  });

  it('says before a drain what it will touch and who carries on', () => {
    expect(drainEffect(around('ICA_WEB2', 'ICA_WEB'))).toBe(
      'ICA_WEB2 stops receiving new connections on ICA_WEB. 0 active connections continue. ICA_WEB1 and ICA_WEB3 carry on.',
    );
  });

  it('does not name a server that lacks the fix as one that carries on', () => {
    expect(drainEffect(around('ICA_WEB1', 'ICA_WEB'))).not.toContain('ICA_WEB2');
  });
});

describe('the history', () => {
  it('gives each node the state it was in at a time', () => {
    const at = Date.UTC(2026, 10, 22, 0, 50, 0);
    const states = statesAt(transitions, at);
    expect(states.get('server:ICA_WEB2')).toBe('failed');
    expect(states.get('server:HL7_A')).toBe('healthy');
  });

  it('does not claim to know a state before the first transition tells it', () => {
    expect(statesAt(transitions, 0).get('server:VNA_DICOM2')).toBe('unknown');
  });

  it('shows no figures of the past: they are not kept', () => {
    const then = nodeThen(server('ICA_WEB1'), new Map([['server:ICA_WEB1', 'failed']]));
    expect(then).toMatchObject({ state: 'failed', word: 'failed', activeConnections: null, weight: null });
  });

  it('shows nothing as healthy while the engine is away', () => {
    expect(nodes.map(asUnknown).some((node) => node.kind !== 'site' && node.state !== 'unknown')).toBe(false);
  });
});
