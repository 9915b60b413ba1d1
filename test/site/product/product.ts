import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChildProcess } from 'node:child_process';
import { createClient, type EvenkeelClient } from '#shared/contract/client';
import type { DrCell, DrWire } from '#shared/contract/direct-routing';
import type { JobDetail, JobItem } from '#shared/contract/jobs';
import type { ServerNode } from '#shared/contract/overview';
import type { Plan } from '#shared/contract/plans';
import { EvenkeelError } from '#shared/errors';
import { processPort } from '#test/faults/process-port';
import type { Appliance } from '../lab/appliance';
import type { Lab } from '../lab/lab';
import { site } from '../lab/lab-world';
import type { ServerPlace, UnitPlace } from '../lab/names';
import type { Server } from '../lab/server';
import { withDeadline } from './deadline';

const engineSource = fileURLToPath(new URL('../../faults/engine-child.ts', import.meta.url));

export type Action = 'drain' | 'halt' | 'online';

/** The product: its whole engine in the operator's namespace, used by the same calls as every other way in. */
export class Product {
  private readonly windowsIds = new Map<ServerPlace, string>();
  private readonly unitIds = new Map<UnitPlace, string>();
  pairId = '';

  private constructor(
    readonly client: EvenkeelClient,
    private readonly child: ChildProcess,
    private readonly lab: Lab,
  ) {}

  static async open(lab: Lab): Promise<Product> {
    const folder = join(lab.folder, 'product');
    await mkdir(folder);
    const env = { ...process.env, EVENKEEL_PASSPHRASE: randomBytes(18).toString('base64url'), NODE_NO_WARNINGS: '1' };
    const words = [process.execPath, '--import', 'tsx', engineSource, join(folder, 'data')];
    const child = lab.processes.start('operator', words, { log: join(folder, 'engine.log'), channel: true, env });
    const ready = new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', () => reject(new Error('The engine ended before it was ready; see its log.')));
    });
    await withDeadline(ready, 90_000, 'the engine starts');
    return new Product(createClient(processPort(child)), child, lab);
  }

  async close(): Promise<void> {
    this.client.close();
    await this.lab.processes.stop(this.child);
  }

  windowsId(place: ServerPlace): string {
    return this.windowsIds.get(place) ?? `no ${place}`;
  }

  unitId(place: UnitPlace): string {
    return this.unitIds.get(place) ?? `no ${place}`;
  }

  /** Adds an appliance by its key logon; `hostKey` is what a person has compared. */
  async addAppliance(unit: Appliance, hostKey: string): Promise<void> {
    const privateKey = await this.lab.operatorKey();
    const item = await this.client.call('inventory.addAppliance', {
      name: unit.name,
      site,
      pollSeconds: 30,
      target: {
        host: unit.address,
        sshPort: 22,
        webuiPort: 9443,
        snmpPort: null,
        ssh: { kind: 'key', username: 'root', privateKey, passphrase: null },
        webui: null,
        api: null,
        pins: { sshHostKey: hostKey, certificate: null },
      },
    });
    this.unitIds.set(unit.place, item.id);
    this.pairId = item.pairId;
  }

  async addServer(server: Server): Promise<void> {
    const item = await this.client.call('inventory.addWindows', {
      name: server.name,
      site,
      target: {
        host: server.address,
        port: 5986,
        transport: 'https',
        login: { kind: 'ntlm', ...server.login, domain: '' },
        pins: { certificate: server.certificateSha256 },
      },
    });
    this.windowsIds.set(server.place, item.id);
  }

  /** Reads units and servers and asks the wire; once more where the wire could not tell. */
  async look(): Promise<{ readonly cells: readonly DrCell[]; readonly wire: DrWire | undefined }> {
    for (let tries = 1; ; tries += 1) {
      await this.client.call('overview.read', {});
      await this.client.call('directRouting.read', {});
      const items = await this.client.call('directRouting.matrix', {});
      const cells = items.filter((item) => item.kind === 'cell');
      const wire = items.find((item) => item.kind === 'wire');
      if (wire?.verdict !== 'unknown' || tries === 3) return { cells, wire };
    }
  }

  async serverNode(label: string): Promise<ServerNode> {
    await this.client.call('overview.read', {});
    const nodes = await this.client.call('overview.nodes', {});
    const found = nodes.find((node) => node.kind === 'server' && node.name === label);
    if (found?.kind !== 'server') throw new Error(`The overview has no real server ${label}`);
    return found;
  }

  /** Draws up the plan that drains, halts or brings online one real server. */
  async planAvailability(label: string, action: Action): Promise<Plan> {
    const { id } = await this.serverNode(label);
    return this.client.call('overview.planAvailability', { nodeId: id, action });
  }

  async start(plan: Plan): Promise<string> {
    const order = { planId: plan.id, reason: 'Network lab', ticket: null, confirmName: plan.confirmName };
    return (await this.client.call('jobs.start', order)).jobId;
  }

  /** The job once it has ended or waits for a person. */
  async ended(jobId: string, deadlineMs = 60_000): Promise<JobDetail> {
    await withDeadline(this.client.call('jobs.wait', { jobId }), deadlineMs, 'the job ends');
    return this.client.call('jobs.get', { jobId });
  }

  async carryOut(plan: Plan): Promise<JobDetail> {
    return this.ended(await this.start(plan));
  }

  /** Resolves at the first moment of a job that is wanted. */
  momentOf(jobId: string, wanted: (item: JobItem) => boolean, deadlineMs: number): Promise<void> {
    let stop: () => void = () => undefined;
    const moment = new Promise<void>((resolve, reject) => {
      const take = (items: ReadonlyMap<string, JobItem>): void => {
        for (const item of items.values()) if (wanted(item)) resolve();
      };
      const ended = (error: EvenkeelError | null): void => {
        if (error !== null) reject(error);
      };
      stop = this.client.watch('jobs.detail', { jobId }, { snapshot: take, change: take, ended });
    });
    return withDeadline(moment, deadlineMs, 'the moment of the job').finally(() => stop());
  }
}

/** The code of the refusal; `null` when it was not refused. */
export async function refusal(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof EvenkeelError) return error.code;
    throw error;
  }
}

/** For the verdict table: how the job ended, and what of it did not hold. */
export function jobText({ job, proof }: JobDetail): string {
  const broken = proof.filter((line) => line.held !== true).map((line) => `${line.text} (${line.seen})`);
  const error = job.error === null ? [] : [`${job.error.code} ${JSON.stringify(job.error.details)}`];
  return [`${job.state}, ${job.verdict}`, ...error, ...broken].join('; ');
}
