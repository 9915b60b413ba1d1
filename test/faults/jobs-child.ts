/**
 * An engine's worth of jobs in a process of its own, to be killed. Its lamps are files, so that what was done outlives
 * it. It writes one line a message: `{"held": point}` when it stands where it was told to, at last `{"job", …}`.
 */
import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ProofLine } from '#shared/contract/jobs';
import { Audit } from '#engine/audit/index';
import { openDatabase } from '#engine/database/index';
import { Jobs, stepKind, type JobCatalogue, type StepKind } from '#engine/jobs/index';
import { silentLog } from '#engine/log/index';
import { lampPlan } from '#test/unit/jobs/kit';

export type Point = 'recheck' | 'before' | 'after' | 'undo' | 'prove' | 'ended';

export interface Orders {
  readonly folder: string;
  /** Stand still here; at `before`, `after` and `undo` with this lamp. */
  readonly hold?: { readonly point: Point; readonly lamp?: string };
  readonly start?: { readonly kind: StepKind['whenInterrupted']; readonly fails?: string };
  readonly decide?: 'resume' | 'undo' | 'stop';
  readonly readable?: boolean;
  readonly known?: boolean;
}

const lampInput = z.strictObject({ lamp: z.string() });
const orders = JSON.parse(process.argv[2] ?? '{}') as Orders;
const lampFile = (lamp: string): string => join(orders.folder, `lamp-${lamp}`);
const note = (text: string): void => appendFileSync(join(orders.folder, 'effects'), `${text}\n`);
const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

async function stand(point: Point, lamp?: string): Promise<void> {
  if (orders.hold?.point !== point || orders.hold.lamp !== lamp) return;
  say({ held: point });
  await new Promise(() => setInterval(() => undefined, 60_000));
}

function kind(whenInterrupted: StepKind['whenInterrupted']): StepKind {
  return stepKind({
    kind: `lamp.${whenInterrupted}`,
    input: lampInput,
    whenInterrupted,
    inspect: (_context, { lamp }) => {
      if (orders.readable === false) return Promise.resolve('unknown');
      return Promise.resolve(existsSync(lampFile(lamp)) ? 'done' : 'not-done');
    },
    run: async (context, { lamp }) => {
      await context.remember({ wasOn: existsSync(lampFile(lamp)) });
      await stand('before', lamp);
      if (orders.start?.fails === lamp) throw new Error('told to fail');
      writeFileSync(lampFile(lamp), '');
      note(`on ${lamp}`);
      await stand('after', lamp);
      return 'done';
    },
    undo: async (context, { lamp }) => {
      if (context.recall()['wasOn'] !== false) throw new Error('nothing remembered');
      await stand('undo', lamp);
      rmSync(lampFile(lamp), { force: true });
      note(`off ${lamp}`);
    },
  });
}

const catalogue: JobCatalogue = {
  steps: orders.known === false ? [] : [kind('resume'), kind('undo'), kind('ask')],
  plans: [
    {
      kind: 'lamps',
      recheck: () => stand('recheck'),
      prove: async (plan): Promise<readonly ProofLine[]> => {
        await stand('prove');
        const at = Date.now();
        return plan.steps.map((step) => {
          const held = existsSync(lampFile(lampInput.parse(step.input).lamp));
          return { stepId: step.id, text: step.promise, held, seen: String(held), at };
        });
      },
      ended: () => stand('ended'),
    },
  ],
};

async function main(): Promise<void> {
  const database = await openDatabase({ file: join(orders.folder, 'evenkeel.db') });
  const audit = new Audit(database, Date.now);
  await audit.load();
  const jobs = new Jobs({
    database,
    audit,
    desktop: { notify: () => undefined },
    log: silentLog(),
    recordFolder: join(orders.folder, 'records'),
    version: '0.9.0',
  });
  jobs.register(catalogue);
  await jobs.resume();
  if (orders.start !== undefined) {
    const plan = lampPlan({ kinds: ['resume', orders.start.kind, 'resume'] });
    await jobs.plans.keep(plan);
    await jobs.start({ planId: plan.id, reason: 'test', ticket: null, confirmName: null, by: 'jokafor' });
  }
  const [first] = await jobs.list(1);
  if (first === undefined) throw new Error('there is no job');
  if (orders.decide !== undefined) await jobs.decide(first.id, orders.decide, 'mreyes');
  const job = await jobs.wait(first.id, AbortSignal.timeout(20_000));
  const effects = join(orders.folder, 'effects');
  const records = join(orders.folder, 'records');
  say({
    job,
    journal: (await jobs.detail(job.id)).journal.map((entry) => entry.state),
    effects: existsSync(effects) ? readFileSync(effects, 'utf8').trim().split('\n') : [],
    lamps: readdirSync(orders.folder).filter((name) => name.startsWith('lamp-')),
    records: existsSync(records) ? readdirSync(records) : [],
    holder: jobs.locks.holder('unit-1')?.number ?? null,
    audit: await audit.verify(),
  });
  await jobs.close();
  await database.close();
}

void main();
