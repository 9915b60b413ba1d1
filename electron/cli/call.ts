import { isCallName, type CallInput, type CallName } from '#shared/contract/index';
import { createClient, type EvenkeelClient } from '#shared/contract/client';
import { portPair } from '#shared/contract/port-pair';
import { EvenkeelError } from '#shared/errors';
import type { LocalEngine } from '#engine/host/local-engine';

/** A client over a pipe in memory: the same dispatcher and the same checks as every other way in. */
export function clientOf(engine: LocalEngine): EvenkeelClient {
  const [near, far] = portPair();
  engine.serve(far);
  return createClient(near);
}

/**
 * One call. Where it leaves jobs running, the process stays until they have ended or wait for a person, since they run
 * inside it; an interrupt cancels them.
 */
export async function callOnce(engine: LocalEngine, name: string, input: unknown): Promise<number> {
  const client = clientOf(engine);
  try {
    if (!isCallName(name)) throw new EvenkeelError('unknown_call', { call: name });
    // The engine checks the input against the contract before anything else.
    const output = await client.call(name, input as CallInput<CallName>);
    process.stdout.write(`${JSON.stringify(output)}\n`);
    return await followJobs(client);
  } finally {
    client.close();
    await engine.close();
  }
}

const open = new Set(['queued', 'running', 'undoing']);

async function followJobs(client: EvenkeelClient): Promise<number> {
  const running = (await client.call('jobs.list', {})).filter((job) => open.has(job.state));
  const cancel = (): void => {
    for (const job of running) void client.call('jobs.cancel', { jobId: job.id });
  };
  process.once('SIGINT', cancel);
  let status = 0;
  for (const job of running) {
    const ended = await client.call('jobs.wait', { jobId: job.id });
    process.stderr.write(`${JSON.stringify({ job: ended.number, state: ended.state, verdict: ended.verdict })}\n`);
    if (ended.state !== 'succeeded') status = 1;
  }
  process.off('SIGINT', cancel);
  return status;
}
