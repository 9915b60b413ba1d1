import { refusal } from '../product/product';
import { shows, type LabCase } from './case';

export const inventoryCases: readonly LabCase[] = [
  shows('a wrong host key', 'refused: host_key_changed', async ({ lab, product }) => {
    const [one, other] = [lab.appliance('lb1'), lab.appliance('lb2')];
    return `refused: ${String(await refusal(product.addAppliance(one, other.hostKeySha256)))}`;
  }),
  shows(
    'the inventory',
    '1 pair of lb-lab-1 active, lb-lab-2 passive; 3 servers in ICA_WEB, ICA_DICOM',
    async ({ lab, product }) => {
      for (const unit of lab.appliances.values()) await product.addAppliance(unit, unit.hostKeySha256);
      for (const server of lab.servers.values()) await product.addServer(server);
      await product.client.call('overview.read', {});
      const nodes = await product.client.call('overview.nodes', {});
      const pairs = nodes.filter((node) => node.kind === 'pair').length;
      const units = nodes.flatMap((node) =>
        node.kind === 'unit' ? [`${node.name} ${node.haState ?? 'unknown'}`] : [],
      );
      const items = await product.client.call('inventory.list', {});
      const servers = items.flatMap((item) => (item.kind === 'windows' ? [item] : []));
      const services = new Set(servers.flatMap((server) => server.services.map((one) => one.serviceName)));
      const linked = servers.filter((server) => server.services.length === services.size).length;
      return `${pairs} pair of ${units.sort().join(', ')}; ${linked} servers in ${[...services].sort().reverse().join(', ')}`;
    },
  ),
];
