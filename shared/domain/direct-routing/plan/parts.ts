import type { PlanAction, PlanStep } from '../../../contract/plans';
import type { ServiceStanding } from '../guard';
import type { WindowsOperation } from '../operations';

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
  /** What becomes of the server when connections go on after that: it is changed all the same, or left as it was. */
  readonly whenTimeIsUp: 'go-on' | 'stop';
  /** After so many minutes without a confirmation the server takes everything back; more where the steps need it. */
  readonly revertMinutes: number;
  /** Name of the copy on the server and of its dead-man, without ending. */
  readonly snapshotName: string;
}

export function base(
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

export function onlineAt(input: ServerPlanInput, unit: ActiveUnit): readonly ServiceStanding[] {
  return input.standings.filter((standing) => standing.pairId === unit.pairId && standing.status === 'online');
}

/** Plan inputs are JSON: a copy without anything that is not. */
export function toJson(value: object): PlanStep['input'][string] {
  return JSON.parse(JSON.stringify(value)) as PlanStep['input'][string];
}
