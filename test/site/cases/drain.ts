import { fetchMany, HeldConnection, namesText } from '../product/client';
import { jobText, refusal } from '../product/product';
import { shows, type LabCase } from './case';
import { allThree } from './fix';
import { withDeadline } from '../product/deadline';

/** Drain, halt and the guard, by the product's plans; the connections are real. */
export const drainCases: readonly LabCase[] = [
  shows(
    'drain: what exists goes on, nothing new comes',
    'succeeded, proved; the held connection: LAB-APP02, 1 active; new ones: LAB-APP01, LAB-APP03; none failed',
    async ({ product }) => {
      const held = await heldBy('LAB-APP02');
      try {
        const job = await product.carryOut(await product.planAvailability('ICA_WEB2', 'drain'));
        const fresh = namesText(await fetchMany(40));
        const again = await held.ask();
        const { activeConnections } = await product.serverNode('ICA_WEB2');
        const still = `the held connection: ${again}, ${activeConnections ?? 'unknown'} active`;
        return `${jobText(job)}; ${still}; new ones: ${fresh}`;
      } finally {
        held.close();
      }
    },
  ),
  shows('online again', `succeeded, proved; ${allThree}`, async ({ product }) => {
    const job = await product.carryOut(await product.planAvailability('ICA_WEB2', 'online'));
    return `${jobText(job)}; ${namesText(await fetchMany(40))}`;
  }),
  shows('halt ends what exists', 'succeeded, proved; the held connection: -', async ({ product }) => {
    const held = await heldBy('LAB-APP03');
    try {
      const job = await product.carryOut(await product.planAvailability('ICA_WEB3', 'halt'));
      return `${jobText(job)}; the held connection: ${await held.ask()}`;
    } finally {
      held.close();
    }
  }),
  shows(
    'the guard keeps the last server',
    'drain refused: last_healthy_server; undo refused: last_healthy_server; new ones: LAB-APP01; none failed',
    async ({ lab, product }) => {
      // Somebody else takes the second one out, past the product.
      await lab.ssh('lb1', 'lbcli --action halt --vip ICA_WEB --rip ICA_WEB2');
      const drain = await refusal(product.planAvailability('ICA_WEB1', 'drain'));
      const undo = await product.client.call('directRouting.planUndo', {
        windowsId: product.windowsId('s1'),
        options: { revertMinutes: 120 },
      });
      const { error } = (await product.carryOut(undo)).job;
      const fresh = namesText(await fetchMany(20));
      await lab.ssh(
        'lb1',
        'lbcli --action online --vip ICA_WEB --rip ICA_WEB2; lbcli --action online --vip ICA_WEB --rip ICA_WEB3',
      );
      return `drain refused: ${String(drain)}; undo refused: ${error?.code ?? 'null'}; new ones: ${fresh}`;
    },
  ),
];

/** A connection through the VIP that this server happens to carry. */
async function heldBy(server: string): Promise<HeldConnection> {
  const find = async (): Promise<HeldConnection> => {
    for (;;) {
      const held = await HeldConnection.open();
      if (held.server === server) return held;
      held.close();
    }
  };
  return withDeadline(find(), 15_000, `a connection falls to ${server}`);
}
