import { composeScript } from '#engine/windows/index';
import type { PlanAction } from '#shared/contract/plans';
import type { ServiceStanding, Texts } from '#shared/domain/direct-routing/index';
import type { DirectRoutingDeps } from './deps';
import { activeUnits } from './read';

/** Every text is made before the plan, by the drivers that will send it. */
export async function textsFor(deps: DirectRoutingDeps, standings: readonly ServiceStanding[]): Promise<Texts> {
  const units = activeUnits(deps.estate, standings);
  const calls = new Map<string, PlanAction>();
  for (const standing of standings) {
    const unit = units.find((item) => item.pairId === standing.pairId);
    if (unit === undefined) continue;
    for (const action of ['drain', 'online'] as const) {
      const call = { action, vip: standing.serviceName, rip: standing.label };
      calls.set(callKey(unit.unitId, action, call.vip, call.rip), await deps.describeCall(unit.unitId, call));
    }
  }
  return {
    script: composeScript,
    lbcli: (unitId, action, vip, rip) => {
      const call = calls.get(callKey(unitId, action, vip, rip));
      if (call === undefined) throw new Error(`No text for ${action} ${vip} ${rip}`);
      return call;
    },
    arping: (address) => `arping -b -c 3 -w 4 ${address}`,
  };
}

function callKey(...words: readonly string[]): string {
  return words.join('\n');
}
