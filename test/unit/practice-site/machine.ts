import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scenario } from '#shared/contract/practice';
import { generatedFiles, UnitFiles, type Machine } from '#engine/practice-site/appliance-server/index';
import { shellOf } from '#engine/practice-site/appliance-server/commands/index';
import { Collector, nothingToRead } from '#engine/practice-site/appliance-server/shell/index';
import { PracticeClock } from '#engine/practice-site/clock';
import { FaultBook } from '#engine/practice-site/faults';
import { guideScenario, PracticeWorld, twoSitesScenario } from '#engine/practice-site/world/index';

export interface TestMachine {
  readonly machine: Machine;
  readonly restarts: () => number;
  run(line: string): Promise<{ status: number; out: string; err: string }>;
  dispose(): Promise<void>;
}

/** A practice appliance without its network: its commands over a world whose time stands still. */
export async function testMachine(unitName = 'lb-practice-1', scenario: Scenario = 'guide'): Promise<TestMachine> {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-machine-'));
  const now = Date.UTC(2026, 10, 22, 2, 47, 16);
  const clock = new PracticeClock(1, () => now);
  const world = new PracticeWorld(scenario === 'guide' ? guideScenario(now) : twoSitesScenario(now), clock, 1);
  const faults = new FaultBook();
  const signal = new AbortController().signal;
  let restarts = 0;
  const files: UnitFiles = new UnitFiles(folder, () => generatedFiles(machine), faults);
  const login = { username: 'root', password: 'x' };
  const machine: Machine = {
    unitName,
    world,
    clock,
    faults,
    files,
    signal,
    logins: { ssh: login, webui: login, api: { ...login, key: 'k' } },
    restart: () => {
      restarts += 1;
    },
  };
  await files.prepare();
  return {
    machine,
    restarts: () => restarts,
    run: async (line) => {
      const out = new Collector();
      const err = new Collector();
      const status = await shellOf(machine, signal).run(line, { stdin: nothingToRead, out, err });
      return { status, out: out.text(), err: err.text() };
    },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
