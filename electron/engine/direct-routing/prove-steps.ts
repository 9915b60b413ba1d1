import type { JournalEntry, ProofLine } from '#shared/contract/jobs';
import type { PlanStep } from '#shared/contract/plans';
import { operationStands } from '#shared/domain/direct-routing/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import type { DirectRoutingDeps } from './deps';
import { foundOf, isBack, isIn, partlyNote, wordOf } from './real-servers';
import { confirmInput } from './steps-dead-man';
import { onlineInput } from './steps-drain';
import { guardInput } from './steps-guard';
import { askWire, verify, verifyInput, wireInput, type ProofParts } from './steps-proof';
import { snapshotInput, windowsInput } from './steps-windows';

export interface PlanKindParts extends ProofParts {
  readonly deps: DirectRoutingDeps;
  readonly afterJob: () => Promise<void>;
}

export type Seen = Pick<ProofLine, 'held' | 'seen'>;

/** Reads again what one step promised. `state`: of its server, read now; `null` when it could not be. */
export async function proveStep(
  parts: PlanKindParts,
  step: PlanStep,
  entry: JournalEntry | undefined,
  state: WindowsNetworkState | null,
  signal: AbortSignal,
): Promise<Seen> {
  switch (step.kind) {
    case 'directRouting.guard':
      return proveGuard(parts, step, signal);
    case 'directRouting.drain':
    case 'directRouting.arm':
      return journaled(entry);
    case 'directRouting.confirm':
      return proveConfirm(parts, step, entry, signal);
    case 'directRouting.online':
      return proveOnline(parts, step, entry, signal);
    case 'directRouting.snapshot':
      return proveSnapshot(parts, step, entry);
    case 'directRouting.verify': {
      if (state === null) return unread;
      const { compared, wrong } = await verify(parts, verifyInput.parse(step.input).expected, state);
      const seen = `${compared - wrong.length} of ${compared}${wrong.length > 0 ? `: ${wrong.join(' ')}` : ''}`;
      return { held: wrong.length === 0, seen };
    }
    case 'directRouting.wire':
      return proveWire(parts, step, signal);
    default: {
      if (state === null) return unread;
      const { operations } = windowsInput.parse(step.input);
      const broken = operations.filter((operation) => !operationStands(operation, state));
      const names = broken.map((operation) => operation.operation).join(', ');
      return { held: broken.length === 0, seen: broken.length === 0 ? 'as promised' : `not as promised: ${names}` };
    }
  }
}

const unread: Seen = { held: null, seen: 'the server could not be read' };

/** A state of a while ago cannot be read again: what the journal wrote down at the time stands for it. */
function journaled(entry: JournalEntry | undefined): Promise<Seen> {
  const last = entry?.notes.at(-1)?.text ?? 'nothing was noted';
  return Promise.resolve({ held: entry?.state === 'done', seen: `${last} (journal)` });
}

async function proveGuard(parts: PlanKindParts, step: PlanStep, signal: AbortSignal): Promise<Seen> {
  const { services } = guardInput.parse(step.input);
  const told: string[] = [];
  let held: boolean | null = true;
  for (const item of services) {
    if (item.unitId === null) continue;
    const reading = await (await parts.deps.appliance(item.unitId)).read(signal);
    const real = reading.services.find((service) => service.name === item.vip)?.realServers ?? [];
    const inService = real.filter(isIn).length;
    told.push(`${item.vip} ${inService} of ${real.length} in service`);
    if (inService === 0) held = real.some((server) => server.status === null) ? null : false;
  }
  return { held, seen: told.join(', ') || 'no service' };
}

/** Asked again: confirmed it is gone; one that still waits would take everything back later. */
async function proveConfirm(
  parts: PlanKindParts,
  step: PlanStep,
  entry: JournalEntry | undefined,
  signal: AbortSignal,
): Promise<Seen> {
  const { windowsId, name } = confirmInput.parse(step.input);
  // An earlier try may have used up the planned name.
  const used = entry?.notes
    .map((note) => /^Confirmed.* \(([\w-]+)\)/.exec(note.text)?.[1])
    .findLast((text) => text !== undefined);
  if (entry?.state !== 'done') return { held: false, seen: 'not confirmed (journal)' };
  const { state, firedAt } = await parts.deadMen.read(windowsId, used ?? name, signal);
  if (state === 'none') return { held: true, seen: 'confirmed; nothing waits on the server' };
  return {
    held: false,
    seen: state === 'armed' ? 'still armed' : `taken back by the server at ${firedAt ?? 'a time unknown'}`,
  };
}

async function proveOnline(
  parts: PlanKindParts,
  step: PlanStep,
  entry: JournalEntry | undefined,
  signal: AbortSignal,
): Promise<Seen> {
  const input = onlineInput.parse(step.input);
  const noted = new Set(entry?.notes.map((note) => note.text));
  const taken = input.servers.map(({ vip, rip }) => ({ vip, rip, partly: noted.has(partlyNote(vip, rip)) }));
  const found = await foundOf(parts.deps, input, signal);
  const seen = found.map(({ real }) => real);
  const back = isBack(taken);
  const text = seen
    .map((real) => `${real.name} ${wordOf(real)}${real.weight === null ? '' : `, weight ${real.weight}`}`)
    .join('; ');
  if (seen.some((real) => real.status === null)) return { held: null, seen: text };
  return { held: found.every(({ real, wanted }) => back(real, wanted)), seen: text };
}

async function proveSnapshot(parts: PlanKindParts, step: PlanStep, entry: JournalEntry | undefined): Promise<Seen> {
  const { windowsId } = snapshotInput.parse(step.input);
  const noted = entry?.notes
    .map((note) => /SHA-256 ([0-9a-f]{64})/.exec(note.text)?.[1])
    .find((text) => text !== undefined);
  if (noted === undefined) return { held: null, seen: `no snapshot of ${windowsId} in the journal` };
  const kept = await parts.store.snapshotBySha(windowsId, noted);
  return kept === null
    ? { held: false, seen: 'it is not kept any more' }
    : { held: true, seen: `SHA-256 ${kept.sha256.slice(0, 8)}…${kept.sha256.slice(-4)}` };
}

async function proveWire(parts: PlanKindParts, step: PlanStep, signal: AbortSignal): Promise<Seen> {
  const input = wireInput.parse(step.input);
  const seen = [];
  for (const address of input.addresses) seen.push(await askWire(parts, input, address, signal));
  const held = seen.some((item) => item.held === false) ? false : seen.some((item) => item.held === null) ? null : true;
  return { held, seen: seen.map((item) => item.seen).join('; ') };
}
