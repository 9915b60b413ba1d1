import type { PlanAction, PlanStep } from '../../../contract/plans';
import { guardVerdict, type ServiceStanding } from '../guard';
import { base, onlineAt, type ActiveUnit, type ServerPlanInput } from './parts';

export function guardStep(input: ServerPlanInput): PlanStep {
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

export function drainStep(input: ServerPlanInput, unit: ActiveUnit): PlanStep {
  const standings = onlineAt(input, unit);
  const then = input.whenTimeIsUp === 'stop' ? ', then the server is left as it was' : '';
  return {
    ...base(input, `drain/${unit.pairId}`, {
      kind: 'directRouting.drain',
      title: 'Drain',
      sentence: `${labels(standings)}; existing connections go on for up to ${input.drainSeconds} s${then}`,
      action: calls(input, unit, 'drain', standings),
      expect: 'No new connections.',
      promise: 'Weight 0 while the server was changed.',
      risk: 'low',
      riskNote: null,
      estimateSeconds: input.drainSeconds,
      undo: `Brings ${labels(standings)} online again.`,
      input: serversInput(unit, standings, {
        windowsId: input.windowsId,
        timeoutSeconds: input.drainSeconds,
        whenTimeIsUp: input.whenTimeIsUp,
      }),
    }),
    unitId: unit.unitId,
    unitName: unit.unitName,
  };
}

export function onlineStep(input: ServerPlanInput, unit: ActiveUnit): PlanStep {
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

export function wireStep(input: ServerPlanInput, unit: ActiveUnit, addresses: readonly string[]): readonly PlanStep[] {
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
        input: { windowsId: input.windowsId, pairId: unit.pairId, unitId: unit.unitId, addresses: mine },
      }),
      ...unit.asker,
    },
  ];
}

function asked(input: ServerPlanInput, unit: ActiveUnit, address: string): boolean {
  return input.standings.some((standing) => standing.pairId === unit.pairId && standing.address === address);
}

function labels(standings: readonly ServiceStanding[]): string {
  return standings.map((standing) => standing.label).join(', ');
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
    pairId: unit.pairId,
    unitId: unit.unitId,
    servers: standings.map((standing) => ({ vip: standing.serviceName, rip: standing.label })),
    ...more,
  };
}
