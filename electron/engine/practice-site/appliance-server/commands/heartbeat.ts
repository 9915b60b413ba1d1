import { peerOf, standBy, takeOver } from '../../world/index';
import type { CommandCall, CommandImplementation } from '../shell/index';
import type { Machine } from '../machine';

/** Heartbeat's own tools. Exit statuses as seen with Heartbeat 3.0.6: active 0, dead 1, unknown node 11. */
export function heartbeatTools(machine: Machine): [string, CommandImplementation][] {
  const { world, unitName } = machine;
  return [
    ['cl_status', (call) => clusterStatus(call, machine)],
    [
      'hb_takeover',
      () => {
        world.apply((state) => takeOver(state, unitName));
        return Promise.resolve(0);
      },
    ],
    [
      'hb_standby',
      async (call) => {
        const peer = peerOf(world.state, unitName);
        if (peer?.power !== 'on') {
          await call.err.write('hb_standby: the other node does not answer\n');
          return 1;
        }
        world.apply((state) => standBy(state, unitName));
        await call.out.write(`Going standby [${call.args[0] ?? 'all'}].\n`);
        return 0;
      },
    ],
  ];
}

async function clusterStatus(call: CommandCall, machine: Machine): Promise<number> {
  const { world, unitName } = machine;
  const unit = world.appliance(unitName);
  const nodes = world.state.appliances.filter((item) => item.pair === unit.pair);
  const [what, name] = call.args;
  switch (what) {
    case 'hbstatus':
      await call.out.write(`Heartbeat is running on this machine.\n`);
      return 0;
    case 'listnodes':
      await call.out.write(nodes.map((item) => `${item.name}\n`).join(''));
      return 0;
    case 'nodestatus': {
      const node = nodes.find((item) => item.name === name);
      if (!node) {
        await call.err.write(`Cannot get node status: unknown node ${name ?? ''}\n`);
        return 11;
      }
      await call.out.write(node.power === 'on' ? 'active\n' : 'dead\n');
      return node.power === 'on' ? 0 : 1;
    }
    case 'rscstatus':
      await call.out.write(unit.ha === 'active' ? 'all\n' : 'none\n');
      return 0;
    default:
      await call.err.write('usage: cl_status hbstatus|listnodes|nodestatus|rscstatus\n');
      return 1;
  }
}
