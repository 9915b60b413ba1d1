import { describe, expect, it } from 'vitest';
import { UnitPoller } from '#engine/overview/unit-poller';
import { EvenkeelError } from '#shared/errors';
import { FakeClock, settled } from './fake-clock';

interface Setup {
  readonly clock: FakeClock;
  readonly poller: UnitPoller;
  readonly reads: number[];
  readonly failures: string[];
  /** What the next reads do; reading works when the list is empty. */
  readonly next: ((signal: AbortSignal) => Promise<void>)[];
}

function setUp(intervalMs = 10_000): Setup {
  const clock = new FakeClock();
  const reads: number[] = [];
  const failures: string[] = [];
  const next: Setup['next'] = [];
  const poller = new UnitPoller(
    {
      ...{ unitName: 'lb-main-1', intervalMs, deadlineMs: 8_000 },
      read: async (signal) => {
        reads.push(clock.now());
        await next.shift()?.(signal);
      },
      failed: (error, count) => {
        failures.push(`${error.code} ${count}`);
        return Promise.resolve();
      },
      gate: (work) => work(),
    },
    clock,
  );
  return { clock, poller, reads, failures, next };
}

const fails = (code: ConstructorParameters<typeof EvenkeelError>[0]) => () => Promise.reject(new EvenkeelError(code));
const hangs = (): Promise<void> => new Promise(() => undefined);

describe('a unit is read', () => {
  it('at its interval, give or take ten percent, and never more often than every five seconds', async () => {
    const { clock, poller, reads } = setUp(10_000);
    poller.start(0);
    clock.next = 0;
    await clock.run(9_000);
    expect(reads).toEqual([0, 9_000]);
    clock.next = 1;
    await clock.run(9_000);
    expect(reads).toEqual([0, 9_000, 18_000]);
    await clock.run(10_999);
    expect(reads).toHaveLength(3);
    await clock.run(1);
    expect(reads).toHaveLength(4);

    const quick = setUp(1_000);
    quick.clock.next = 0;
    quick.poller.start(0);
    await quick.clock.run(10_000);
    expect(quick.reads).toEqual([0, 5_000, 10_000]);
  });

  it('with one request in flight, given up at its deadline', async () => {
    const { clock, poller, reads, failures, next } = setUp();
    next.push(hangs);
    poller.start(0);
    await clock.run(7_999);
    expect([reads, failures]).toEqual([[0], []]);
    await clock.run(1);
    expect(failures).toEqual(['connect_timeout 1']);
    await clock.run(10_000);
    expect(reads).toEqual([0, 18_000]);
  });

  it('more slowly while it fails, up to two minutes, and as before once it answers', async () => {
    const { clock, poller, reads, next } = setUp();
    for (let count = 0; count < 8; count += 1) next.push(fails('connect_refused'));
    poller.start(0);
    await clock.run(10_000_000, 10);
    const gaps = reads.slice(1).map((at, index) => (at - (reads[index] ?? 0)) / 1_000);
    expect(gaps.slice(0, 9)).toEqual([10, 10, 20, 40, 80, 120, 120, 120, 10]);
  });

  it('not again for five minutes after a refused login, so that the account is not locked', async () => {
    const { clock, poller, reads, next } = setUp();
    next.push(fails('login_refused'));
    poller.start(0);
    await clock.run(299_000);
    expect(reads).toHaveLength(1);
    await clock.run(1_000);
    expect(reads).toHaveLength(2);
  });

  it('never again by itself after its host key changed', async () => {
    const { clock, poller, reads, next } = setUp();
    next.push(fails('host_key_changed'));
    poller.start(0);
    await clock.run(10_000_000);
    expect(reads).toHaveLength(1);
  });

  it('now when asked, after the reading under way, and once for all who ask meanwhile', async () => {
    const { clock, poller, reads, next } = setUp();
    let finish = (): void => undefined;
    next.push(() => new Promise((resolve) => (finish = resolve)));
    poller.start(0);
    await clock.run(0);
    const [one, two] = [poller.readNow(), poller.readNow()];
    await settled();
    expect(reads).toHaveLength(1);
    finish();
    expect(await Promise.all([one, two])).toEqual([null, null]);
    expect(reads).toHaveLength(2);
    expect(clock.waiting).toBe(1);
  });

  it('no more after it was stopped, and the reading under way ends', async () => {
    const { clock, poller, reads, failures, next } = setUp();
    next.push(hangs);
    poller.start(0);
    await clock.run(0);
    const asked = poller.readNow();
    poller.stop();
    expect((await asked)?.code).toBe('aborted');
    await clock.run(10_000_000);
    expect([reads, failures]).toEqual([[0], []]);
    expect(clock.waiting).toBe(0);
  });
});
