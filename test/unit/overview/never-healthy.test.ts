import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overviewNode } from '#shared/contract/overview';
import { pairPicture, type DrFact, type UnitInput } from '#shared/domain/overview/index';
import { now, pairInput, reading, server, service, unit } from './estate';

const status = fc.constantFrom('online', 'drained', 'halted', 'failed', null);
const verdict = fc.constantFrom('proved', 'fix-missing', 'unknown');
const real = fc.record({ status, active: fc.option(fc.nat(500)), verdict });
const unitState = fc.record({
  age: fc.integer({ min: 0, max: 90_000 }),
  ha: fc.constantFrom('active', 'passive', null),
  failures: fc.nat(4),
  read: fc.boolean(),
  code: fc.constantFrom('connect_refused', 'login_refused', 'host_key_changed', null),
});
type UnitState = typeof unitState extends fc.Arbitrary<infer T> ? T : never;

const estate = fc.record({ one: unitState, two: unitState, servers: fc.array(real, { maxLength: 4 }) });
type Estate = typeof estate extends fc.Arbitrary<infer T> ? T : never;

function build({ one, two, servers }: Estate) {
  const dr: Record<string, DrFact> = {};
  const services = [
    service(
      'S',
      servers.map((item, index) => {
        const address = `10.0.0.${index}`;
        dr[address] = { verdict: item.verdict, word: 'word', readAt: now, pending: false };
        return server(`R${index}`, { address, status: item.status, activeConnections: item.active });
      }),
    ),
  ];
  const make = (name: string, state: UnitState): UnitInput =>
    unit(name, state.read ? reading({ state: state.ha }, services, { readAt: now - state.age }) : null, {
      failures: state.failures,
      error: state.code === null ? null : { code: state.code, message: '', details: {} },
    });
  return pairInput(services, dr, [make('one', one), make('two', two)]);
}

/** Read in time, answering, and known to be the one active unit. */
function believed(state: UnitState): boolean {
  return state.read && state.age <= 20_000 && state.failures < 2 && state.code !== 'host_key_changed';
}

describe('the overview', () => {
  it('never shows anything unknown or stale as healthy', () => {
    fc.assert(
      fc.property(estate, (input) => {
        const { nodes } = pairPicture(build(input), now);
        const active = [input.one, input.two].filter((state) => believed(state) && state.ha === 'active');
        for (const node of nodes.values()) {
          if (node.kind === 'site' || node.state !== 'healthy') continue;
          expect(node.stale).toBe(false);
          if (node.kind === 'server' || node.kind === 'service') expect(active).toHaveLength(1);
          if (node.kind === 'server') {
            const source = input.servers[Number(node.name.slice(1))];
            expect(source).toMatchObject({ status: 'online', verdict: 'proved' });
          }
          if (node.kind === 'service') {
            const bad = input.servers.filter((item) => item.status === null || item.status === 'failed');
            const unproved = input.servers.filter((item) => item.status === 'online' && item.verdict !== 'proved');
            expect([...bad, ...unproved]).toEqual([]);
          }
          if (node.kind === 'pair') expect(believed(input.one) && believed(input.two)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('says only what the contract allows, whatever the units say', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    const number = fc.oneof(fc.integer(), fc.double(), fc.constant(null));
    fc.assert(
      fc.property(text, text, number, number, (name, label, count, port) => {
        const odd = server(label, { port, activeConnections: count, weight: count, connectionsPerSecond: count });
        const services = [service(name, [odd, odd]), service(name, [odd], { layer: 7, method: null })];
        const { nodes } = pairPicture(pairInput(services), now);
        expect(nodes.size).toBe(8);
        for (const node of nodes.values()) expect(overviewNode.safeParse(node).error).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });
});
