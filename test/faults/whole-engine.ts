import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import ssh2, { type ClientChannel } from 'ssh2';
import { z } from 'zod';
import { openLocalEngine } from '#engine/host/local-engine';
import { createClient, type EvenkeelClient } from '#shared/contract/client';
import type { JobDetail, JobItem } from '#shared/contract/jobs';
import type { Plan } from '#shared/contract/plans';
import { portPair } from '#shared/contract/port-pair';
import { processPort } from './process-port';

export const passphrase = 'a passphrase of the fault tests';
const { Client } = ssh2;
const source = fileURLToPath(new URL('engine-child.ts', import.meta.url));

/** An engine and a client of it, over a way in. */
export interface WholeEngine {
  readonly client: EvenkeelClient;
  /** In good order, or with `kill -9` where it is a process of its own. */
  end(): Promise<void>;
}

export const newDataFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'evenkeel-faults-'));
export const removeDataFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** The engine in a process of its own; `end` is `kill -9`. */
export function engineToKill(dataFolder: string): Promise<WholeEngine> {
  return engineBy([], dataFolder);
}

/** May this account mount a file system of its own? */
export function canMount(): boolean {
  return spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0;
}

/** The same, its data folder on a disk of so many megabytes, which nobody else sees and which goes with it. */
export function engineOnSmallDisk(dataFolder: string, mebibytes: number): Promise<WholeEngine> {
  const mount = `mount -t tmpfs -o size=${mebibytes}m tmpfs "$0" && exec "$@"`;
  return engineBy(['unshare', '-rm', 'sh', '-c', mount, dataFolder], dataFolder);
}

async function engineBy(launcher: readonly string[], dataFolder: string): Promise<WholeEngine> {
  const [program, ...args] = [...launcher, process.execPath, '--import', 'tsx', source, dataFolder] as const;
  const env = { ...process.env, EVENKEEL_PASSPHRASE: passphrase, NODE_NO_WARNINGS: '1' };
  const child = spawn(program, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
    env,
  });
  const gone = once(child, 'exit');
  const [first] = (await Promise.race([once(child, 'message'), gone])) as unknown[];
  if (first !== 'ready') throw new Error(`The engine ended with ${String(first)} before it was ready`);
  return {
    client: createClient(processPort(child)),
    end: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** The engine in this process. */
export async function engineHere(dataFolder: string): Promise<WholeEngine> {
  const engine = await openLocalEngine({ dataFolder, passphrase });
  const [near, far] = portPair();
  engine.serve(far);
  const client = createClient(near);
  return {
    client,
    end: async () => {
      client.close();
      await engine.close();
    },
  };
}

/** Starts the job of a plan; gives its id. */
export async function startJob(client: EvenkeelClient, plan: Plan): Promise<string> {
  const input = { planId: plan.id, reason: 'Fault test', ticket: null, confirmName: plan.confirmName };
  return (await client.call('jobs.start', input)).jobId;
}

/** Resolves at the first moment of the job that is wanted, told by its stream. */
export async function momentOf(
  client: EvenkeelClient,
  jobId: string,
  wanted: (item: JobItem) => boolean,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const take = (items: ReadonlyMap<string, JobItem>): void => {
      for (const item of items.values()) {
        if (wanted(item)) resolve();
        if (item.item !== 'job' || item.job.endedAt === null) continue;
        reject(new Error(`The job ended ${item.job.state} before the moment came: ${JSON.stringify(item.job.error)}`));
      }
    };
    client.watch(
      'jobs.detail',
      { jobId },
      { snapshot: take, change: take, ended: (error) => (error === null ? undefined : reject(error)) },
    );
  });
}

/** The job once it has ended or waits for a person. */
export async function endOf(client: EvenkeelClient, jobId: string): Promise<JobDetail> {
  await client.call('jobs.wait', { jobId });
  return client.call('jobs.get', { jobId });
}

/** Everything that a step noted, as one text. */
export function notesOf(job: JobDetail, stepId: string): string {
  const entry = job.journal.find((one) => one.stepId === stepId);
  return entry?.notes.map(({ text }) => text).join('\n') ?? '';
}

const truth = z.object({
  state: z.object({
    appliances: z.array(
      z.object({ name: z.string(), version: z.string(), installing: z.object({ percent: z.number() }).nullable() }),
    ),
    windows: z.array(
      z.object({
        name: z.string(),
        network: z.object({ adapters: z.array(z.looseObject({ hardwareId: z.string() })) }),
      }),
    ),
  }),
});

/** What is true on the practice site, as it has written it down itself. */
export async function practiceTruth(dataFolder: string): Promise<z.infer<typeof truth>> {
  return truth.parse(JSON.parse(await readFile(join(dataFolder, 'practice', 'site.json'), 'utf8')));
}

/** All of it, to be compared with itself at another time. */
export async function practiceState(dataFolder: string): Promise<unknown> {
  const text = await readFile(join(dataFolder, 'practice', 'site.json'), 'utf8');
  const site = JSON.parse(text, (key, value: unknown) => {
    // When a server was read last is not what it holds, nor is what it once took back by itself.
    if (key === 'readAt') return undefined;
    if (key !== 'deadMen' || !Array.isArray(value)) return value;
    const armed = value.filter((item: { readonly fired: unknown }) => item.fired === null);
    return armed.length === 0 ? undefined : armed;
  }) as { state: unknown };
  return site.state;
}

/** Asks a practice unit over SSH with a client of its own: what it writes to standard output. */
export async function sshOf(client: EvenkeelClient, unitName: string, command: string): Promise<string> {
  const { appliances } = await client.call('practice.endpoints', {});
  const unit = appliances.find(({ name }) => name === unitName);
  if (unit === undefined) throw new Error(`no practice unit ${unitName}`);
  const { host, port, username, password } = unit.ssh;
  const ssh = new Client();
  try {
    ssh.connect({ host, port, username, password });
    await once(ssh, 'ready');
    const channel = await new Promise<ClientChannel>((resolve, reject) => {
      ssh.exec(command, (error, opened) => (error ? reject(error) : resolve(opened)));
    });
    return await text(channel);
  } finally {
    ssh.destroy();
  }
}
