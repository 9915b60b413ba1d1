import { describe, expect, it } from 'vitest';
import { Dispatcher, type Handlers } from '#engine/dispatch/index';
import { createClient, type EvenkeelClient } from '#shared/contract/client';
import type { CallInput } from '#shared/contract/index';
import { portPair } from '#shared/contract/port-pair';
import { EvenkeelError } from '#shared/errors';
import { fakeHandlers } from '#test/support/fake-handlers';

function connect(handlers: Handlers): { client: EvenkeelClient; logged: unknown[] } {
  const logged: unknown[] = [];
  const dispatcher = new Dispatcher({
    handlers,
    operator: () => 'jokafor',
    logUnexpected: (error) => {
      logged.push(error);
      return '7f3a-0c12';
    },
  });
  const [near, far] = portPair();
  dispatcher.serve(far);
  return { client: createClient(near), logged };
}

const settings = { theme: 'dark', motion: 'system', operator: 'jokafor', pollSeconds: 10 } as const;

/** What a hostile or broken window might send: the client's own types are of no help to the engine. */
const anything = (value: unknown): CallInput<'jobs.get'> => value as CallInput<'jobs.get'>;

describe('a call', () => {
  it('brings the answer of its handler', async () => {
    const { client } = connect(fakeHandlers({ 'system.settings': () => Promise.resolve(settings) }));
    expect(await client.call('system.settings', {})).toEqual(settings);
  });

  it('tells the handler who asks', async () => {
    const { client } = connect(
      fakeHandlers({ 'system.settings': (_input, { operator }) => Promise.resolve({ ...settings, operator }) }),
    );
    expect((await client.call('system.settings', {})).operator).toBe('jokafor');
  });

  it('is refused with an unknown key, naming the key', async () => {
    const { client } = connect(fakeHandlers({}));
    const call = client.call('jobs.get', anything({ jobId: 'j1', extra: true }));
    await expect(call).rejects.toMatchObject({
      code: 'invalid_argument',
      details: { problems: ['(whole): unknown extra'] },
    });
  });

  it('never repeats a refused value, since it may be a secret', async () => {
    const { client } = connect(fakeHandlers({}));
    const call = client.call('jobs.get', anything({ jobId: { password: 'hunter2' } }));
    const error = await call.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(EvenkeelError);
    expect(JSON.stringify((error as EvenkeelError).toShape())).not.toContain('hunter2');
  });

  it('fails in the engine when a handler answers in another form than promised', async () => {
    const wrong = { ...settings, pollSeconds: 1 };
    const { client, logged } = connect(fakeHandlers({ 'system.settings': () => Promise.resolve(wrong) }));
    await expect(client.call('system.settings', {})).rejects.toMatchObject({
      code: 'invalid_answer',
      details: { logId: '7f3a-0c12' },
    });
    expect(logged).toHaveLength(1);
  });

  it('hides an unexpected error behind a log id', async () => {
    const { client, logged } = connect(
      fakeHandlers({ 'system.settings': () => Promise.reject(new Error('SQLITE_IOERR at /home/x')) }),
    );
    await expect(client.call('system.settings', {})).rejects.toMatchObject({
      code: 'internal',
      details: { logId: '7f3a-0c12' },
    });
    expect(logged).toHaveLength(1);
  });

  it('carries an expected error with its details', async () => {
    const refusal = new EvenkeelError('host_key_changed', { unit: 'lb-main-1', step: 'SSH login' });
    const { client, logged } = connect(fakeHandlers({ 'jobs.list': () => Promise.reject(refusal) }));
    await expect(client.call('jobs.list', {})).rejects.toMatchObject(refusal.toShape());
    expect(logged).toHaveLength(0);
  });

  it('can be aborted, and the handler learns of it', async () => {
    let seen = false;
    const { client } = connect(
      fakeHandlers({
        'jobs.list': (_input, { signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              seen = true;
              reject(signal.reason as Error);
            });
          }),
      }),
    );
    const abort = new AbortController();
    const call = client.call('jobs.list', {}, { signal: abort.signal });
    abort.abort();
    await expect(call).rejects.toMatchObject({ code: 'aborted' });
    expect(seen).toBe(true);
  });

  it('ends at its deadline even when the handler hangs', async () => {
    const { client } = connect(fakeHandlers({ 'jobs.list': () => new Promise(() => undefined) }));
    await expect(client.call('jobs.list', {}, { deadlineMs: 20 })).rejects.toMatchObject({ code: 'deadline' });
  });

  it('ends with engine_lost when the way in closes', async () => {
    const { client } = connect(fakeHandlers({ 'jobs.list': () => new Promise(() => undefined) }));
    const call = client.call('jobs.list', {});
    client.close();
    await expect(call).rejects.toMatchObject({ code: 'engine_lost' });
  });

  it('is refused once too many are waiting', async () => {
    const { client } = connect(fakeHandlers({ 'jobs.list': () => new Promise(() => undefined) }));
    for (let i = 0; i < 256; i += 1) void client.call('jobs.list', {}).catch(() => undefined);
    await expect(client.call('jobs.list', {})).rejects.toMatchObject({ code: 'overloaded' });
    client.close();
  });
});
