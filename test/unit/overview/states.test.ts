import { describe, expect, it } from 'vitest';
import { pairPicture, type DrFact, type PairInput, type UnitInput } from '#shared/domain/overview/index';
import type { RealServerReading } from '#shared/domain/appliance/reading';
import { missing, now, pairInput, proved, reading, server, service, unit, unreadFor23Minutes } from './estate';

function shown(input: PairInput, id: string): string {
  const node = pairPicture(input, now).nodes.get(id);
  return node === undefined || node.kind === 'site' ? 'not there' : `${node.state}: ${node.word}`;
}

const [a, b, c] = ['192.168.100.110', '192.168.100.111', '192.168.100.112'];

describe('a virtual service says what its real servers are', () => {
  interface Row {
    readonly servers: readonly Partial<RealServerReading>[];
    readonly dr?: Readonly<Record<string, DrFact>>;
    readonly part?: Parameters<typeof service>[2];
    readonly reads: string;
  }
  const drained = { status: 'drained', weight: 0 } as const;
  const failed = { status: 'failed', activeConnections: null } as const;
  const rows: readonly Row[] = [
    { servers: [{ address: a }, { address: b }], reads: 'healthy: 2 of 2 in service' },
    { servers: [{ address: a }, { ...drained, address: b }], reads: 'healthy: 1 of 2 in service' },
    {
      servers: [{ address: a }, { address: b, activeConnections: 0 }, { address: c }],
      dr: { [b]: missing },
      reads: 'degraded: 1 of 3 needs DR fix',
    },
    {
      servers: [{ address: a }, { address: b }, { address: c }],
      dr: { [a]: missing, [b]: missing },
      reads: 'degraded: 2 of 3 need DR fix',
    },
    { servers: [{ address: a }, { ...failed, address: b }], reads: 'degraded: 1 of 2 failed' },
    {
      servers: [{ address: a }, { address: b }],
      dr: { [b]: unreadFor23Minutes },
      reads: 'unknown: 1 of 2 cannot be read',
    },
    {
      servers: [{ ...failed, address: a }, { address: b }, { address: c }],
      dr: { [b]: missing },
      reads: 'degraded: 1 of 3 failed, 1 needs DR fix',
    },
    { servers: [{ address: a }], dr: { [a]: missing }, reads: 'failed: 1 of 1 needs DR fix' },
    { servers: [failed, failed], reads: 'failed: 2 of 2 failed' },
    { servers: [failed, failed], part: { onFallback: true }, reads: 'failed: on the fallback server' },
    {
      servers: [
        { ...failed, address: a },
        { ...drained, address: b },
      ],
      reads: 'failed: 1 of 2 failed',
    },
    { servers: [drained, drained], reads: 'drained: 2 of 2 drained' },
    { servers: [{ status: 'halted' }, { status: 'halted' }], reads: 'halted: 2 of 2 halted' },
    { servers: [drained, { status: 'halted' }], reads: 'drained: 1 drained, 1 halted' },
    { servers: [{ status: null }], reads: 'unknown: 1 of 1 cannot be read' },
    { servers: [], reads: 'failed: no real server' },
    // Without Direct Routing the server's side is not asked.
    { servers: [{ address: a }], dr: { [a]: missing }, part: { method: 'masq' }, reads: 'healthy: 1 of 1 in service' },
    {
      servers: [{ address: a }],
      dr: { [a]: missing },
      part: { layer: 7, method: 'proxy' },
      reads: 'healthy: 1 of 1 in service',
    },
  ];
  it.each(rows)('$reads', ({ servers, dr, part, reads }) => {
    const real = servers.map((item, index) => server(`R${index + 1}`, item));
    expect(shown(pairInput([service('S', real, part)], dr), 'pair-main/S')).toBe(reads);
  });
});

describe('a real server says what both sides say', () => {
  const one = (part: Partial<RealServerReading>, dr: DrFact): string =>
    shown(pairInput([service('S', [server('R', part)])], { [a]: dr }), 'pair-main/S/R');
  it.each([
    ['healthy: healthy', one({}, proved)],
    ['degraded: needs DR fix', one({ activeConnections: 0 }, missing)],
    ['unknown: unknown 23 m', one({}, unreadFor23Minutes)],
    ['failed: failed', one({ status: 'failed' }, proved)],
    ['drained: drained', one({ status: 'drained' }, missing)],
    ['halted: halted', one({ status: 'halted' }, unreadFor23Minutes)],
    ['unknown: unknown', one({ status: null }, proved)],
  ])('%s', (reads, seen) => expect(seen).toBe(reads));
});

