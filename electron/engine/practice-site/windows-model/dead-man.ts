import type { SettingOperation } from '#shared/domain/direct-routing/operations';
import { ModelFault } from './model-fault';

/** One change that the server takes back by itself, or took back. Times are milliseconds since 1970. */
export interface DeadMan {
  readonly name: string;
  readonly dueAt: number;
  readonly operations: readonly SettingOperation[];
  /** `null` while it is armed. */
  readonly fired: Fired | null;
}

export interface Fired {
  readonly at: number;
  /** `running` is seen after a power cut in the middle: it goes on when the server is back. */
  readonly outcome: 'running' | 'restored' | 'partly';
  readonly text: string;
}

type Facts = Record<string, string | number | boolean | null>;

export function armed(
  all: readonly DeadMan[],
  name: string,
  dueAt: number,
  operations: readonly SettingOperation[],
): { readonly next: readonly DeadMan[]; readonly changed: readonly string[]; readonly facts: Facts } {
  const before = find(all, name);
  refuseFired(before);
  refuseOther(all, before);
  const facts = { name, dueAt: iso(dueAt), path: pathOf(name), renewed: before !== null };
  const next = [...all.filter((other) => other !== before), { name, dueAt, operations, fired: null }];
  return { next, changed: [`armed until ${iso(dueAt)}`], facts };
}

export function confirmed(
  all: readonly DeadMan[],
  name: string,
): { readonly next: readonly DeadMan[]; readonly changed: readonly string[]; readonly facts: Facts } {
  const before = find(all, name);
  refuseFired(before);
  return {
    next: all.filter((other) => other !== before),
    changed: before === null ? [] : ['disarmed'],
    facts: { name, was: before === null ? 'none' : 'armed' },
  };
}

export function readFacts(all: readonly DeadMan[], name: string): Facts {
  const found = find(all, name);
  if (found === null) return { name, state: 'none', dueAt: null, firedAt: null, outcome: null, text: null };
  const { dueAt, fired } = found;
  return {
    name,
    state: fired === null ? 'armed' : 'fired',
    dueAt: iso(dueAt),
    firedAt: fired === null ? null : iso(fired.at),
    outcome: fired?.outcome ?? null,
    text: fired?.text ?? null,
  };
}

/** Those that must fire: due and not done with. */
export function dueAt(all: readonly DeadMan[], now: number): readonly DeadMan[] {
  return all.filter((item) => (item.fired === null || item.fired.outcome === 'running') && item.dueAt <= now);
}

/** When the next one fires; `null` when none is armed. */
export function nextDue(all: readonly DeadMan[]): number | null {
  const times = all.flatMap((item) => (item.fired === null ? [item.dueAt] : []));
  return times.length === 0 ? null : Math.min(...times);
}

export function find(all: readonly DeadMan[], name: string): DeadMan | null {
  return all.find((item) => item.name.toLowerCase() === name.toLowerCase()) ?? null;
}

function refuseFired(found: DeadMan | null): void {
  if (found?.fired == null) return;
  const { at, outcome, text } = found.fired;
  throw new ModelFault('dead_man_fired', `Taken back at ${iso(at)}, ${outcome}: ${text}`);
}

/** One that is armed, or at work, would take back this change as well. */
function refuseOther(all: readonly DeadMan[], own: DeadMan | null): void {
  const other = all.find((item) => item !== own && (item.fired === null || item.fired.outcome === 'running'));
  if (other === undefined) return;
  throw new ModelFault('dead_man_armed', `${other.name} takes an earlier change back at ${iso(other.dueAt)}.`);
}

function pathOf(name: string): string {
  return `C:\\ProgramData\\Evenkeel\\dead-man\\${name}.ps1`;
}

/** To the second, as the script prints it. */
function iso(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
