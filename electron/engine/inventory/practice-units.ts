import { EvenkeelError } from '#shared/errors';
import { noFacts } from './add';
import type { Inventory } from './inventory';
import type { ApplianceRecord, UnitRecord, WindowsRecord } from './records';
import type { PracticeAppliance, PracticeUnits, PracticeWindows, WindowsUnit } from './types';

/**
 * Puts the units of the practice site into the inventory, or brings their ports, logins and pins up to date when they
 * are there already: their ids follow from their names, so that a job can be resumed after a restart. Throws
 * `practice_mixed` while real units are there.
 */
export async function addPracticeUnits<W extends WindowsUnit>(
  inventory: Inventory<W>,
  units: PracticeUnits,
): Promise<void> {
  await inventory.inTurn(async () => {
    refuseReal(inventory);
    const first = inventory.nextSequence();
    const appliances = units.appliances.map((unit, index) => toAppliance(unit, first + index));
    const windows = units.windows.map((unit, index) => toWindows(unit, first + appliances.length + index));
    const records = [...appliances, ...windows];
    const stay = new Set(records.map((record) => record.id));
    const gone = inventory.allRecords().filter((record) => !stay.has(record.id));
    if (gone.length > 0) await inventory.takeOut(gone.map((record) => record.id));
    for (const record of records) await inventory.units.forget(record.id);
    for (const { name, ssh, webui, api } of units.appliances) {
      inventory.units.keepPracticeLogin(practiceId(name), { ssh, webui, api });
    }
    for (const { name, login } of units.windows) inventory.units.keepPracticeLogin(practiceId(name), login);
    await inventory.put(records.map((record) => keepSequence(inventory, record)));
  });
}

/** Takes every practice unit out. */
export async function removePracticeUnits<W extends WindowsUnit>(inventory: Inventory<W>): Promise<void> {
  await inventory.inTurn(async () => {
    const practice = inventory.allRecords().filter((record) => record.practice);
    if (practice.length > 0) await inventory.takeOut(practice.map((record) => record.id));
  });
}

export function refuseReal<W extends WindowsUnit>(inventory: Inventory<W>): void {
  const real = inventory.allRecords().find((record) => !record.practice);
  if (!real) return;
  throw new EvenkeelError('practice_mixed', {
    unit: real.name,
    step: 'opening the practice site',
    unchanged: 'The practice site was not opened.',
    advice: 'Use another data folder for practice, or remove the real units first.',
  });
}

/** The id of a practice unit; never that of a real one. */
export function practiceId(name: string): string {
  return `practice:${name}`;
}

function keepSequence<W extends WindowsUnit>(inventory: Inventory<W>, record: UnitRecord): UnitRecord {
  const known = inventory.record(record.id);
  return known ? { ...record, sequence: known.sequence } : record;
}

function toAppliance(unit: PracticeAppliance, sequence: number): ApplianceRecord {
  const { name, site, host, sshPort, webuiPort, pins } = unit;
  return {
    kind: 'appliance',
    ...{ id: practiceId(name), name, site, sequence, practice: true, alarm: null },
    settings: {
      ...{ host, address: unit.modelAddress, sshPort, webuiPort, snmpPort: null, pins, tags: ['practice'] },
      ...{ pollSeconds: 10, giveUpSeconds: 8 },
      sshUsername: unit.ssh.username,
      logins: { ssh: true, webui: unit.webui !== null, api: unit.api !== null },
    },
    facts: { ...noFacts, role: unit.role, pairName: unit.pairName, pairId: `practice-pair:${unit.pairName}` },
  };
}

function toWindows(unit: PracticeWindows, sequence: number): WindowsRecord {
  const { name, site, host, port, transport, login, pins } = unit;
  const { username, domain } = login;
  return {
    kind: 'windows',
    ...{ id: practiceId(name), name, site, sequence, practice: true, alarm: null },
    settings: {
      ...{ host, port, transport, way: 'stored', username, domain, login: true, pins, tags: ['practice'] },
      addresses: [...unit.modelAddresses],
    },
    facts: { osName: null, computerName: null },
  };
}
