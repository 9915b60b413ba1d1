import type { ApplianceReading } from './reading';

/**
 * Did the unit tell its configuration? Without it the lists of services and of pending restarts are empty because
 * nothing is known, not because there is nothing: such a reading proves neither health nor sameness.
 */
export function configurationTold(reading: Pick<ApplianceReading, 'via' | 'gaps'>): boolean {
  return reading.via !== 'webui' && !reading.gaps.some((gap) => gap.section === 'config');
}
