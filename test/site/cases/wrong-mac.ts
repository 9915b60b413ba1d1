import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { vip } from '../lab/names';
import { refusal } from '../product/product';
import { shows, type LabCase } from './case';
import { answering, wireText } from './texts';

/** The fix as it goes wrong by hand: somebody put the address on the LAN adapter of the third server. */
export const wrongMacCases: readonly LabCase[] = [
  shows('wrong by hand: who answers ARP', 'lb1, s3', async ({ lab }) => {
    const server = lab.server('s3');
    await server.set(withAddressOnLan(await server.state()));
    return answering('client');
  }),
  shows('wrong by hand: the product hears it', 'server-answers: lb1, s3', async ({ product }) =>
    wireText((await product.look()).wire),
  ),
  shows('wrong by hand: no plan', 'refused: address_conflict', async ({ product }) => {
    const drawn = product.client.call('directRouting.plan', { windowsIds: [product.windowsId('s3')] });
    return `refused: ${String(await refusal(drawn))}`;
  }),
  shows('wrong by hand: taken off again', 'lb1', async ({ lab }) => {
    const server = lab.server('s3');
    await server.set(withoutAddress(await server.state()));
    return answering('client');
  }),
];

function withAddressOnLan(state: WindowsNetworkState): WindowsNetworkState {
  const held = { address: vip, prefixLength: 24, skipAsSource: false, state: 'Preferred' as const };
  return {
    ...state,
    adapters: state.adapters.map((adapter) => ({ ...adapter, addresses: [...adapter.addresses, held] })),
  };
}

function withoutAddress(state: WindowsNetworkState): WindowsNetworkState {
  return {
    ...state,
    adapters: state.adapters.map((adapter) => ({
      ...adapter,
      addresses: adapter.addresses.filter((item) => item.address !== vip),
    })),
  };
}
