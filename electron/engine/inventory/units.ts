import { z } from 'zod';
import type { Appliance, ApplianceAccess } from '#engine/appliance/index';
import { apiLogin, sshLogin, webLogin, windowsLogin } from '#shared/contract/inventory';
import { EvenkeelError } from '#shared/errors';
import { hasLogin, waitsForLogin } from './items';
import type { ApplianceRecord, UnitRecord, WindowsRecord } from './records';
import type { UnitSecrets, WindowsAccess, WindowsUnit } from './types';

const secretName = 'login';
const applianceLogins = z.object({
  ssh: sshLogin.nullable(),
  webui: webLogin.nullable(),
  api: apiLogin.nullable(),
});
export type ApplianceLogins = z.infer<typeof applianceLogins>;
export type WindowsLoginSecret = z.infer<typeof windowsLogin>;

interface UnitsDeps<W extends WindowsUnit> {
  readonly secrets: UnitSecrets;
  readonly createAppliance: (access: ApplianceAccess) => Appliance;
  readonly createWindows: (access: WindowsAccess) => W;
  readonly record: (unitId: string) => UnitRecord | undefined;
  readonly logUnexpected: (error: unknown, step: string) => void;
}

/**
 * The live objects of the units, made when first asked for and closed when their unit is removed or pinned again. All
 * capabilities share them, so that a unit has one connection. A unit whose identity changed is refused here: nothing
 * is sent to it until a person has pinned it again.
 */
export class Units<W extends WindowsUnit = WindowsUnit> {
  private readonly appliances = new Map<string, Promise<Appliance>>();
  private readonly servers = new Map<string, Promise<W>>();
  /** Practice logins are no secrets: they are never stored, so that practice needs no keystore. */
  private readonly practiceLogins = new Map<string, string>();

  constructor(private readonly deps: UnitsDeps<W>) {}

  /** Throws `not_found`, `secret_missing`, `secrets_locked`, or the unit's identity alarm. */
  appliance(unitId: string): Promise<Appliance> {
    const record = this.usable(unitId);
    if (record instanceof EvenkeelError) return Promise.reject(record);
    if (record.kind !== 'appliance') return Promise.reject(new EvenkeelError('not_found', { unit: record.name }));
    return kept(this.appliances, unitId, async () => this.deps.createAppliance(await this.applianceAccess(record)));
  }

  /** Throws like `appliance`. */
  windows(unitId: string): Promise<W> {
    const record = this.usable(unitId);
    if (record instanceof EvenkeelError) return Promise.reject(record);
    if (record.kind !== 'windows') return Promise.reject(new EvenkeelError('not_found', { unit: record.name }));
    return kept(this.servers, unitId, async () => this.deps.createWindows(await this.windowsAccess(record)));
  }

  /** Closes the live object of a unit; the next use makes a new one. */
  async forget(unitId: string): Promise<void> {
    const live = [this.appliances.get(unitId), this.servers.get(unitId)];
    this.appliances.delete(unitId);
    this.servers.delete(unitId);
    for (const unit of live) {
      try {
        await (await unit)?.close();
      } catch (error) {
        // One that never came about, or whose connection is gone already, has nothing left to close.
        if (!(error instanceof EvenkeelError)) this.deps.logUnexpected(error, 'closing a unit');
      }
    }
  }

  async close(): Promise<void> {
    const ids = new Set([...this.appliances.keys(), ...this.servers.keys()]);
    await Promise.all([...ids].map((id) => this.forget(id)));
  }

  async keepApplianceLogins(unitId: string, logins: ApplianceLogins): Promise<void> {
    await this.deps.secrets.put(unitId, secretName, JSON.stringify(logins));
  }

  async keepWindowsLogin(unitId: string, login: WindowsLoginSecret): Promise<void> {
    await this.deps.secrets.put(unitId, secretName, JSON.stringify(login));
  }

  /** Of a practice unit: kept in memory, and given again whenever the practice site is opened. */
  keepPracticeLogin(unitId: string, login: ApplianceLogins | WindowsLoginSecret): void {
    this.practiceLogins.set(unitId, JSON.stringify(login));
  }

  private usable(unitId: string): UnitRecord | EvenkeelError {
    const record = this.deps.record(unitId);
    if (!record) return new EvenkeelError('not_found', { step: 'inventory', unitId });
    if (record.alarm) return new EvenkeelError(record.alarm.code, record.alarm.details, record.alarm.message);
    return hasLogin(record) ? record : waitsForLogin(record.name);
  }

  private async applianceAccess(record: ApplianceRecord): Promise<ApplianceAccess> {
    const { settings } = record;
    const logins = applianceLogins.parse(JSON.parse(await this.secret(record)));
    const { host, sshPort, webuiPort, snmpPort, pins, giveUpSeconds } = settings;
    return { id: record.id, name: record.name, host, sshPort, webuiPort, snmpPort, pins, giveUpSeconds, ...logins };
  }

  private async windowsAccess(record: WindowsRecord): Promise<WindowsAccess> {
    const { host, port, transport, pins, way } = record.settings;
    const login = record.settings.login ? windowsLogin.parse(JSON.parse(await this.secret(record))) : null;
    return { id: record.id, name: record.name, host, port, transport, pins, way, login };
  }

  private async secret(record: UnitRecord): Promise<string> {
    if (!record.practice) return this.deps.secrets.get(record.id, secretName);
    const login = this.practiceLogins.get(record.id);
    if (login !== undefined) return login;
    throw new EvenkeelError('practice_not_running', { unit: record.name, step: 'login' });
  }
}

function kept<T>(map: Map<string, Promise<T>>, id: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(id);
  if (known) return known;
  const made = make();
  map.set(id, made);
  // A failure is not kept: the next use tries again.
  made.catch(() => {
    if (map.get(id) === made) map.delete(id);
  });
  return made;
}
