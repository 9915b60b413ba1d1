import type { VirtualService, WorldState } from '../types';
import { appliance, layer4Service, layer7Service, load, realServer } from './parts';
import { windowsHost } from './windows-states';

const site = 'Practice hospital';
const vip = '192.168.100.100';
const vip6 = 'fd4a:7c10:100::100';

/** The site of the deployment guide: one pair, iConnect Access on four Windows servers, the fix at four stages. */
export function guideScenario(now: number): WorldState {
  const shared = { pair: 'lb-practice', version: '8.13.1', licence: 'Enterprise, support to 30 Jun 2027' };
  return {
    pairs: [{ name: 'lb-practice', site, services: services(), floatingAddresses: [vip, '192.168.100.102', vip6] }],
    appliances: [
      appliance(
        {
          ...shared,
          name: 'lb-practice-1',
          role: 'primary',
          address: '192.168.100.11',
          mac: '00:50:56:9c:1e:07',
          ha: 'active',
        },
        now,
        41,
      ),
      appliance(
        {
          ...shared,
          name: 'lb-practice-2',
          role: 'secondary',
          address: '192.168.100.12',
          mac: '00:50:56:9c:1e:12',
          ha: 'passive',
        },
        now,
        41,
      ),
    ],
    windows: servers(now),
  };
}

function services(): VirtualService[] {
  const at = (last: number): string => `192.168.100.${last}`;
  return [
    layer4Service({
      label: 'ICA_WEB',
      address: vip,
      ports: '80,443',
      checkPort: '443',
      realServers: [
        realServer('ICA_WEB1', at(110), load(41, 118, 3.1)),
        realServer('ICA_WEB2', at(111), load(39, 110, 2.9)),
        realServer('ICA_WEB3', at(112), load(38, 104, 3)),
        realServer('ICA_WEB4', at(113), load(40, 109, 3)),
      ],
    }),
    layer4Service({
      label: 'ICA_DICOM',
      address: vip,
      ports: '4444',
      realServers: [
        realServer('ICA_DICOM1', at(110), load(6, 9, 0.4)),
        realServer('ICA_DICOM2', at(111), load(5, 8, 0.3)),
        realServer('ICA_DICOM3', at(112), load(5, 8, 0.4)),
        realServer('ICA_DICOM4', at(113), load(6, 8, 0.4)),
      ],
    }),
    layer4Service({
      label: 'ICA_WEB_V6',
      address: vip6,
      ports: '443',
      realServers: [
        realServer('ICA_V6_1', 'fd4a:7c10:100::110', load(9, 21, 0.6)),
        realServer('ICA_V6_2', 'fd4a:7c10:100::111', load(8, 20, 0.6)),
      ],
    }),
    layer7Service({
      label: 'PORTAL',
      address: '192.168.100.102',
      ports: '443',
      mode: 'http',
      realServers: [
        realServer('PORTAL1', at(110), load(22, 0, 1.4), { port: '8443' }),
        realServer('PORTAL2', at(111), load(21, 0, 1.3), { port: '8443' }),
      ],
    }),
    layer7Service({
      label: 'HL7_FEED',
      address: '192.168.100.102',
      ports: '2575',
      mode: 'tcp',
      realServers: [
        realServer('HL7_FEED1', at(112), load(4, 0, 0.2), { port: '2575' }),
        realServer('HL7_FEED2', at(113), load(4, 0, 0.2), { port: '2575' }),
      ],
    }),
  ];
}

function servers(now: number): WorldState['windows'] {
  const shared = { site, gateway: '192.168.100.1' };
  const web = [80, 443, 4444, 3389, 5985, 5986];
  return [
    windowsHost(
      {
        ...shared,
        name: 'ICA-APP01',
        address: '192.168.100.110',
        address6: 'fd4a:7c10:100::110',
        mac: '00:50:56:9c:60:10',
        fix: 'right',
        vips: [vip, vip6],
        listening: [...web, 8443],
        upHours: 144,
      },
      now,
    ),
    windowsHost(
      {
        ...shared,
        name: 'ICA-APP02',
        address: '192.168.100.111',
        address6: 'fd4a:7c10:100::111',
        mac: '00:50:56:9c:60:11',
        fix: 'untouched',
        vips: [],
        listening: [...web, 8443],
        upHours: 2,
      },
      now,
    ),
    windowsHost(
      {
        ...shared,
        name: 'ICA-APP03',
        address: '192.168.100.112',
        mac: '00:50:56:9c:60:12',
        osName: 'Microsoft Windows Server 2016 Standard',
        osBuild: '14393',
        fix: 'half-done',
        vips: [vip],
        listening: [...web, 2575],
        upHours: 456,
      },
      now,
    ),
    windowsHost(
      {
        ...shared,
        name: 'ICA-APP04',
        address: '192.168.100.113',
        mac: '00:50:56:9c:60:13',
        lanName: 'Ethernet0 (Klinik-LAN)',
        osName: 'Microsoft Windows Server 2022 Standard',
        osBuild: '20348',
        serverCore: true,
        // The guide's commands name the LAN adapter "net"; here they found none, so its part is missing.
        fix: 'lan-missed',
        vips: [vip],
        listening: [...web, 2575],
        upHours: 312,
      },
      now,
    ),
  ];
}
