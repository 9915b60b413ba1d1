import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dispatcher, LiveMap } from '#engine/dispatch/index';
import { createClient, type StreamListener } from '#shared/contract/client';
import type { SiteNode } from '#shared/contract/overview';
import type { StreamItem } from '#shared/contract/index';
import { portPair } from '#shared/contract/port-pair';
import { fakeHandlers } from '#test/support/fake-handlers';

type Item = StreamItem<'overview.live'>;

const site = (id: string, name: string): SiteNode => ({ kind: 'site', id, name, practice: true, order: 0 });

/** A stream as a window sees it, and every message that travelled. */
function watch(source: LiveMap<Item>) {
  const dispatcher = new Dispatcher({
    handlers: fakeHandlers({}, { 'overview.live': () => source }),
    operator: () => 'jokafor',
    logUnexpected: () => 'log',
  });
  const [near, far] = portPair();
  dispatcher.serve(far);
  const seen = new Map<string, Item>();
  const messages: string[] = [];
  let ended: string | null = null;
  const listener: StreamListener<Item> = {
    snapshot: (items) => {
      messages.push(`snapshot ${items.size}`);
      for (const [key, item] of items) seen.set(key, item);
    },
    change: (set, remove) => {
      messages.push(`change +${set.size} -${remove.length}`);
      for (const [key, item] of set) seen.set(key, item);
      for (const key of remove) seen.delete(key);
    },
    ended: (error) => {
      ended = error?.code ?? 'ended';
    },
  };
  const client = createClient(near);
  const stop = client.watch('overview.live', {}, listener);
  return { seen, messages, stop, client, ended: () => ended };
}

/** Lets every message that is under way arrive. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a stream', () => {
  it('sends what is there, then what changes', async () => {
    const source = new LiveMap<Item>();
    source.set('s1', site('s1', 'Main hospital'));
    const view = watch(source);
    await settle();
    source.set('s2', site('s2', 'Imaging annex'));
    await settle();
    source.remove('s1');
    await settle();
    expect(view.messages).toEqual(['snapshot 1', 'change +1 -0', 'change +0 -1']);
    expect([...view.seen.keys()]).toEqual(['s2']);
  });

  it('merges what a slow window has not asked for yet', async () => {
    const source = new LiveMap<Item>();
    const view = watch(source);
    await settle();
    for (let i = 0; i < 1_000; i += 1) source.set('s1', site('s1', `name ${i}`));
    await settle();
    expect(view.messages.length).toBeLessThanOrEqual(3);
    expect(view.seen.get('s1')).toMatchObject({ name: 'name 999' });
  });

  it('tells nobody of an equal value', async () => {
    const source = new LiveMap<Item>();
    source.set('s1', site('s1', 'Main hospital'));
    const view = watch(source);
    await settle();
    source.set('s1', site('s1', 'Main hospital'));
    await settle();
    expect(view.messages).toEqual(['snapshot 1']);
  });

  it('ends with its owner: nothing is sent after that', async () => {
    const source = new LiveMap<Item>();
    const view = watch(source);
    await settle();
    view.stop();
    await settle();
    source.set('s1', site('s1', 'Main hospital'));
    await settle();
    expect(view.messages).toEqual(['snapshot 0']);
  });

  it('ends by name when the source gives what the contract does not allow', async () => {
    const source = new LiveMap<Item>();
    const view = watch(source);
    await settle();
    source.set('s1', { ...site('s1', 'Main hospital'), order: 0.5 });
    await settle();
    expect(view.ended()).toBe('invalid_answer');
  });

  it('leaves the window with the source’s own items, whatever happens and however slow it is', async () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      name: fc.option(fc.constantFrom('x', 'y', 'z')),
      settle: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const source = new LiveMap<Item>();
        const view = watch(source);
        for (const { key, name, settle: wait } of steps) {
          if (name === null) source.remove(key);
          else source.set(key, site(key, name));
          if (wait) await settle();
        }
        for (let i = 0; i < 4; i += 1) await settle();
        expect(Object.fromEntries(view.seen)).toEqual(Object.fromEntries(source.snapshot()));
        view.client.close();
      }),
      { numRuns: 100 },
    );
  });
});
