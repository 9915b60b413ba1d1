import type { Plan } from '#shared/contract/plans';

/**
 * Seconds that the plan is thought to take: lanes that run beside each other are laid out as the job will run them, so
 * many at a time and never two that exclude each other; without lanes every step follows the one before.
 */
export function laneSeconds(plan: Plan): number {
  const lengths = new Map<string, number>();
  for (const step of plan.steps) lengths.set(step.lane, (lengths.get(step.lane) ?? 0) + step.estimateSeconds);
  const { lanes } = plan;
  if (lanes === undefined) return [...lengths.values()].reduce((sum, length) => sum + length, 0);
  const running: { readonly end: number; readonly keys: readonly string[] }[] = [];
  const waiting = [...lanes.items];
  let now = 0;
  let latest = 0;
  while (waiting.length > 0) {
    const open = running.filter((lane) => lane.end > now);
    const held = new Set(open.flatMap((lane) => lane.keys));
    const next =
      open.length < lanes.width ? waiting.findIndex((lane) => !lane.excludes.some((key) => held.has(key))) : -1;
    if (next < 0) {
      now = Math.min(...open.map((lane) => lane.end));
      continue;
    }
    const [lane] = waiting.splice(next, 1);
    if (lane === undefined) break;
    const end = now + (lengths.get(lane.id) ?? 0);
    running.push({ end, keys: lane.excludes });
    latest = Math.max(latest, end);
  }
  return latest;
}
