import { describe, expect, it } from 'vitest';
import { createServerGate } from '#engine/windows/gate';

const where = { unit: 'rs1', step: 'reading' };
const calm = new AbortController().signal;

/** Work that ends when it is told to. */
function held(): { readonly work: () => Promise<string>; readonly end: () => void; readonly begun: () => boolean } {
  let end = (): void => undefined;
  let begun = false;
  const ended = new Promise<string>((resolve) => (end = () => resolve('done')));
  const work = (): Promise<string> => {
    begun = true;
    return ended;
  };
  return { work, end, begun: () => begun };
}

describe('the gate of Windows servers', () => {
  it('works on eight at a time; the ninth begins when one has ended', async () => {
    const gate = createServerGate();
    const all = Array.from({ length: 9 }, held);
    const runs = all.map((one) => gate.run(calm, where, one.work));
    await expect.poll(() => all.filter((one) => one.begun()).length).toBe(8);
    all[3]?.end();
    await expect.poll(() => all.every((one) => one.begun())).toBe(true);
    for (const one of all) one.end();
    expect(await Promise.all(runs)).toEqual(Array.from({ length: 9 }, () => 'done'));
  });

  it('one that waits can be given up at once, and never begins', async () => {
    const gate = createServerGate(1);
    const [first, second, third] = [held(), held(), held()];
    const runs = [gate.run(calm, where, first.work)];
    const controller = new AbortController();
    const given = gate.run(controller.signal, where, second.work);
    runs.push(gate.run(calm, where, third.work));
    controller.abort();
    await expect(given).rejects.toMatchObject({ code: 'aborted', details: where });
    first.end();
    third.end();
    await Promise.all(runs);
    expect(second.begun()).toBe(false);
  });

  it('one that has begun keeps its place until it has ended', async () => {
    const gate = createServerGate(1);
    const [first, second] = [held(), held()];
    const controller = new AbortController();
    const run = gate.run(controller.signal, where, first.work);
    await expect.poll(() => first.begun()).toBe(true);
    const next = gate.run(calm, where, second.work);
    controller.abort();
    expect(second.begun()).toBe(false);
    first.end();
    expect(await run).toBe('done');
    second.end();
    expect(await next).toBe('done');
  });

  it('more than the queue holds are turned away', async () => {
    const gate = createServerGate(1, 1);
    const one = held();
    const runs = [gate.run(calm, where, one.work), gate.run(calm, where, one.work)];
    await expect.poll(() => one.begun()).toBe(true);
    await expect(gate.run(calm, where, one.work)).rejects.toMatchObject({ code: 'overloaded' });
    one.end();
    expect(await Promise.all(runs)).toEqual(['done', 'done']);
  });
});
