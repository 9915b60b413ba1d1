import type { AdapterAddress, NetworkAdapter, WindowsNetworkState } from '#shared/domain/windows/network-state';
import { changeWindows, delivery, type WorldState } from '#engine/practice-site/world/index';
import { must, run, within } from '../lab/commands';
import { serverNames, site, untouched } from '../lab/lab-world';
import { hosts, vip } from '../lab/names';
import { rightLoopback, strongHost } from '#test/unit/direct-routing/windows-fixtures';
import { namespaceOf } from '../lab/names';
import { shows, type Bench, type LabCase } from './case';

const held = (prefixLength: number): AdapterAddress => ({
  ...{ address: vip, prefixLength, skipAsSource: prefixLength === 32, state: 'Preferred' },
});

/** Changes that each make a server of a kind that is met in the field. */
interface Variant {
  readonly name: string;
  readonly loopback: NetworkAdapter | null;
  readonly lan?: Partial<NetworkAdapter>;
  readonly closed?: boolean;
}

const receiving = { ipv4: { ...strongHost, weakHostReceive: true } };
const right = rightLoopback({ addresses: [held(32)] });

const variants: readonly Variant[] = [
  { name: 'untouched', loopback: null },
  { name: 'right', loopback: right, lan: receiving },
  { name: 'LAN left out', loopback: right },
  { name: 'loopback strong', loopback: rightLoopback({ addresses: [held(32)], ipv4: strongHost }), lan: receiving },
  { name: 'mask of the LAN', loopback: rightLoopback({ addresses: [held(24)] }), lan: receiving },
  { name: 'no address', loopback: rightLoopback({ addresses: [] }), lan: receiving },
  { name: 'firewall closed', loopback: right, lan: receiving, closed: true },
];

/**
 * The practice world says of a server's state whether a client is served; here the same state is given to a real
 * network, and a real client asks that server by its MAC, as the appliance would.
 */
export const modelCases: readonly LabCase[] = variants.map((variant) =>
  shows(`the practice model beside real packets: ${variant.name}`, 'the same', async (bench) => {
    const state = stateOf(variant);
    const said = saidBy(bench, state);
    const seen = await servedBy(bench, state);
    return said.reaches === seen
      ? 'the same'
      : `the model says ${JSON.stringify(said)}, packets ${seen ? 'arrive' : 'do not'}`;
  }),
);

function stateOf({ loopback, lan, closed }: Variant): WindowsNetworkState {
  const bare = untouched('s3');
  const adapters = bare.adapters.map((adapter) => ({ ...adapter, ...lan }));
  return {
    ...bare,
    adapters: loopback === null ? adapters : [...adapters, loopback],
    firewall: closed === true ? { ...bare.firewall, allowRules: [] } : bare.firewall,
  };
}

function saidBy({ lab }: Bench, network: WindowsNetworkState): ReturnType<typeof delivery> {
  const world: WorldState = changeWindows(lab.pair.world.state, serverNames.s3, { network });
  const service = world.pairs[0]?.services.find((item) => item.label === 'ICA_WEB');
  const real = service?.realServers.find((item) => item.address === hosts.s3.address);
  if (service === undefined || real === undefined) throw new Error('The lab has no ICA_WEB3');
  return delivery(world, site, service, real);
}

/** The client believes that the VIP is at the server's MAC: what it sends arrives there as from the appliance. */
async function servedBy({ lab }: Bench, state: WindowsNetworkState): Promise<boolean> {
  const server = lab.server('s3');
  const before = await server.state();
  const neighbour = ['ip', '-n', namespaceOf('client'), 'neigh'];
  try {
    await server.set(state);
    await must([...neighbour, 'replace', vip, 'lladdr', hosts.s3.mac, 'nud', 'permanent', 'dev', 'eth0']);
    const { code } = await run(within('client', ['curl', '-s', '-m', '1', '-o', '/dev/null', `http://${vip}/`]));
    return code === 0;
  } finally {
    await must([...neighbour, 'del', vip, 'dev', 'eth0']);
    await server.set(before);
  }
}
