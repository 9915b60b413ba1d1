import { echoMany, fetchMany, namesText } from '../product/client';
import { shows, type LabCase } from './case';
import { answering, lookText } from './texts';

/** Nothing was done to the servers: health checks are green, and no client gets anywhere. */
export const beforeCases: readonly LabCase[] = [
  shows('before: health checks', 'ICA_WEB 3 online; ICA_DICOM 3 online', async ({ product }) => {
    await product.client.call('overview.read', {});
    const nodes = await product.client.call('overview.nodes', {});
    const online = (service: string): number =>
      nodes.filter((node) => node.kind === 'server' && node.name.startsWith(service) && node.status === 'online')
        .length;
    return `ICA_WEB ${online('ICA_WEB')} online; ICA_DICOM ${online('ICA_DICOM')} online`;
  }),
  shows('before: HTTP through the VIP', 'nobody; some failed', async () => namesText(await fetchMany(12, 'http', 1))),
  shows('before: C-ECHO through the VIP', '0 of 4', async () => `${await echoMany(4)} of 4`),
  shows('before: matrix and wire', '6 of 6 in, weight 100 | no address; only-active: lb1', async ({ product }) =>
    lookText(await product.look()),
  ),
  shows(
    'half-open connections are counted, active ones are none',
    '0 active, more than 0 inactive',
    async ({ product }) => {
      const node = await product.serverNode('ICA_WEB1');
      const [active, inactive] = [node.activeConnections ?? -1, node.inactiveConnections ?? -1];
      return `${active} active, ${inactive > 0 ? 'more than 0' : inactive} inactive`;
    },
  ),
  shows('before: who answers ARP', 'lb1', () => answering('client')),
];
