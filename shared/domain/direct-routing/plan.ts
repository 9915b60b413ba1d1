import type { PlanAction, PlanStep } from '../../contract/plans';
import type { Difference } from './difference';
import { fixOperations, type Phase, type PhaseOperations } from './fix-operations';
import { guardVerdict, type ServiceStanding } from './guard';
import type { WindowsOperation } from './operations';
import type { ServerTarget } from './target';
import { undoOperations } from './undo';
import type { WindowsNetworkState } from '../windows/network-state';
import { sentenceOf } from './sentences';

/** The unit of a pair that carries the traffic: it takes drain and online, and asks the wire. */
export interface ActiveUnit {
  readonly pairId: string;
  readonly unitId: string;
  readonly unitName: string;
  /** The unit that asks the wire: the passive one where it can, because it hears the active one too. */
  readonly asker: { readonly unitId: string; readonly unitName: string };
}

/** The exact texts that will be sent; made by the drivers, so that plan and run never differ. */
export interface Texts {
  script(operations: readonly WindowsOperation[]): string;
  lbcli(unitId: string, action: 'drain' | 'online', serviceName: string, label: string): PlanAction;
  arping(address: string): string;
}

export interface ServerPlanInput {
  readonly windowsId: string;
  readonly name: string;
  readonly standings: readonly ServiceStanding[];
  readonly units: readonly ActiveUnit[];
  readonly texts: Texts;
  readonly drainSeconds: number;
  /** File name of the copy on the server, without ending. */
  readonly snapshotName: string;
}

export interface FixInput extends ServerPlanInput {
  readonly target: ServerTarget;
  readonly difference: Difference;
}

export interface UndoInput extends ServerPlanInput {
  readonly target: ServerTarget | null;
  readonly before: WindowsNetworkState;
  readonly done: readonly WindowsOperation[];
  readonly snapshotId: string;
}

/** The steps of one server's fix, only those needed; empty when the server is right. Step ids begin with the server's. */
export function planFix(input: FixInput): readonly PlanStep[] {
  const parts = fixOperations(input.target, input.difference);
  if (parts.length === 0) return [];
  return fenced(
    input,
    parts.map((part) => windowsStep(input, part, input.difference)),
    { kind: 'target', target: input.target },
    input.target.addresses.map((item) => item.address),
  );
}

/** The steps that bring a server back to its snapshot. */
export function planUndo(input: UndoInput): readonly PlanStep[] {
  const operations = undoOperations(input.done, input.before);
  if (operations.length === 0) return [];
  const step = base(input, 'restore', {
    kind: 'directRouting.restore',
    title: 'Restore',
    sentence: `Takes back ${operations.length} settings from the snapshot, in reverse order`,
    action: { via: 'winrm', kind: 'script', text: input.texts.script(operations) },
    expect: 'The network state is that of the snapshot.',
    promise: 'Every value is as in the snapshot.',
    risk: operations.some((operation) => operation.operation === 'remove-device') ? 'some' : 'low',
    riskNote: operations.some((operation) => operation.operation === 'remove-device') ? 'LAN may blip' : null,
    estimateSeconds: 30,
    undo: 'Puts the settings back that were found before this step.',
    input: { windowsId: input.windowsId, operations: [...operations], snapshotStepId: `${input.windowsId}/snapshot` },
  });
  const addresses = input.target?.addresses.map((item) => item.address) ?? [];
  return fenced(input, [step], { kind: 'snapshot', snapshotId: input.snapshotId }, addresses);
}

type Expected =
  | { readonly kind: 'target'; readonly target: ServerTarget }
  | { readonly kind: 'snapshot'; readonly snapshotId: string };

/** What goes before and after the changes: guard, drain, snapshot … verify, wire, online. */
function fenced(
  input: ServerPlanInput,
  changes: readonly PlanStep[],
  expected: Expected,
  addresses: readonly string[],
): readonly PlanStep[] {
  const drained = input.units.filter((unit) => onlineAt(input, unit).length > 0);
  return [
    guardStep(input),
    ...drained.map((unit) => drainStep(input, unit)),
    snapshotStep(input),
    ...changes,
    verifyStep(input, expected),
    ...input.units.flatMap((unit) => wireStep(input, unit, addresses)),
    ...drained.map((unit) => onlineStep(input, unit)),
  ];
}

function base(
  input: ServerPlanInput,
  name: string,
  step: Omit<PlanStep, 'id' | 'lane' | 'unitId' | 'unitName'>,
): PlanStep {
  return {
    id: `${input.windowsId}/${name}`,
    unitId: input.windowsId,
    unitName: input.name,
    lane: input.windowsId,
    ...step,
  };
}

