import { hosts, servers } from '../lab/names';
import { echoMany, fetchMany, namesText, placeOfMac } from '../product/client';
import { jobText } from '../product/product';
import { shows, type LabCase } from './case';
import { answering, lookText } from './texts';

/** The servers' clocks are quick; this leaves a busy computer its time. */
const revertMinutes = 120;

export const allThree = 'LAB-APP01, LAB-APP02, LAB-APP03; none failed';

/** The product's plan, its job and its proof, on all three servers, one after the other. */
export const fixCases: readonly LabCase[] = [
  shows('the fix of three servers', 'succeeded, proved', async ({ product }) => {
    const windowsIds = servers.map((place) => product.windowsId(place));
    const plan = await product.client.call('directRouting.plan', { windowsIds, options: { revertMinutes } });
    return jobText(await product.ended(await product.start(plan), 120_000));
  }),
  shows('after: HTTP through the VIP', allThree, async () => namesText(await fetchMany(40))),
  shows('after: HTTPS through the VIP', allThree, async () => namesText(await fetchMany(40, 'https'))),
  shows('after: C-ECHO through the VIP', '20 of 20 by s1, s2, s3', async ({ lab }) => {
    const answered = await echoMany(20);
    const used = (await lab.pair.connections('conns')).filter((item) => item.port === 4444);
    const { address } = hosts.client;
    const by = new Set(used.filter((item) => item.client === address).map((item) => placeOfMac(item.mac)));
    return `${answered} of 20 by ${[...by].sort().join(', ')}`;
  }),
  shows('after: matrix and wire', '6 of 6 in, weight 100 | proved; only-active: lb1', async ({ product }) =>
    lookText(await product.look()),
  ),
  shows('after: who answers ARP', 'lb1', () => answering('client')),
];
