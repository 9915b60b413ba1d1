import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settle } from '#engine/practice-site/windows-model/index';
import { anyOptions, anyServices } from './generated-services';
import { anyServer } from './generated-states';
import { carriedOut, fixOf, namesWhyNot, reachesTarget, undoBringsBack, type World } from './property-tools';

/** 20,000 states in all. */
const shards = 8;
const runs = Number(process.env['EVENKEEL_RUNS'] ?? '20000') / shards;
/** The same states each time; another number looks elsewhere. */
const seed = Number(process.env['EVENKEEL_SEED'] ?? '4');

const anyWorld: fc.Arbitrary<World> = fc.record({
  services: anyServices,
  options: anyOptions,
  state: anyServer.map(settle),
});

describe('for any server, any services and any choice', () => {
  it.each(Array.from({ length: shards }, (_, shard) => shard + 1))(
    `the plan reaches the target or names why not, a second plan is empty, the undo in full or in part brings back what was there, and nothing else is touched (part %i of ${shards})`,
    (shard) => {
      let planned = 0;
      fc.assert(
        fc.property(anyWorld, fc.nat(12), (world, cut) => {
          const fix = fixOf(world);
          if (fix === null) return;
          namesWhyNot(fix.stops);
          if (fix.stops.length > 0) return;
          const states = carriedOut(fix, world);
          reachesTarget(fix, world, states.at(-1) ?? world.state);
          // Taken back in full, and after a cut anywhere.
          for (const count of new Set([cut % states.length, fix.operations.length])) {
            undoBringsBack(fix, states[count] ?? world.state, count);
          }
          if (fix.operations.length > 0) planned += 1;
        }),
        { numRuns: runs, seed: seed * 1_000 + shard },
      );
      // The states are worth it only while most of them lead to a plan.
      expect(planned).toBeGreaterThan(runs / 2);
    },
    60_000,
  );
});
