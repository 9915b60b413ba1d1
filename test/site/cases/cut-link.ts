import { setTimeout as sleep } from 'node:timers/promises';
import type { JobItem } from '#shared/contract/jobs';
import { sameConfiguration } from '#shared/domain/direct-routing/index';
import { must, nftRules, within } from '../lab/commands';
import { untouched } from '../lab/lab-world';
import { hosts, vip, type ServerPlace } from '../lab/names';
import { namespaceNow } from '../lab/namespace-now';
import type { Product } from '../product/product';
import { shows, type LabCase } from './case';

/** Five of the server's own minutes, which are ten seconds here. */
const revertMinutes = 5;

/** The link to a server is cut in the middle of the change, and nobody is left to take it back but the server. */
export const cutLinkCases: readonly LabCase[] = [
  shows(
    'the link is cut in the middle',
    'cut with the address set; then by itself: Windows the same, namespace the same; job waiting, link not there',
    async ({ lab, product }) => {
      const server = lab.server('s2');
      const windowsIds = [product.windowsId('s2')];
      const plan = await product.client.call('directRouting.plan', { windowsIds, options: { revertMinutes } });
      const address = plan.steps.find((step) => step.kind === 'directRouting.address')?.id;
      const jobId = await product.start(plan);
      await product.momentOf(jobId, (item) => isDone(item, address), 60_000);
      await cut('s2');
      const set = JSON.stringify(await server.state()).includes(vip) ? 'the address set' : 'no address';
      const restored = async (): Promise<boolean> => sameConfiguration(await server.state(), untouched('s2'));
      for (let count = 0; count < 60 && !(await restored()); count += 1) await sleep(500);
      const windows = (await restored()) ? 'the same' : 'another';
      const namespace = (await namespaceNow('s2')) === lab.bare.get('s2') ? 'the same' : 'another';
      const { job } = await product.ended(jobId, 120_000);
      const lost = ['link_cut', 'connect_timeout', 'connect_refused', 'unreachable'];
      const link = lost.includes(job.error?.code ?? '') ? 'link not there' : (job.error?.code ?? 'no error');
      return `cut with ${set}; then by itself: Windows ${windows}, namespace ${namespace}; job ${job.state}, ${link}`;
    },
  ),
  shows(
    'the link is back: the rest is taken back',
    'undone; ICA_WEB2 online, ICA_DICOM2 online; no address',
    async ({ product }) => {
      await mend();
      const [job] = await product.client.call('jobs.list', { limit: 1 });
      if (job === undefined) return 'no job';
      if (job.choices.includes('undo')) await product.client.call('jobs.decide', { jobId: job.id, choice: 'undo' });
      const { state } = (await product.ended(job.id)).job;
      return `${state}; ${await standing(product)}; ${(await product.serverNode('ICA_WEB2')).drWord}`;
    },
  ),
];

function isDone(item: JobItem, stepId: string | undefined): boolean {
  return item.item === 'entry' && item.entry.stepId === stepId && item.entry.state === 'done';
}

async function standing(product: Product): Promise<string> {
  const told: string[] = [];
  for (const label of ['ICA_WEB2', 'ICA_DICOM2']) {
    told.push(`${label} ${(await product.serverNode(label)).status ?? 'unknown'}`);
  }
  return told.join(', ');
}

/** Between the operator's computer and this server nothing of WinRM passes any more; the operator’s side is told, the server is not. */
async function cut(place: ServerPlace): Promise<void> {
  const { address } = hosts[place];
  await nftRules(
    'operator',
    `table inet cut {
      chain output {
        type filter hook output priority 0; policy accept;
        ip daddr ${address} tcp dport { 5985, 5986 } reject with tcp reset
      }
      chain input {
        type filter hook input priority 0; policy accept;
        ip saddr ${address} tcp sport { 5985, 5986 } drop
      }
    }
    `,
  );
  // What waits for an answer already would wait on.
  await must(within('operator', ['ss', '-K', 'dst', address]));
}

async function mend(): Promise<void> {
  await nftRules('operator', 'add table inet cut\ndelete table inet cut\n');
}
