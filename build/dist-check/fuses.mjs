// The fuses of a packed program, compared with the configuration.
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

const on = 0x31;

/** Gives back one line a fuse that stands otherwise than configured, and how many were compared. */
export async function fuseFaults(program, configured) {
  const wire = await getCurrentFuseWire(program);
  const faults = [];
  for (const [name, wanted] of Object.entries(configured)) {
    const index = FuseV1Options[name[0].toUpperCase() + name.slice(1)];
    if (index === undefined) faults.push(`unknown fuse: ${name}`);
    else if ((wire[index] === on) !== wanted) faults.push(`fuse ${name} should be ${wanted ? 'on' : 'off'}`);
  }
  return { faults, count: Object.keys(configured).length };
}
