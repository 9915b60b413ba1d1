import { expect, it } from 'vitest';
import { fuzzMany } from '#test/fuzz/winrm/many';

const CASES = 4_000;
const SEED = 20_261_122;

it(`${String(CASES)} sessions with a host that gives one wrong answer end in the true output or a typed error`, async () => {
  const { failures, cases, heapEarly, heapLate } = await fuzzMany(SEED, CASES);
  expect(
    failures.map(({ index, error }) => `--seed ${String(SEED)} --case ${String(index)}: ${String(error)}`),
  ).toEqual([]);
  expect(cases).toBe(CASES);
  expect(heapLate - heapEarly).toBeLessThan(8 * 1024 * 1024);
}, 120_000);
