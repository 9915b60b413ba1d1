import { createWindowsExecutor, settle, type WindowsFaults } from '#engine/practice-site/windows-model/index';
import { EventLines } from '#engine/windows/event-lines';
import { parseState } from '#engine/windows/state-schema';
import { composeScript } from '#engine/windows/compose';
import type { ScriptEvent, WindowsOperation } from '#shared/domain/direct-routing/index';
import type { NetworkAdapter, WindowsNetworkState } from '#shared/domain/windows/network-state';
import type { ResidentPwsh } from './resident';

/** What one side did with a list of operations. */
export interface Outcome {
  readonly events: readonly unknown[];
  /** Everything the server keeps, hidden settings included. */
  readonly state: WindowsNetworkState;
}

/** What the practice server does with its model, put like `byScript`. */
export async function byModel(
  state: WindowsNetworkState,
  operations: readonly WindowsOperation[],
  faults: WindowsFaults = {},
): Promise<Outcome> {
  let current = settle(state);
  const executor = createWindowsExecutor({
    read: () => current,
    write: (next) => (current = next),
    clock: { wait: () => Promise.resolve() },
    faults: () => faults,
  });
  const request = { kind: 'powershell' as const, commandLine: '', stdin: '', user: 'Administrator' };
  let stdout = '';
  for await (const output of executor.execute({
    ...request,
    script: composeScript(operations),
    signal: new AbortController().signal,
  })) {
    if ('data' in output && output.stream === 'stdout') stdout += output.data;
  }
  return { events: eventsOf(stdout).map(comparable), state: ordered(current) };
}

/** What the product's own scripts do in PowerShell. Throws what they print beside events, and wrong exit codes. */
export async function byScript(
  shell: ResidentPwsh,
  state: WindowsNetworkState,
  operations: readonly WindowsOperation[],
  faults: WindowsFaults = {},
): Promise<Outcome> {
  const ran = await shell.run(composeScript(operations), { ...settle(state), standIn: faults });
  if (ran.errors !== '') throw new Error(ran.errors);
  const events = eventsOf(ran.stdout);
  const failed = events.some((event) => event.event === 'error');
  if (ran.exitCode !== (failed ? 1 : 0)) throw new Error(`Exit code ${ran.exitCode} after ${ran.stdout}`);
  return { events: events.map(comparable), state: ordered(keptState(ran.state)) };
}

/** The events in a script's output, checked as the product checks them. */
export function eventsOf(stdout: string): readonly ScriptEvent[] {
  const events: ScriptEvent[] = [];
  const lines = new EventLines((event) => events.push(event));
  lines.write(stdout);
  lines.end();
  return events;
}

/** The state file after a script. Throws when it is no state any more. */
export function keptState(value: unknown): WindowsNetworkState {
  const parsed = parseState(value, 0);
  if ('fault' in parsed) throw new Error(`The state file is no state: ${parsed.fault}`);
  return parsed.state;
}

/** Without what depends on the machine: line numbers, paths, the order of lists that have none. */
function comparable(event: ScriptEvent): unknown {
  switch (event.event) {
    case 'error':
      return { ...event, line: 0 };
    case 'state':
      return { ...event, state: ordered(keptState(event.state)) };
    case 'result': {
      const { path, bytes, ...facts } = event.facts;
      return { ...event, facts, path: typeof path, bytes: typeof bytes, changed: [...event.changed].sort() };
    }
    default:
      return event;
  }
}

/** A state without what has no order or no meaning for a comparison. */
export function ordered(state: WindowsNetworkState): WindowsNetworkState {
  const adapters = state.adapters.map(orderedAdapter).sort((a, b) => a.index - b.index);
  const allowRules = state.firewall.allowRules.map((rule) => ({ ...rule, profiles: [...rule.profiles].sort() }));
  const firewall = { ...state.firewall, allowRules };
  return { ...state, readAt: 0, bootedAt: instant(state.bootedAt), adapters, firewall };
}

function orderedAdapter(adapter: NetworkAdapter): NetworkAdapter {
  return {
    ...adapter,
    bindings: [...adapter.bindings].sort((a, b) => compare(a.component, b.component)),
    // Time passes while a script waits: what was tentative is so no longer, on every adapter. The model stands still.
    addresses: adapter.addresses
      .map((held) => (held.state === 'Tentative' ? { ...held, state: 'Preferred' as const } : held))
      .sort((a, b) => compare(a.address, b.address)),
  };
}

function instant(time: string | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
