import type { Appliance, UpdateForm } from '#engine/appliance/index';
import { configurationTold } from '#shared/domain/appliance/configuration-told';
import type { RolloutUnit } from '#shared/domain/updates/rollout-order';
import { fingerprintOf } from '#shared/domain/updates/fingerprint';
import { EvenkeelError } from '#shared/errors';
import type { KnownUnit, UpdateUnits } from './deps';
import { isUnreachable } from './steps/parts';

/**
 * Reads every unit of a pair for a plan: state, configuration and the live form. Throws `form_not_understood`, or what
 * the driver says of its link, identity and login.
 */
export async function readPair(
  units: Pick<UpdateUnits, 'open'>,
  known: readonly KnownUnit[],
  signal: AbortSignal,
): Promise<readonly RolloutUnit[]> {
  return Promise.all(known.map((unit) => readUnit(units, unit, signal)));
}

async function readUnit(units: Pick<UpdateUnits, 'open'>, unit: KnownUnit, signal: AbortSignal): Promise<RolloutUnit> {
  try {
    const appliance = await units.open(unit.id);
    const reading = await appliance.read(signal);
    if (!configurationTold(reading)) {
      throw new EvenkeelError('answer_not_understood', {
        unit: unit.name,
        step: 'plan',
        reason: 'Its configuration could not be read, so nothing could be compared after the update.',
        advice: 'Give this unit a login that may read its configuration, by SSH or by the API.',
      });
    }
    const form = await appliance.readUpdateForm(signal);
    return {
      id: unit.id,
      name: unit.name,
      practice: unit.practice,
      role: reading.ha.role,
      haState: reading.ha.state,
      version: reading.version,
      peerAlive: reading.ha.peerAlive,
      stageable: canStage(appliance),
      services: reading.services.map((service) => service.name),
      realServers: reading.services.reduce((sum, service) => sum + service.realServers.length, 0),
      floatingAddresses: reading.ha.floatingAddresses,
      ...fingerprintOf(reading),
      form: factsOf(form),
    };
  } catch (error) {
    if (!(error instanceof EvenkeelError) || !isUnreachable(error)) throw error;
    // The advice of the one who draws up a plan goes before that of the channel.
    const advice = `${unit.name} must answer before its pair can be updated.`;
    throw new EvenkeelError(error.code, { unit: unit.name, ...error.details, advice }, undefined, { cause: error });
  }
}

function canStage(appliance: Appliance): boolean {
  return appliance.channelsFor('upload').length > 0 && appliance.channelsFor('digest').length > 0;
}

function factsOf(form: UpdateForm): RolloutUnit['form'] {
  const hidden = Object.entries(form.hidden).map(([name, value]) => `${name}=${value}`);
  const submit = form.submit ? [`${form.submit.name}=${form.submit.value}`] : [];
  return {
    action: form.action,
    archiveField: form.archiveField,
    checksumField: form.checksumField,
    otherFields: [...hidden, ...submit],
  };
}