function onlineAt(input: ServerPlanInput, unit: ActiveUnit): readonly ServiceStanding[] {
  return input.standings.filter((standing) => standing.pairId === unit.pairId && standing.status === 'online');
}

function labels(standings: readonly ServiceStanding[]): string {
  return standings.map((standing) => standing.label).join(', ');
}

function guardStep(input: ServerPlanInput): PlanStep {
  const verdict = guardVerdict(input.standings);
  return base(input, 'guard', {
    kind: 'directRouting.guard',
    title: 'Guard',
    sentence: verdict.sentences.join('; ') || 'The server takes no new connections; nothing is lost',
    action: { via: 'ssh', kind: 'read', text: 'Reads every service of the server again.' },
    expect: 'Another server stays in service in each of its services.',
    promise: 'Every service kept a server in service.',
    risk: 'none',
    riskNote: null,
    estimateSeconds: 1,
    undo: null,
    input: {
      windowsId: input.windowsId,
      services: input.standings.map((standing) => ({
        pairId: standing.pairId,
        unitId: input.units.find((unit) => unit.pairId === standing.pairId)?.unitId ?? null,
        vip: standing.serviceName,
        rip: standing.label,
      })),
    },
  });
}

function drainStep(input: ServerPlanInput, unit: ActiveUnit): PlanStep {
  const standings = onlineAt(input, unit);
  return {
    ...base(input, `drain/${unit.pairId}`, {
      kind: 'directRouting.drain',
      title: 'Drain',
      sentence: `${labels(standings)}; existing connections go on for up to ${input.drainSeconds} s`,
      action: calls(input, unit, 'drain', standings),
      expect: 'No new connections.',
      promise: 'Weight 0 while the server was changed.',
      risk: 'low',
      riskNote: null,
      estimateSeconds: input.drainSeconds,
      undo: `Brings ${labels(standings)} online again.`,
      input: serversInput(unit, standings, { timeoutSeconds: input.drainSeconds }),
    }),
    unitId: unit.unitId,
    unitName: unit.unitName,
  };
}

function onlineStep(input: ServerPlanInput, unit: ActiveUnit): PlanStep {
  const standings = onlineAt(input, unit);
  return {
    ...base(input, `online/${unit.pairId}`, {
      kind: 'directRouting.online',
      title: 'Online',
      sentence: `${labels(standings)}; reads them again`,
      action: calls(input, unit, 'online', standings),
      expect: 'New connections again, as before.',
      promise: `${labels(standings)} in service as before.`,
      risk: 'low',
      riskNote: null,
      estimateSeconds: 10,
      undo: `Drains ${labels(standings)} again before the rest is taken back.`,
      input: serversInput(unit, standings, { drainStepId: `${input.windowsId}/drain/${unit.pairId}` }),
    }),
    unitId: unit.unitId,
    unitName: unit.unitName,
  };
}

/** The calls of one step; all take the same channel. */
function calls(
  input: ServerPlanInput,
  unit: ActiveUnit,
  action: 'drain' | 'online',
  standings: readonly ServiceStanding[],
): PlanAction {
  const all = standings.map((item) => input.texts.lbcli(unit.unitId, action, item.serviceName, item.label));
  const text = all.map((call) => call.text).join('\n');
  return { via: all[0]?.via ?? 'ssh', kind: all[0]?.kind ?? 'command', text };
}

function serversInput(
  unit: ActiveUnit,
  standings: readonly ServiceStanding[],
  more: Readonly<Record<string, string | number>>,
): PlanStep['input'] {
  return {
    unitId: unit.unitId,
    servers: standings.map((standing) => ({ vip: standing.serviceName, rip: standing.label })),
    ...more,
  };
}

function snapshotStep(input: ServerPlanInput): PlanStep {
  return base(input, 'snapshot', {
    kind: 'directRouting.snapshot',
    title: 'Snapshot',
    sentence: `Network state, kept here and on ${input.name}`,
    action: {
      via: 'winrm',
      kind: 'script',
      text: input.texts.script([{ operation: 'snapshot', input: { name: input.snapshotName } }]),
    },
    expect: 'A copy of the state from which everything can be taken back.',
    promise: 'The snapshot is kept and whole.',
    risk: 'none',
    riskNote: null,
    estimateSeconds: 3,
    undo: null,
    input: { windowsId: input.windowsId, name: input.snapshotName },
  });
}

const phaseFacts: Readonly<
  Record<Phase, { title: string; expect: string; promise: string; risk: 'low' | 'some'; seconds: number; undo: string }>
