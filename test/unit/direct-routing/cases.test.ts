import { describe, expect, it } from 'vitest';
import { judge } from './cases-base';
import { cases } from './case-table';

describe('a server beside the services that contain it', () => {
  it.each(cases)('$name', (row) => {
    const { reasons, plan, cell } = row;
    expect(judge(row)).toEqual({ reasons, plan, cell });
  });
});
