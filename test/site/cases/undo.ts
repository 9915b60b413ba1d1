import { sameConfiguration } from '#shared/domain/direct-routing/index';
import { untouched } from '../lab/lab-world';
import { namespaceNow } from '../lab/namespace-now';
import { fetchMany } from '../product/client';
import { jobText } from '../product/product';
import { shows, type LabCase } from './case';
import { cellsText } from './texts';

/** The undo of one server's fix, from its snapshot. */
export const undoCases: readonly LabCase[] = [
  shows('the undo of one server', 'succeeded, proved', async ({ product }) => {
    const plan = await product.client.call('directRouting.planUndo', {
      windowsId: product.windowsId('s2'),
      options: { revertMinutes: 120 },
    });
    return jobText(await product.carryOut(plan));
  }),
  shows('after the undo: exactly as before', 'Windows: the same; namespace: the same', async ({ lab }) => {
    const server = lab.server('s2');
    const same = sameConfiguration(await server.state(), untouched('s2'));
    const now = await namespaceNow('s2');
    return `Windows: ${same ? 'the same' : 'another'}; namespace: ${now === lab.bare.get('s2') ? 'the same' : now}`;
  }),
  shows(
    'after the undo: the fault is back',
    '2 of 6 in, weight 100 | no address; LAB-APP01, LAB-APP03 answer, LAB-APP02 does not, some failed',
    async ({ product }) => {
      const answers = await fetchMany(24, 'http', 1);
      const cells = cellsText((await product.look()).cells.filter((cell) => cell.server !== 'proved'));
      const names = new Set(answers);
      const silent = names.has('LAB-APP02') ? 'LAB-APP02 answers' : 'LAB-APP02 does not';
      const others = ['LAB-APP01', 'LAB-APP03'].filter((name) => names.has(name)).join(', ');
      return `${cells.replace('2 of 2', '2 of 6')}; ${others} answer, ${silent}, ${names.has('-') ? 'some failed' : 'none failed'}`;
    },
  ),
];
