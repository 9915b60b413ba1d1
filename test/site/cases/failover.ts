import { fetchMany, namesText, placeOfMac, rememberedMac } from '../product/client';
import { shows, type LabCase } from './case';
import { allThree } from './fix';
import { answering, wireText } from './texts';

/** The address moves to the other unit and back; the traffic goes on. */
export const failoverCases: readonly LabCase[] = [
  shows(
    'failover: the address moves',
    `client knew lb1, knows lb2 unasked; answers: lb2; ${allThree}`,
    async ({ lab }) => {
      const before = placeOfMac(await rememberedMac());
      await lab.ssh('lb2', 'PATH="$PATH:/usr/share/heartbeat" hb_takeover all');
      const after = placeOfMac(await rememberedMac());
      const fresh = namesText(await fetchMany(40));
      return `client knew ${before}, knows ${after} unasked; answers: ${await answering('client')}; ${fresh}`;
    },
  ),
  shows('failover: the product sees it', 'lb-lab-1 passive, lb-lab-2 active; only-active: lb2', async ({ product }) => {
    const wire = wireText((await product.look()).wire);
    const nodes = await product.client.call('overview.nodes', {});
    const units = nodes.flatMap((node) => (node.kind === 'unit' ? [`${node.name} ${node.haState ?? 'unknown'}`] : []));
    return `${units.sort().join(', ')}; ${wire}`;
  }),
  shows('failover: back again', `lb1; ${allThree}`, async ({ lab, product }) => {
    await lab.ssh('lb2', 'PATH="$PATH:/usr/share/heartbeat" hb_standby all');
    await product.client.call('overview.read', {});
    return `${await answering('client')}; ${namesText(await fetchMany(40))}`;
  }),
];
