import type { ServerNode, ServiceNode } from '../../contract/overview';
import type { Plan, PlanAction, PlanStep } from '../../contract/plans';
import { EvenkeelError } from '../../errors';

export type AvailabilityAction = 'drain' | 'halt' | 'online';

export interface AvailabilityInput {
  readonly planId: string;
  readonly drawnUpAt: number;
  readonly action: AvailabilityAction;
  readonly server: ServerNode;
  readonly service: ServiceNode;
  /** The other real servers of the service. */
  readonly others: readonly ServerNode[];
  /** The active unit, which gets the command; `null` when it is not known or not read freshly. */
  readonly unit: { readonly id: string; readonly name: string } | null;
  /** All units of the pair: they are locked together. */
  readonly pairUnitIds: readonly string[];
  readonly command: PlanAction | null;
  readonly overrideName: string | null;
  readonly practice: boolean;
}

const wanted = { drain: 'drained', halt: 'halted', online: 'online' } as const;
const titles = { drain: 'Drain', halt: 'Halt', online: 'Bring online' } as const;

/** The status that an action leads to. */
export function statusAfter(action: AvailabilityAction): 'drained' | 'halted' | 'online' {
  return wanted[action];
}

/**
 * The plan that drains, halts or brings online one real server of one virtual service. Throws `stale_reading` when the
 * state is not known freshly, `plan_empty` when it is as wanted already, and `last_healthy_server` when nothing healthy
 * would be left, unless the service's name was given as override.
 */
export function planAvailability(input: AvailabilityInput): Plan {
  const { server, service, others, action, unit, command } = input;
  if (unit === null || command === null || server.stale || server.status === null || server.receives === null) {
    throw new EvenkeelError('stale_reading', {
      unit: unit?.name ?? service.name,
      step: `plan: ${action} ${server.name}`,
      unchanged: 'Nothing was sent.',
      advice: 'Read the pair again; the active unit must answer.',
    });
  }
  if (server.status === wanted[action]) {
    throw new EvenkeelError('plan_empty', { unit: unit.name, step: `${server.name} is ${server.status} already` });
  }
  if (action !== 'online') refuseLast(input);
  const step = oneStep(input, unit, command, server.status);
  return {
    id: input.planId,
    kind: 'overview.availability',
    title: `${titles[action]} ${server.name} on ${service.name}`,
    effect: [effectOn(input), carriesOn(input)].filter((part) => part !== '').join(' '),
    drawnUpAt: input.drawnUpAt,
    unitIds: [...input.pairUnitIds],
    steps: [step],
    changes: [
      {
        unitName: unit.name,
        item: `${service.name}: ${server.name}`,
        before: server.status,
        after: wanted[action],
        changed: true,
      },
    ],
    warnings: warningsOf(input),
    onFailure: 'stop',
    confirmName: null,
    basis: {
      ...{ unitId: unit.id, service: service.name, realServer: server.name, status: server.status },
      carriers: action === 'online' ? [] : others.filter((other) => other.state === 'healthy').map(({ name }) => name),
    },
    practice: input.practice,
  };
}

function oneStep(
  input: AvailabilityInput,
  unit: { readonly id: string; readonly name: string },
  command: PlanAction,
  before: 'online' | 'drained' | 'halted' | 'failed',
): PlanStep {
  const { server, service, action } = input;
  return {
    id: 'availability',
    kind: `appliance.${action}`,
    unitId: unit.id,
    unitName: unit.name,
    title: titles[action],
    sentence: effectOn(input),
    action: command,
    expect: `${server.name} goes from ${before} to ${wanted[action]} on ${service.name}.`,
    promise: `${server.name} is ${wanted[action]} on ${service.name}`,
    risk: action === 'halt' ? 'some' : 'low',
    riskNote: action === 'halt' ? 'Existing connections are dropped.' : null,
    estimateSeconds: 3,
    undo: before === 'failed' ? null : `${server.name} is set back to ${before}.`,
    lane: unit.id,
    input: { unitId: unit.id, service: service.name, realServer: server.name },
  };
}

/** Would nothing healthy be left? A server that is known to serve nobody may go. */
function refuseLast({ server, service, others, action, overrideName, unit }: AvailabilityInput): void {
  const serves = server.receives === true && !(server.state === 'degraded' && server.activeConnections === 0);
  const left = others.filter((other) => other.state === 'healthy');
  if (!serves || left.length > 0 || overrideName === service.name) return;
  const unproved = others.filter((other) => other.receives === true).map((other) => `${other.name} ${other.word}`);
  throw new EvenkeelError('last_healthy_server', {
    unit: unit?.name ?? '',
    step: `plan: ${action} ${server.name}`,
    service: service.name,
    others: unproved,
    unchanged: `${server.name} is in service as before.`,
    advice: `Bring another real server of ${service.name} into service first, or type ${service.name} to go on.`,
  });
}

function effectOn({ server, service, action }: AvailabilityInput): string {
  const open = server.activeConnections;
  const count = open === null ? 'Existing connections' : `${open} ${open === 1 ? 'connection' : 'connections'}`;
  const one = open === 1;
  switch (action) {
    case 'drain':
      return `${server.name} stops receiving new connections on ${service.name}. ${count} ${one ? 'continues' : 'continue'}.`;
    case 'halt':
      return `${server.name} is taken out of ${service.name} at once. ${count} ${one ? 'is' : 'are'} dropped.`;
    case 'online':
      return `${server.name} receives new connections on ${service.name} again${server.weight === null || server.weight === 0 ? '' : `, with weight ${server.weight}`}.`;
  }
}

function carriesOn({ others, action, service }: AvailabilityInput): string {
  if (action === 'online') return '';
  const names = others.filter((other) => other.state === 'healthy').map((other) => other.name);
  const last = names.pop();
  if (last === undefined) return `No healthy real server is left on ${service.name}.`;
  return names.length === 0 ? `${last} carries on.` : `${names.join(', ')} and ${last} carry on.`;
}

function warningsOf({ server, action, others, service, overrideName }: AvailabilityInput): string[] {
  const warnings: string[] = [];
  if (action === 'online' && server.dr === 'fix-missing') {
    warnings.push(`${server.windowsName ?? server.name} lacks the Direct Routing fix: connections sent there hang.`);
  }
  if (action === 'online' && server.dr === 'unknown') {
    warnings.push(`Whether ${server.windowsName ?? server.name} has the Direct Routing fix is not known.`);
  }
  if (action !== 'online' && overrideName !== null && !others.some((other) => other.state === 'healthy')) {
    warnings.push(`This takes the last healthy real server of ${service.name}; its name was typed to allow it.`);
  }
  return warnings;
}
