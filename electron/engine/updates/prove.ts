import type { JournalEntry, ProofLine } from '#shared/contract/jobs';
import type { Plan, PlanStep } from '#shared/contract/plans';
import { configurationTold } from '#shared/domain/appliance/configuration-told';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { differences, fingerprintOf, lostServers } from '#shared/domain/updates/fingerprint';
import { failoverInput, unitStepInput } from '#shared/domain/updates/step-input';
import { isInstalled } from '#shared/domain/updates/version-rule';
import { basisUnits } from './basis';
import type { UpdateUnits } from './deps';
import { backupEnding, backupHolds } from './steps/backup';
import { readOrNull } from './steps/parts';

type Finding = Pick<ProofLine, 'held' | 'seen'>;

interface ProofInput {
  readonly plan: Plan;
  readonly journal: readonly JournalEntry[];
  readonly units: Pick<UpdateUnits, 'open'>;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Reads every unit once more and answers each step's promise. What happened before the end is told by the journal. */
export async function proveRollout(input: ProofInput): Promise<readonly ProofLine[]> {
  const readings = new Map<string, ApplianceReading | null>();
  for (const unitId of input.plan.unitIds) {
    readings.set(unitId, await readOrNull(await input.units.open(unitId), input.signal));
  }
  const lines: ProofLine[] = [];
  for (const step of input.plan.steps) {
    const entry = input.journal.find((candidate) => candidate.stepId === step.id);
    const found = await find(input, step, entry, readings);
    lines.push({ stepId: step.id, text: step.promise, at: input.now(), ...found });
  }
  return lines;
}

async function find(
  input: ProofInput,
  step: PlanStep,
  entry: JournalEntry | undefined,
  readings: ReadonlyMap<string, ApplianceReading | null>,
): Promise<Finding> {
  const reading = readings.get(step.unitId ?? '') ?? null;
  switch (step.kind) {
    case 'updates.install':
      return reading ? installed(step, reading) : notRead;
    case 'updates.prompts':
      return reading ? promptsOver(reading) : notRead;
    case 'updates.health':
      return reading ? healthy(input.plan, step, reading) : notRead;
    case 'updates.compare':
      return reading ? unchanged(input.plan, step, reading) : notRead;
    case 'updates.failover':
      return handedOver(step, readings);
    case 'updates.backup':
      return backedUp(input, entry);
    case 'updates.upload':
      return tidied(input, step);
    default:
      return fromJournal(entry);
  }
}

const notRead: Finding = { held: null, seen: 'The unit could not be read.' };
const configurationNotRead: Finding = { held: null, seen: 'The configuration of the unit could not be read.' };

function installed(step: PlanStep, reading: ApplianceReading): Finding {
  if (reading.version === null) return notRead;
  const { fileName } = unitStepInput.parse(step.input);
  return { held: isInstalled(reading.version, fileName), seen: `Version ${reading.version}.` };
}

function promptsOver(reading: ApplianceReading): Finding {
  if (!configurationTold(reading)) return configurationNotRead;
  const pending = reading.pendingRestarts;
  return {
    held: pending.length === 0,
    seen: pending.length === 0 ? 'None asked for.' : `Asked: ${pending.join(', ')}.`,
  };
}

/** A unit that stands by may not check its real servers: what it does not tell is unknown, never lost. */
function healthy(plan: Plan, step: PlanStep, reading: ApplianceReading): Finding {
  if (!configurationTold(reading)) return configurationNotRead;
  const before = basisUnits(plan).find((unit) => unit.id === step.unitId)?.state ?? [];
  const now = fingerprintOf(reading).state;
  const lost = lostServers(before, now);
  const unread = lost.filter((server) => now.includes(`${server} not read`));
  const down = lost.filter((server) => !unread.includes(server));
  if (down.length > 0) return { held: false, seen: `Not online: ${down.join(', ')}.` };
  if (unread.length > 0) return { held: null, seen: `Not read: ${unread.join(', ')}.` };
  const online = now.filter((line) => line.endsWith(' online')).length;
  return { held: true, seen: `${online} real servers online, none lost.` };
}

/** Reads the file again; where it is and what it was stand in the journal. */
async function backedUp(input: ProofInput, entry: JournalEntry | undefined): Promise<Finding> {
  const notes = entry?.notes.flatMap((note) => (note.code ? [note.text] : [])) ?? [];
  const sha256 = notes.findLast((text) => text.startsWith('SHA-256 '))?.slice(8) ?? '';
  const path = notes.findLast((text) => text.endsWith(backupEnding)) ?? '';
  const held = await backupHolds({ path, sha256 }, input.signal);
  return { held, seen: held ? `SHA-256 ${sha256}, read again.` : 'It is not there, or differs.' };
}

function unchanged(plan: Plan, step: PlanStep, reading: ApplianceReading): Finding {
  const before = basisUnits(plan).find((unit) => unit.id === step.unitId);
  if (!before) return { held: null, seen: 'The plan holds no state of this unit.' };
  if (!configurationTold(reading)) return configurationNotRead;
  const { gone, added } = differences(before.configuration, fingerprintOf(reading).configuration);
  const count = gone.length + added.length;
  const seen = count === 0 ? `${before.configuration.length} lines as before.` : [...gone, ...added].join('; ');
  return { held: count === 0, seen: seen.slice(0, 2_000) };
}

function handedOver(step: PlanStep, readings: ReadonlyMap<string, ApplianceReading | null>): Finding {
  const { fromId, fromName, toId, toName } = failoverInput.parse(step.input);
  const from = readings.get(fromId)?.ha.state ?? null;
  const to = readings.get(toId)?.ha.state ?? null;
  if (from === null || to === null) return { held: null, seen: 'The state of a unit could not be read.' };
  return { held: to === 'active' && from === 'passive', seen: `${toName} ${to}, ${fromName} ${from}.` };
}

async function tidied(input: ProofInput, step: PlanStep): Promise<Finding> {
  const { unitId, stagedPath } = unitStepInput.parse(step.input);
  if (stagedPath === null) return { held: true, seen: 'Nothing was copied.' };
  const appliance = await input.units.open(unitId);
  const [whole, part] = [
    await appliance.stat(stagedPath, input.signal),
    await appliance.stat(`${stagedPath}.part`, input.signal),
  ];
  const left = [whole, part].flatMap((file) => (file ? [`${file.path} (${file.bytes} bytes)`] : []));
  return { held: left.length === 0, seen: left.length === 0 ? 'Nothing left.' : `Left: ${left.join(', ')}.` };
}

function fromJournal(entry: JournalEntry | undefined): Finding {
  const note = entry?.notes.findLast((candidate) => !candidate.code)?.text ?? 'Nothing was noted.';
  return { held: ended(entry), seen: note };
}

function ended(entry: JournalEntry | undefined): boolean {
  return entry?.state === 'done' || entry?.state === 'skipped';
}