describe('a pair says how its units stand to each other', () => {
  const active = reading({});
  const passive = reading({ role: 'secondary', state: 'passive' });
  const refused = { code: 'connect_refused', message: 'refused', details: {} } as const;
  const updating = { jobId: 'j', number: 413, title: 'Update lb-annex', fraction: 0.62, updating: true };
  const pair = (one: UnitInput, two?: UnitInput): string =>
    shown(pairInput([], {}, two ? [one, two] : [one]), 'pair-main');
  const first = unit('lb-main-1', active);
  const second = unit('lb-main-2', passive);
  it.each([
    ['healthy: in sync', pair(first, second)],
    ['drained: updating', pair({ ...first, job: updating }, second)],
    ['degraded: two versions', pair(first, unit('lb-main-2', { ...passive, version: '8.13.2' }))],
    ['failed: both active', pair(first, unit('lb-main-2', active))],
    ['failed: none active', pair(unit('lb-main-1', passive), second)],
    ['degraded: no heartbeat', pair(unit('lb-main-1', reading({ peerAlive: false })), second)],
    [
      'unknown: heartbeat unknown',
      pair(unit('1', reading({ peerAlive: null })), unit('2', reading({ state: 'passive', peerAlive: null }))),
    ],
    ['degraded: lb-main-2 does not answer', pair(first, { ...second, failures: 2, error: refused })],
    ['healthy: in sync', pair(first, { ...second, failures: 1, error: refused })],
    [
      'failed: no unit answers',
      pair({ ...first, failures: 2, error: refused }, { ...second, failures: 2, error: refused }),
    ],
    ['unknown: not read yet', pair(unit('lb-main-1', null), unit('lb-main-2', null))],
    ['unknown: lb-main-2 cannot be read', pair(first, unit('lb-main-2', { ...passive, readAt: now - 21_000 }))],
    ['degraded: configuration differs', pair(unit('lb-main-1', reading({}, [service('S', [])])), second)],
    [
      'unknown: configuration of lb-main-2 unknown',
      pair(first, unit('lb-main-2', { ...passive, gaps: [{ section: 'config', reason: 'permission denied' }] })),
    ],
    [
      'healthy: in sync',
      pair(first, unit('lb-main-2', { ...passive, gaps: [{ section: 'haproxy', reason: 'not running' }] })),
    ],
    ['healthy: one unit', pair(unit('lb', reading({ role: 'single', state: null })))],
    ['unknown: one unit', pair(first)],
    [
      'failed: host key changed',
      pair({ ...first, error: { code: 'host_key_changed', message: '', details: {} } }, second),
    ],
    ['unknown: active or passive unknown', pair(unit('lb-main-1', reading({ state: null })), second)],
  ])('%s', (reads, seen) => expect(seen).toBe(reads));
});

describe('stale readings', () => {
  const old = (readAt: number): PairInput => {
    const services = [service('S', [server('R')])];
    return pairInput(services, {}, [
      unit('lb-main-1', reading({}, services, { readAt })),
      unit('lb-main-2', reading({ state: 'passive' }, services)),
    ]);
  };

  it('count up to twice the poll interval', () => {
    expect(shown(old(now - 20_000), 'pair-main/S/R')).toBe('healthy: healthy');
    expect(shown(old(now - 20_001), 'pair-main/S/R')).toBe('unknown: unknown');
  });

  it('keep their values, their age and their mark, and tell when the picture changes next', () => {
    const node = pairPicture(old(now - 180_000), now).nodes.get('pair-main/S/R');
    expect(node).toMatchObject({
      stale: true,
      activeConnections: 41,
      status: 'online',
      receives: null,
      word: 'unknown 3 m',
    });
    expect(pairPicture(old(now - 10_000), now).nextChangeAt).toBe(now + 10_001);
  });

  it('give way to the configuration of a passive unit, without its live state', () => {
    const services = [service('S', [server('R')])];
    const input = pairInput(services, {}, [
      unit('lb-main-1', null),
      unit('lb-main-2', reading({ role: 'secondary', state: 'passive' }, services)),
    ]);
    expect(shown(input, 'pair-main/S')).toBe('unknown: only the passive unit can be read');
    expect(pairPicture(input, now).nodes.get('pair-main/S/R')).toMatchObject({
      state: 'unknown',
      activeConnections: null,
      status: null,
      weight: 100,
    });
  });
});
