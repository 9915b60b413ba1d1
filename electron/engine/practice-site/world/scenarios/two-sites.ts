import type { Appliance, Pair, WindowsHost, WorldState } from '../types';
import { appliance, layer4Service, load, realServer } from './parts';
import { windowsHost, type WindowsHostPlan } from './windows-states';

const main = 'Main hospital';
const annex = 'Imaging annex';

/**
 * Two pairs, six services, fourteen real servers on nine Windows servers: one without the fix since its restart, one
 * whose port refuses, one drained. That MWL-SRV02 does not answer WinRM is a fault that the practice site sets.
 */
export function twoSitesScenario(now: number): WorldState {
  return { pairs: [mainPair(), annexPair()], appliances: appliances(now), windows: servers(now) };
}

/** Windows servers whose WinRM does not answer when the scenario opens. */
export const silentServers: readonly string[] = ['MWL-SRV02'];

function mainPair(): Pair {
  const at = (last: number): string => `192.168.100.${last}`;
  return {
    name: 'lb-main',
    site: main,
    floatingAddresses: [at(100), at(101)],
    services: [
      layer4Service({
        label: 'ICA_WEB',
        address: at(100),
        ports: '80,443',
        checkPort: '443',
        realServers: [
          realServer('ICA_WEB1', at(110), load(41, 118, 3.1)),
          realServer('ICA_WEB2', at(111), load(39, 110, 2.9)),
          realServer('ICA_WEB3', at(112), load(38, 104, 3)),
        ],
      }),
      layer4Service({
        label: 'ICA_DICOM',
        address: at(100),
        ports: '4444',
        realServers: [
          realServer('ICA_DICOM1', at(110), load(6, 9, 0.4)),
          realServer('ICA_DICOM2', at(111), load(5, 8, 0.3)),
          realServer('ICA_DICOM3', at(112), load(5, 8, 0.4)),
        ],
      }),
      layer4Service({
        label: 'HL7_IN',
        address: at(101),
        ports: '2575',
        forwarding: 'masq',
        realServers: [
          realServer('HL7_A', at(121), load(12, 3, 1.8), { port: '2575' }),
          realServer('HL7_B', at(122), load(11, 3, 1.7), { port: '2575', intent: 'drained' }),
        ],
      }),
    ],
  };
}

function annexPair(): Pair {
  const at = (last: number): string => `192.168.140.${last}`;
  const vip6 = 'fd4a:7c10:140::100';
  return {
    name: 'lb-annex',
    site: annex,
    floatingAddresses: [at(100), vip6, at(101)],
    services: [
      layer4Service({
        label: 'VNA_DICOM',
        address: at(100),
        ports: '11112',
        realServers: [
          realServer('VNA_DICOM1', at(110), load(9, 14, 0.7)),
          realServer('VNA_DICOM2', at(111), load(8, 12, 0.6)),
        ],
      }),
      layer4Service({
        label: 'VNA_WEB',
        address: vip6,
        ports: '443',
        realServers: [
          realServer('VNA_WEB1', 'fd4a:7c10:140::110', load(17, 41, 1.2)),
          realServer('VNA_WEB2', 'fd4a:7c10:140::111', load(15, 39, 1.1)),
        ],
      }),
      layer4Service({
        label: 'MWL_DICOM',
        address: at(101),
        ports: '104',
        realServers: [realServer('MWL1', at(121), load(3, 2, 0.2)), realServer('MWL2', at(122), load(3, 3, 0.2))],
      }),
    ],
  };
}

