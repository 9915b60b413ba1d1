import { seededFraction } from '../../random';
import { whoAnswers } from '../../world/index';
import type { CommandCall, CommandImplementation } from '../shell/index';
import type { Machine } from '../machine';

/** `arping` in the words of iputils, answered by the modelled network; `-A` announces and is answered by nobody. */
export function arpingTool(machine: Machine): [string, CommandImplementation] {
  return ['arping', (call) => arping(call, machine)];
}

const withValue = new Set(['-I', '-c', '-w', '-s', '-i']);

async function arping(call: CommandCall, machine: Machine): Promise<number> {
  const { world, unitName } = machine;
  const unit = world.appliance(unitName);
  let count = 3;
  let target = '';
  for (let at = 0; at < call.args.length; at++) {
    const item = call.args[at] ?? '';
    if (withValue.has(item)) {
      at += 1;
      if (item === '-c') count = Number(call.args[at] ?? 3);
    } else if (!item.startsWith('-')) target = item;
  }
  if (target.includes(':')) {
    await call.err.write(`arping: ${target}: Address family for hostname not supported\n`);
    return 2;
  }
  await call.out.write(`ARPING ${target} from ${unit.address} eth0\n`);
  if (call.args.includes('-A') || call.args.includes('-U')) {
    await call.out.write(`Sent ${count} probes (${count} broadcast(s))\nReceived 0 response(s)\n`);
    return 0;
  }
  // A host does not hear itself: asked from the active unit, its own floating address has no answer at all, unless
  // somebody else holds it too. Asked from the passive unit, the active one answers.
  const answers = whoAnswers(world.state, world.pairOf(unitName).site, target).filter((item) => item.unit !== unitName);
  let received = 0;
  for (let round = 0; round < count; round++) {
    for (const answer of answers) {
      received += 1;
      const ms = (0.5 + seededFraction(world.seed, `arping ${answer.mac} ${round}`)).toFixed(3);
      await call.out.write(`Unicast reply from ${target} [${answer.mac.toUpperCase()}]  ${ms}ms\n`);
    }
  }
  await call.out.write(
    `Sent ${count} probes (${answers.length ? 1 : count} broadcast(s))\nReceived ${received} response(s)\n`,
  );
  return received > 0 ? 0 : 1;
}
