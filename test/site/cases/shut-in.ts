import { isolation } from '../lab/segment';
import { shows, type LabCase } from './case';

/** Nothing leaves the lab: asked when everything else has been done. */
export const shutIn: LabCase = shows(
  'shut in',
  'no gateway, no cable to the outside, 0 packets to another network',
  async () => {
    const { gateways, strangers, strayed } = await isolation();
    const routes = gateways.length === 0 ? 'no gateway' : `gateways ${gateways.join(' | ')}`;
    const cables = strangers.length === 0 ? 'no cable to the outside' : `cables ${strangers.join(' | ')}`;
    return `${routes}, ${cables}, ${strayed} packets to another network`;
  },
);
