import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalEngine } from '#engine/host/local-engine';
import type { EvenkeelClient } from '#shared/contract/client';
import type { JobDetail } from '#shared/contract/jobs';
import type { Plan } from '#shared/contract/plans';
import type { ArchiveItem, UpdateItem } from '#shared/contract/updates';
import { EvenkeelError } from '#shared/errors';
import { clientOf } from './call';
import { followJob, type Report } from './follow-job';
import { overviewTree } from './tree';

export interface RehearsalOptions {
  readonly json: boolean;
  /** `null`: a new folder below the system's temporary one, which is kept for its records. */
  readonly dataFolder: string | null;
  /** How many times faster than real time the practice site runs. */
  readonly speed: number;
}

/**
 * The main job on the practice site without a window: overview, offline update of the pair, Direct Routing fix of
 * every server that needs it. Exit status 0 only if every proof held.
 */
export async function rehearse(options: RehearsalOptions): Promise<number> {
  const report: Report = (event, line) => {
    process.stdout.write(`${options.json ? JSON.stringify(event) : line}\n`);
  };
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'evenkeel-rehearsal-')));
  const passphrase = process.env['EVENKEEL_PASSPHRASE'] ?? randomBytes(18).toString('base64url');
  const engine = await openLocalEngine({ dataFolder, passphrase });
  const client = clientOf(engine);
  try {
    return await mainJob(client, dataFolder, options.speed, report);
  } finally {
    client.close();
    await engine.close();
  }
}

async function mainJob(client: EvenkeelClient, dataFolder: string, speed: number, report: Report): Promise<number> {
  // A rehearsal begins at the beginning, also in a folder that has seen one before.
  if ((await client.call('practice.status', {})).open) await client.call('practice.close', {});
  const site = await client.call('practice.open', { scenario: 'guide', speed });
  report(
    { event: 'practice', units: site.units.length },
    `Practice site open: ${site.units.length} units on 127.0.0.1`,
  );
  await showOverview(client, report);

  const jobs: JobDetail[] = [];
  if (site.archive === null) throw new EvenkeelError('not_found', { step: 'update archive of the practice site' });
  const archive = await shelve(client, site.archive);
  report(
    { event: 'shelved', fileName: archive.fileName, sha256: archive.sha256, verdict: archive.verdict },
    `Shelved ${archive.fileName}: ${archive.verdict}`,
  );
  const nodes = await client.call('overview.nodes', {});
  for (const pair of nodes.filter((node) => node.kind === 'pair')) {
    const plan = await client.call('updates.plan', { archiveId: archive.id, pairId: pair.id });
    jobs.push(await runPlan(client, plan, report));
  }
  const reading = await client.call('directRouting.read', {});
  report({ event: 'matrix', read: reading.read }, `Read ${reading.read} Windows servers`);
  const matrix = await client.call('directRouting.matrix', {});
  const inNeed = matrix.flatMap((item) =>
    item.kind === 'row' && item.needsFix && item.windowsId !== null ? [item.windowsId] : [],
  );
  const windowsIds = [...new Set(inNeed)];
  if (windowsIds.length > 0) {
    const plan = await client.call('directRouting.plan', { windowsIds });
    jobs.push(await runPlan(client, plan, report));
  }
  await showOverview(client, report);
  return sumUp(jobs, dataFolder, report);
}

/** The archive on the shelf; the one of an earlier rehearsal when it is there already. */
async function shelve(client: EvenkeelClient, files: { archive: string; checksum: string }): Promise<ArchiveItem> {
  const sameName = (item: UpdateItem): item is ArchiveItem =>
    item.kind === 'archive' && item.verdict === 'verified' && files.archive.endsWith(item.fileName);
  const there = (await client.call('updates.list', {})).find(sameName);
  return there ?? client.call('updates.shelve', files);
}

async function showOverview(client: EvenkeelClient, report: Report): Promise<void> {
  await client.call('overview.read', {});
  const nodes = await client.call('overview.nodes', {});
  report({ event: 'overview', nodes }, ['Overview', ...overviewTree(nodes).map((line) => `  ${line}`)].join('\n'));
}

async function runPlan(client: EvenkeelClient, plan: Plan, report: Report): Promise<JobDetail> {
  report(
    { event: 'plan', title: plan.title, steps: plan.steps.length },
    `Plan: ${plan.title}, ${plan.steps.length} steps`,
  );
  const { jobId, number } = await client.call('jobs.start', {
    planId: plan.id,
    reason: 'Rehearsal on the practice site',
    ticket: null,
    confirmName: plan.confirmName,
  });
  report({ event: 'job', number }, `  Job ${number}`);
  return followJob(client, jobId, report);
}

function sumUp(jobs: readonly JobDetail[], dataFolder: string, report: Report): number {
  let allHeld = jobs.length > 0;
  for (const { job, proof } of jobs) {
    const held = proof.filter((line) => line.held === true).length;
    const proved = job.state === 'succeeded' && job.verdict === 'proved';
    allHeld &&= proved;
    report(
      { event: 'ended', number: job.number, state: job.state, verdict: job.verdict, held, promises: proof.length },
      `Job ${job.number}, ${job.title}: ${job.state}, ${held} of ${proof.length} promises hold`,
    );
    for (const line of proof.filter((one) => one.held !== true)) {
      report(
        { event: 'not-held', number: job.number, text: line.text, seen: line.seen },
        `  not held: ${line.text} (${line.seen})`,
      );
    }
  }
  const folder = join(dataFolder, 'records');
  report({ event: 'records', folder, allHeld }, `Change records: ${folder}`);
  report({ event: 'verdict', allHeld }, allHeld ? 'Every proof held.' : 'Not every proof held.');
  return allHeld ? 0 : 1;
}