> = {
  install: {
    title: 'Install',
    expect: 'One loopback adapter more.',
    promise: 'One loopback adapter, driver ok, up.',
    risk: 'some',
    seconds: 50,
    undo: 'Removes the adapter that this step installed, and no other.',
  },
  bindings: {
    title: 'Bindings',
    expect: 'Only the protocols of the addresses stay bound.',
    promise: 'Bindings as planned, NetBIOS off.',
    risk: 'low',
    seconds: 4,
    undo: 'Sets every binding and NetBIOS as in the snapshot.',
  },
  interface: {
    title: 'Interface',
    expect: 'The loopback receives and sends for the LAN.',
    promise: 'Weak host on, DAD 0, DHCP off, metric 254, not in DNS.',
    risk: 'low',
    seconds: 2,
    undo: 'Sets the interface values of the snapshot.',
  },
  address: {
    title: 'Address',
    expect: 'Windows takes in packets for the addresses.',
    promise: 'Every address Preferred, SkipAsSource, on no other adapter.',
    risk: 'low',
    seconds: 5,
    undo: 'Removes the addresses added and restores those changed.',
  },
  firewall: {
    title: 'Firewall',
    expect: 'Connections to the service ports come in; no other rule changes.',
    promise: 'An inbound rule lets in every service port.',
    risk: 'low',
    seconds: 4,
    undo: 'Removes the rules added and restores those changed.',
  },
  lan: {
    title: 'LAN',
    expect: 'The LAN adapter takes in packets for the loopback; nothing else on it changes.',
    promise: 'Receive on; LAN address and gateway alike.',
    risk: 'low',
    seconds: 1,
    undo: 'Sets weak host receive of the LAN as in the snapshot.',
  },
};

function windowsStep(input: ServerPlanInput, part: PhaseOperations, difference: Difference): PlanStep {
  const facts = phaseFacts[part.phase];
  return base(input, part.phase, {
    kind: `directRouting.${part.phase}`,
    title: facts.title,
    sentence: sentenceOf(part, difference),
    action: { via: 'winrm', kind: 'script', text: input.texts.script(part.operations) },
    expect: facts.expect,
    promise: facts.promise,
    risk: facts.risk,
    riskNote: facts.risk === 'some' ? 'LAN may blip' : null,
    estimateSeconds: facts.seconds,
    undo: facts.undo,
    input: {
      windowsId: input.windowsId,
      operations: [...part.operations],
      snapshotStepId: `${input.windowsId}/snapshot`,
    },
  });
}

function verifyStep(input: ServerPlanInput, expected: Expected): PlanStep {
  return base(input, 'verify', {
    kind: 'directRouting.verify',
    title: 'Verify',
    sentence:
      expected.kind === 'target'
        ? 'Reads the state back, compares it with After'
        : 'Reads the state back, compares it with the snapshot',
    action: { via: 'winrm', kind: 'read', text: input.texts.script([{ operation: 'read-state', input: {} }]) },
    expect: 'Nothing; it only reads.',
    promise: expected.kind === 'target' ? 'Every value as planned.' : 'Every value as in the snapshot.',
    risk: 'none',
    riskNote: null,
    estimateSeconds: 4,
    undo: null,
    input: { windowsId: input.windowsId, expected: toJson(expected) },
  });
}

function wireStep(input: ServerPlanInput, unit: ActiveUnit, addresses: readonly string[]): readonly PlanStep[] {
  // Neighbours are asked by ARP, which knows IPv4 only.
  const four = addresses.filter((address) => !address.includes(':'));
  const mine = four.filter((address) => input.standings.length === 0 || asked(input, unit, address));
  if (mine.length === 0) return [];
  return [
    {
      ...base(input, `wire/${unit.pairId}`, {
        kind: 'directRouting.wire',
        title: 'Wire',
        sentence: `Only ${unit.unitName} may answer ARP for ${mine.length === 1 ? 'the address' : 'the addresses'}`,
        action: { via: 'ssh', kind: 'read', text: mine.map((address) => input.texts.arping(address)).join('\n') },
        expect: 'Nothing; it only asks.',
        promise: `${input.name} answers ARP for none of the addresses.`,
        risk: 'none',
        riskNote: null,
        estimateSeconds: 6,
        undo: null,
        input: { windowsId: input.windowsId, unitId: unit.unitId, addresses: mine },
      }),
      ...unit.asker,
    },
  ];
}

function asked(input: ServerPlanInput, unit: ActiveUnit, address: string): boolean {
  return input.standings.some((standing) => standing.pairId === unit.pairId && standing.address === address);
}

/** Plan inputs are JSON: a copy without anything that is not. */
function toJson(value: Expected): PlanStep['input'][string] {
  return JSON.parse(JSON.stringify(value)) as PlanStep['input'][string];
}
