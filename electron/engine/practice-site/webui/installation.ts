import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { isAtLeast, type Machine } from '../appliance-server/index';
import { changeAppliance } from '../world/index';

const asksForSchema = z.object({ restarts: z.array(z.string()), appliance: z.boolean() });

export interface UpdateContents {
  readonly version: string;
  readonly restarts: readonly string[];
  readonly appliance: boolean;
}

const installSeconds = 60;
const steps = 20;

/** What an update archive holds; `null` when it is none or is damaged. */
export async function readContents(path: string): Promise<UpdateContents | null> {
  const found: { version: string | null } = { version: null };
  let asksFor = { restarts: ['heartbeat', 'haproxy'], appliance: false };
  const tar = extract();
  const reading = (async () => {
    for await (const entry of tar) {
      found.version ??= /^lb_update\/(\d+\.\d+\.\d+)(?:\/|$)/.exec(entry.header.name)?.[1] ?? null;
      if (/\/practice\.json$/.test(entry.header.name)) {
        const chunks: Buffer[] = [];
        for await (const chunk of entry) chunks.push(Buffer.from(chunk as Uint8Array));
        asksFor = asksForSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      } else entry.resume();
    }
  })();
  try {
    await Promise.all([pipeline(createReadStream(path), createGunzip(), tar), reading]);
  } catch {
    // Whatever is wrong with it, the unit calls it damaged.
    return null;
  }
  return found.version === null ? null : { version: found.version, ...asksFor };
}

/** Why an update cannot be installed on this unit; `null` when it can. */
export function refusal(machine: Machine, contents: UpdateContents): string | null {
  const installed = machine.world.appliance(machine.unitName).version;
  if (isAtLeast(installed, contents.version)) return `The appliance already has version ${installed}.`;
  return null;
}

/**
 * Installs an update: takes practice time, then the unit has the new version and asks for restarts. Goes on when the
 * client goes away [I].
 */
export async function install(
  machine: Machine,
  contents: UpdateContents,
  onPercent: (percent: number) => void,
): Promise<void> {
  const { world, unitName, clock, signal } = machine;
  for (let step = 0; step < steps; step++) {
    const percent = Math.round((step * 100) / steps);
    world.apply((state) => changeAppliance(state, unitName, { installing: { version: contents.version, percent } }));
    onPercent(percent);
    await clock.wait(installSeconds / steps, signal);
  }
  const { pendingRestarts, offeredVersion } = world.appliance(unitName);
  world.apply((state) =>
    changeAppliance(state, unitName, {
      version: contents.version,
      offeredVersion: offeredVersion !== null && isAtLeast(contents.version, offeredVersion) ? null : offeredVersion,
      installing: null,
      pendingRestarts: [...new Set([...pendingRestarts, ...contents.restarts])],
      restartNeeded: contents.appliance,
    }),
  );
}
