import type { Kysely } from 'kysely';
import type { Appliance, ApplianceAccess } from '#engine/appliance/index';
import type { Schema } from '#engine/database/index';
import type {
  ApiLogin,
  ApplianceTarget,
  ProbeLine,
  SshLogin,
  WebLogin,
  WindowsLogin,
  WindowsTarget,
} from '#shared/contract/inventory';

/** A Windows target with the name and id under which the inventory knows it. Holds secrets: never log it. */
export type WindowsAccess = WindowsTarget & { readonly id: string; readonly name: string };

/** What the inventory needs to know of a live Windows server object. */
export interface WindowsUnit {
  close(): Promise<void>;
}

/** What a Windows server says of itself when it is added. */
export interface WindowsIdentity {
  readonly computerName: string | null;
  readonly osName: string | null;
  /** Addresses of its LAN adapters: never those of a loopback adapter, which are the services' own. */
  readonly addresses: readonly string[];
}

/** Tries a target line by line. Ends with the signal; sends nothing secret to an identity that is not confirmed. */
export type Probe<T> = (target: T, signal: AbortSignal) => AsyncIterable<ProbeLine>;

/** Where secrets are kept, by owner and name. Throws `secret_missing`, `secrets_locked` or `secrets_unavailable`. */
export interface UnitSecrets {
  put(ownerId: string, name: string, clear: string): Promise<void>;
  get(ownerId: string, name: string): Promise<string>;
  /** Removes all secrets of an owner. */
  remove(ownerId: string): Promise<void>;
}

export interface AuditEvent {
  readonly who: string;
  readonly what: string;
  readonly subject: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export interface InventoryDeps<W extends WindowsUnit> {
  readonly db: Kysely<Schema>;
  readonly secrets: UnitSecrets;
  readonly audit: (event: AuditEvent) => Promise<unknown>;
  readonly createAppliance: (access: ApplianceAccess) => Appliance;
  readonly createWindows: (access: WindowsAccess) => W;
  readonly identifyWindows: (server: W, signal: AbortSignal) => Promise<WindowsIdentity>;
  readonly probeAppliance: Probe<ApplianceTarget>;
  readonly probeWindows: Probe<WindowsTarget>;
  /** An unexpected failure of work in the background, for the log. */
  readonly logUnexpected: (error: unknown, step: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A practice appliance: reached on loopback, known by the address it has in the modelled network. */
export interface PracticeAppliance {
  readonly name: string;
  readonly site: string;
  readonly pairName: string;
  readonly role: 'primary' | 'secondary' | 'single';
  readonly host: string;
  readonly modelAddress: string;
  readonly sshPort: number;
  readonly webuiPort: number;
  readonly ssh: SshLogin;
  readonly webui: WebLogin | null;
  readonly api: ApiLogin | null;
  readonly pins: { readonly sshHostKey: string; readonly certificate: string };
}

export interface PracticeWindows {
  readonly name: string;
  readonly site: string;
  readonly host: string;
  readonly modelAddresses: readonly string[];
  readonly port: number;
  readonly transport: 'https' | 'http';
  readonly login: WindowsLogin;
  readonly pins: { readonly certificate: string | null };
}

export interface PracticeUnits {
  readonly appliances: readonly PracticeAppliance[];
  readonly windows: readonly PracticeWindows[];
}
