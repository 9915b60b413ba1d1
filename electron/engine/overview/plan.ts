import { randomUUID } from 'node:crypto';
import { lbcliCommand } from '#engine/appliance/index';
import type { InventoryFace } from '#engine/inventory/index';
import type { CallArguments } from '#shared/contract/index';
import type { ServerNode } from '#shared/contract/overview';
import type { Plan, PlanAction } from '#shared/contract/plans';
import { planAvailability } from '#shared/domain/overview/index';
import { EvenkeelError } from '#shared/errors';
import type { Board } from './board';

/** Draws up the plan for one node of the overview; see the domain's `planAvailability` for its refusals. */
export async function drawAvailability(
  input: CallArguments<'overview.planAvailability'>,
  board: Board,
  inventory: InventoryFace,
  now: number,
): Promise<Plan> {
  const server = board.nodes.get(input.nodeId);
  const service = server?.kind === 'server' ? board.nodes.get(server.serviceId) : undefined;
  if (server?.kind !== 'server' || service?.kind !== 'service') {
    throw new EvenkeelError('not_found', { step: 'plan', nodeId: input.nodeId, advice: 'Name a real server.' });
  }
  const units = board.unitsOf(server.pairId);
  const activeId = board.activeUnitOf(server.pairId);
  const unit = units.find((item) => item.id === activeId) ?? null;
  const others = [...board.nodes.values()].filter(
    (node): node is ServerNode => node.kind === 'server' && node.serviceId === service.id && node.id !== server.id,
  );
  const call = { action: input.action, vip: service.name, rip: server.name };
  return planAvailability({
    planId: `plan-${randomUUID()}`,
    drawnUpAt: now,
    ...{ action: input.action, overrideName: input.overrideName, server, service, others, unit },
    pairUnitIds: units.map((item) => item.id),
    command: unit === null ? null : await describeCall(inventory, unit.id, call),
    practice: units.some((item) => item.practice),
  });
}

/** The exact text that a call of lbcli sends to this unit, by the channel that it will take. */
export async function describeCall(
  inventory: InventoryFace,
  unitId: string,
  call: { readonly action: string } & Readonly<Record<string, string>>,
): Promise<PlanAction> {
  const appliance = await inventory.units.appliance(unitId);
  const record = inventory.record(unitId);
  const [via] = appliance.channelsFor('lbcli');
  if (record?.kind !== 'appliance' || via === undefined) {
    throw new EvenkeelError('channel_unavailable', {
      unit: appliance.name,
      step: `plan: ${call.action}`,
      unchanged: 'Nothing was sent.',
      advice: 'Give the unit a login for SSH or for the HTTPS API.',
    });
  }
  const { settings } = record;
  const line = lbcliCommand(call, settings.sshUsername ?? 'root');
  if (via === 'ssh') return { via, kind: 'command', text: line };
  const request = `POST https://${settings.address}:${settings.webuiPort}/api/v2/\n${JSON.stringify({ lbcli: [call] })}`;
  return { via, kind: 'request', text: request };
}
