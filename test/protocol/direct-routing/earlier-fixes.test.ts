import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DrPair } from '#engine/direct-routing/index';
import { drOptions } from '#shared/contract/direct-routing';
import type { Plan } from '#shared/contract/plans';
import { rightServer, untouchedServer } from '#test/unit/direct-routing/windows-fixtures';
import { newFolder, openEngine, openMachine, openSite, removeFolder, type Running, type Site } from './site';

const former = '192.168.100.100';
const next = '192.168.100.101';
const options = drOptions.parse({ removeStale: true });
const context = { signal: new AbortController().signal, operator: 'jokafor' };

let folder: string;
let site: Site;
let engine: Running;
let pairsNow: (pair: DrPair) => DrPair;

/** The same services, at another address. */
const moved = (pair: DrPair): DrPair => ({
  ...pair,
  services: (pair.services ?? []).map((service) => ({ ...service, address: next })),
});

beforeEach(async () => {
  folder = await newFolder();
  site = openSite([
    await openMachine('w1', 'ICA-APP01', '192.168.100.110', rightServer()),
    await openMachine('w2', 'ICA-APP02', '192.168.100.111', untouchedServer()),
  ]);
  pairsNow = (pair) => pair;
  engine = await openEngine(folder, {
    deps: (bench, db) => {
      const deps = site.deps(bench, db);
      return { ...deps, estate: { ...deps.estate, pairs: () => deps.estate.pairs().map((pair) => pairsNow(pair)) } };
    },
  });
  const job = await engine.ended(await engine.start(await draw()));
  expect(job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
});

afterEach(async () => {
  await engine.close();
  await site.close();
  await removeFolder(folder);
});

const calls = () => engine.directRouting.handlers.calls;
const draw = (): Promise<Plan> => calls()['directRouting.plan']({ windowsIds: ['w2'], options }, context);
const addressStep = (plan: Plan) => plan.steps.find(({ title }) => title === 'Address')?.sentence;

describe('an address that a fix put on a server', () => {
  it('is cleared up once its pair, which is read, has it no more', async () => {
    pairsNow = moved;
    expect(addressStep(await draw())).toBe(`Removes ${former} from “loopback”; ${next}/32, SkipAsSource`);
    const hand = await calls()['directRouting.byHand']({ windowsId: 'w2', options }, context);
    expect(hand.netsh).toContain(`delete address "loopback" ${former}`);
  });

  it('stays and is told when its pair left the inventory: nobody knows whether it is in use', async () => {
    pairsNow = (pair) => ({ ...moved(pair), id: 'another' });
    const plan = await draw();
    expect(addressStep(plan)).toBe(`${next}/32, SkipAsSource`);
    expect(plan.warnings).toContain(
      `ICA-APP02: ${former}: The services of a pair are not known: it was not read, or left the inventory. What may be in use there is kept. Now ${former}/32 on “loopback”.`,
    );
    const hand = await calls()['directRouting.byHand']({ windowsId: 'w2', options }, context);
    expect(hand.netsh).not.toContain(`delete address "loopback" ${former}`);
  });
});