function appliances(now: number): Appliance[] {
  const mainUnit = { pair: 'lb-main', version: '8.13.1', licence: 'Enterprise, support to 30 Jun 2027' };
  const annexUnit = { pair: 'lb-annex', licence: 'Enterprise, support to 31 Mar 2027' };
  const primary = { role: 'primary' } as const;
  const secondary = { role: 'secondary' } as const;
  return [
    appliance(
      { ...mainUnit, ...primary, name: 'lb-main-1', address: '192.168.100.11', mac: '00:50:56:9c:1e:07', ha: 'active' },
      now,
      41,
    ),
    appliance(
      {
        ...mainUnit,
        ...secondary,
        name: 'lb-main-2',
        address: '192.168.100.12',
        mac: '00:50:56:9c:1e:12',
        ha: 'passive',
      },
      now,
      41,
    ),
    appliance(
      {
        ...annexUnit,
        ...primary,
        name: 'lb-annex-1',
        address: '192.168.140.11',
        mac: '00:50:56:9c:44:a1',
        version: '8.13.1',
        ha: 'passive',
      },
      now,
      33,
    ),
    appliance(
      {
        ...annexUnit,
        ...secondary,
        name: 'lb-annex-2',
        address: '192.168.140.12',
        mac: '00:50:56:9c:44:b2',
        version: '8.13.2',
        ha: 'active',
      },
      now,
      33,
    ),
  ];
}

function servers(now: number): WindowsHost[] {
  const atMain = { site: main, gateway: '192.168.100.1' };
  const atAnnex = { site: annex, gateway: '192.168.140.1' };
  const vip = ['192.168.100.100'];
  const vnaVips = ['192.168.140.100', 'fd4a:7c10:140::100'];
  const mwl = { fix: 'right', vips: ['192.168.140.101'], listening: [104, 3389, 5985, 5986], upHours: 792 } as const;
  const hl7 = { fix: 'untouched', vips: [], listening: [2575, 3389, 5985, 5986], upHours: 456 } as const;
  const ica = [80, 443, 4444, 3389, 5985, 5986];
  const plans: WindowsHostPlan[] = [
    {
      ...atMain,
      name: 'ICA-APP01',
      address: '192.168.100.110',
      mac: '00:50:56:9c:60:10',
      fix: 'right',
      vips: vip,
      listening: ica,
      upHours: 144,
    },
    {
      ...atMain,
      name: 'ICA-APP02',
      address: '192.168.100.111',
      mac: '00:50:56:9c:60:11',
      fix: 'untouched',
      vips: [],
      listening: ica,
      upHours: 2,
    },
    {
      ...atMain,
      name: 'ICA-APP03',
      address: '192.168.100.112',
      mac: '00:50:56:9c:60:12',
      fix: 'right',
      vips: vip,
      listening: ica,
      upHours: 80,
    },
    { ...atMain, ...hl7, name: 'HL7-INT01', address: '192.168.100.121', mac: '00:50:56:9c:60:21' },
    { ...atMain, ...hl7, name: 'HL7-INT02', address: '192.168.100.122', mac: '00:50:56:9c:60:22' },
    {
      ...atAnnex,
      name: 'VNA-APP01',
      address: '192.168.140.110',
      address6: 'fd4a:7c10:140::110',
      mac: '00:50:56:9c:70:10',
      fix: 'right',
      vips: vnaVips,
      listening: [443, 11112, 3389, 5985, 5986],
      upHours: 292,
    },
    {
      ...atAnnex,
      name: 'VNA-APP02',
      address: '192.168.140.111',
      address6: 'fd4a:7c10:140::111',
      mac: '00:50:56:9c:70:11',
      fix: 'right',
      vips: vnaVips,
      // Port 11112 is let in, but no process listens on it: the health check is refused.
      listening: [443, 3389, 5985, 5986],
      allowed: [443, 11112, 3389, 5985, 5986],
      upHours: 292,
    },
    { ...atAnnex, ...mwl, name: 'MWL-SRV01', address: '192.168.140.121', mac: '00:50:56:9c:70:21' },
    { ...atAnnex, ...mwl, name: 'MWL-SRV02', address: '192.168.140.122', mac: '00:50:56:9c:70:22' },
  ];
  return plans.map((plan) => windowsHost(plan, now));
}
