import type { PlanChange } from '../../contract/plans';
import type { ChangedValue } from './configuration';
import type { Check } from './checks';

/** The before and after list: checks of one row together, rows that change first. */
export function changeRows(unitName: string, checks: readonly Check[]): readonly PlanChange[] {
  const rows = new Map<string, Check[]>();
  for (const item of checks) rows.set(item.row, [...(rows.get(item.row) ?? []), item]);
  const all = [...rows].map(([row, items]): PlanChange => {
    const changed = items.some((item) => item.code !== null && item.level === 'fix');
    const before = joined(items.map((item) => item.before));
    return { unitName, item: row, before, after: changed ? joined(items.map((item) => item.after)) : before, changed };
  });
  return [...all.filter((row) => row.changed), ...all.filter((row) => !row.changed)];
}

/** The same list for an undo: every value that goes back, and how many stay. */
export function undoRows(unitName: string, values: readonly ChangedValue[]): readonly PlanChange[] {
  return values
    .filter((value) => value.before !== value.after)
    .map((value) => ({
      unitName,
      item: `${value.adapterName}: ${value.item}`,
      before: value.before ?? 'absent',
      after: value.after ?? 'absent',
      changed: true,
    }));
}

function joined(values: readonly string[]): string {
  return [...new Set(values)].join(', ').slice(0, 2_000);
}
