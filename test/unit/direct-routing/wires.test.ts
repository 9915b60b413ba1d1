import { describe, expect, it } from 'vitest';
import type { DrEstate, DrPair } from '#engine/direct-routing/index';
import { States } from '#engine/direct-routing/states';
import { Wires } from '#engine/direct-routing/wires';
import type { Heard } from '#engine/direct-routing/wire-here';
import { EvenkeelError } from '#shared/errors';

/** Who is asked, in which order, and what silence is worth. */

const vip = '192.168.100.100';
const vip6 = 'fd4a::100';
const [real, other] = ['192.168.100.110', '192.168.100.111'];
const lb = '00:50:56:9c:1e:07';
const { signal } = new AbortController();
const service = (address: string, servers: readonly string[]) => ({
  ...{
    name: `at ${address}`,
    layer: 4 as const,
    address,
    ports: '443',
    protocol: 'tcp' as const,
    method: 'gate' as const,
  },
  ...{ scheduler: 'wlc', check: null, onFallback: false },
  realServers: servers.map((at) => ({
    ...{ name: at, address: at, port: null, status: 'online' as const, weight: 100, checkText: null },
    ...{ activeConnections: 1, inactiveConnections: 0, connectionsPerSecond: 0 },
  })),
});
const usual: DrPair = {
  ...{ id: 'main', name: 'lb-main', siteName: 'Main', fresh: true, readAt: 1, practice: false },
  services: [service(vip, [real, other]), service(vip6, ['fd4a::110'])],
  activeUnit: { id: 'lb-1', name: 'lb-main-1' },
  passiveUnit: { id: 'lb-2', name: 'lb-main-2' },
};

type Answers = (address: string) => readonly string[];
interface Setting {
  readonly pair?: Partial<DrPair>;
  /** What a unit hears; thrown where it is an error. */
  readonly unit?: Answers | EvenkeelError;
  readonly here?: (address: string) => Heard | null;
}

function open({ pair: change = {}, unit = () => [], here }: Setting) {
  const asked: string[] = [];
  const answers = { now: unit };
  const pair = { ...usual, ...change };
  const estate: DrEstate = {
    ...{ pairs: () => [pair], servers: () => [], onChange: () => () => undefined, refresh: () => Promise.resolve() },
  };
  const states = new States({ windows: () => Promise.reject(new Error()), changed: () => undefined, now: () => 5 });
  const appliance = (id: string) =>
    Promise.resolve({
      arping: (address: string) => {
        asked.push(`${id} ${address}`);
        const { now } = answers;
        return now instanceof EvenkeelError ? Promise.reject(now) : Promise.resolve({ macs: now(address) });
      },
    } as never);
  const wireHere = (address: string) => {
    asked.push(`here ${address}`);
    return Promise.resolve(here?.(address) ?? null);
  };
  const wires = new Wires({ appliance, estate, now: () => 5, ...(here && { wireHere }) }, states, () => undefined);
  return { asked, answers, wires, ask: (address: string = vip) => wires.ask(pair, address, signal) };
}

const only =
  (...speakers: readonly string[]): Answers =>
  (address) =>
    speakers.includes(address) ? [lb] : [];
const noArping = new EvenkeelError('channel_unavailable', { unit: 'lb-main-2' });

describe('a pair', () => {
  it('is asked by its passive unit; no control where there is an answer', async () => {
    const { ask, asked } = open({ unit: only(vip) });
    expect(await ask()).toMatchObject({ verdict: 'only-active', from: 'appliance', macs: [lb], checkedAt: 5 });
    expect(asked).toEqual(['lb-2 192.168.100.100']);
  });

  it('nobody answers, and a real server does for its own address: nobody', async () => {
    const { ask, asked } = open({ unit: only(other) });
    expect(await ask()).toMatchObject({ verdict: 'nobody', macs: [] });
    expect(asked).toEqual(['lb-2 192.168.100.100', 'lb-2 192.168.100.110', 'lb-2 192.168.100.111']);
  });

  it('not even a real server is heard: cannot be told', async () => {
    expect(await open({ unit: only() }).ask()).toMatchObject({ verdict: 'unknown', macs: null });
  });

  it('is not asked while it is not known which unit is active', async () => {
    const { ask, asked } = open({ pair: { activeUnit: null }, unit: only(vip) });
    expect(await ask()).toMatchObject({ verdict: 'unknown', macs: null, from: null, checkedAt: null });
    expect(asked).toEqual([]);
  });
});

describe('a single unit asks itself', () => {
  const pair = { passiveUnit: null };

  it('silence with a real server heard: only the active appliance', async () => {
    expect(await open({ pair, unit: only(real) }).ask()).toMatchObject({ verdict: 'only-active', macs: [] });
  });

  it('silence alone proves nothing', async () => {
    expect(await open({ pair, unit: only() }).ask()).toMatchObject({ verdict: 'unknown', macs: null });
  });
});

describe('this computer', () => {
  const hears = (heard: 'all' | 'last') => (): Heard => ({ macs: [lb], heard });

  it('is asked where the unit cannot ask', async () => {
    const { ask, asked } = open({ unit: noArping, here: hears('all') });
    expect(await ask()).toMatchObject({ verdict: 'only-active', from: 'this-computer' });
    expect(asked).toEqual(['lb-2 192.168.100.100', 'here 192.168.100.100']);
  });

  it('asks from outside also for a single unit: an answer is expected then', async () => {
    const setting = { pair: { passiveUnit: null }, unit: noArping };
    expect(await open({ ...setting, here: hears('all') }).ask()).toMatchObject({ verdict: 'only-active' });
    const silent = (address: string): Heard => ({ macs: address === real ? [lb] : [], heard: 'all' });
    expect(await open({ ...setting, here: silent }).ask()).toMatchObject({ verdict: 'nobody' });
  });

  it('with only its cache of neighbours cannot tell', async () => {
    const { ask } = open({ unit: noArping, here: hears('last') });
    expect(await ask()).toMatchObject({ verdict: 'unknown', macs: null, answers: [{ mac: lb, owner: null }] });
  });

  it('is not on the segment: the fault of the unit is told', async () => {
    await expect(open({ unit: noArping, here: () => null }).ask()).rejects.toBe(noArping);
  });

  it('is never asked for an address of the practice site', async () => {
    const { ask, asked } = open({ pair: { practice: true }, unit: noArping, here: hears('all') });
    await expect(ask()).rejects.toBe(noArping);
    expect(asked).toEqual(['lb-2 192.168.100.100']);
  });

  it('may tell of an IPv6 address, which units seldom can; otherwise that is no error', async () => {
    expect(await open({ unit: noArping, here: hears('all') }).ask(vip6)).toMatchObject({ verdict: 'only-active' });
    expect(await open({ unit: noArping }).ask(vip6)).toMatchObject({ verdict: 'unknown', macs: null });
  });
});

describe('what answered before', () => {
  it('stays beside what answers now, and is not replaced by a reading that tells nothing', async () => {
    const stranger = '00:50:56:9c:99:99';
    const { ask, answers } = open({ unit: () => [lb, stranger] });
    expect((await ask()).before).toBeNull();
    answers.now = only(vip);
    expect((await ask()).before).toMatchObject({ answers: [{ mac: lb }, { mac: stranger }], checkedAt: 5 });
    answers.now = () => [];
    expect((await ask()).before).toMatchObject({ answers: [{ mac: lb }, { mac: stranger }] });
    answers.now = only(vip);
    expect((await ask()).before).toMatchObject({ answers: [{ mac: lb }, { mac: stranger }] });
  });
});
