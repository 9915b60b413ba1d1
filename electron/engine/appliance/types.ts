import type { Writable } from 'node:stream';
import type { ApplianceTarget } from '#shared/contract/inventory';
import type { ApplianceReading } from '#shared/domain/appliance/reading';

/** A way to an appliance. Every answer says which one gave it. */
export type ChannelName = 'ssh' | 'api' | 'webui';

/** A target with the name and id under which the inventory knows it. Holds secrets: never log it. */
export type ApplianceAccess = ApplianceTarget & { readonly id: string; readonly name: string };

/** Status words of lbcli [V]. `unknown`: the answer had none of them; then only reading the state again tells. */
export type LbcliStatus = 'success' | 'failed' | 'exists' | 'missing' | 'fatal' | 'unknown';

/** Options of an lbcli call without the leading dashes, for example `{ action: 'drain', vip: 'ICA_WEB' }`. */
export type LbcliCall = { readonly action: string } & Readonly<Record<string, string>>;

export interface LbcliAnswer {
  readonly via: ChannelName;
  readonly status: LbcliStatus;
  /** What the unit said, shortened; for records and the journal. */
  readonly text: string;
  /** Every record of the answer, with password fields removed. */
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

/** A real server within a virtual service, by their labels. */
export interface RealServerRef {
  readonly vip: string;
  readonly rip: string;
}

export interface ArpAnswer {
  readonly via: ChannelName;
  readonly address: string;
  /** Lower-case MAC addresses that answered, in order of first answer; empty when nobody did. */
  readonly macs: readonly string[];
  readonly text: string;
}

export interface CommandOutcome {
  readonly via: ChannelName;
  readonly text: string;
}

export interface Progress {
  readonly bytes: number;
  readonly total: number | null;
}

export interface BackupOutcome {
  readonly via: ChannelName;
  readonly fileName: string | null;
  readonly bytes: number;
  readonly sha256: string;
}

export interface FileOnUnit {
  readonly path: string;
  readonly bytes: number;
}

export interface UploadInput {
  /** A file on this computer. */
  readonly source: string;
  /**
   * Absolute path on the unit. It appears under this name only when it is complete. With `resume`, let it name the
   * content (for example by a digest), so that a part of something else is never continued.
   */
  readonly path: string;
  /** Continues what an earlier, broken upload left under `<path>.part`. Its bytes are digested again from the source. */
  readonly resume: boolean;
  /** The source must have this digest (lower-case hex); otherwise `source_changed` and nothing is renamed. */
  readonly sha256?: string;
  readonly onProgress?: (progress: Progress) => void;
}

export interface UploadOutcome {
  readonly via: ChannelName;
  readonly bytes: number;
  /** Bytes that were there already and were not sent again. */
  readonly resumedAt: number;
  /** SHA-256 of the whole source, computed in the same pass; lower-case hex. */
  readonly sha256: string;
}

export type DigestAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha512';

/** The offline update form as the unit shows it now; field names differ between versions [U]. */
export interface UpdateForm {
  readonly action: string;
  readonly hidden: Readonly<Record<string, string>>;
  readonly archiveField: string;
  readonly checksumField: string;
  /** The button's own field, sent along when it has a name. */
  readonly submit: { readonly name: string; readonly value: string } | null;
}

export interface UpdateFile {
  readonly path: string;
  /** Name under which it is sent. */
  readonly name: string;
}

export interface InstallInput {
  readonly archive: UpdateFile & { readonly bytes: number };
  readonly checksum: UpdateFile;
  /** Bytes of the request that left this computer. At the end the unit works on without further progress. */
  readonly onProgress?: (progress: Progress) => void;
  /** How long the unit may work after the last byte arrived. Default 30 minutes. */
  readonly installTimeoutMs?: number;
}

export interface InstallOutcome {
  readonly via: ChannelName;
  /** The unit said "Update completed successfully" [G]. Read the version back all the same. */
  readonly completed: boolean;
  readonly messages: readonly string[];
  readonly prompts: readonly RestartPrompt[];
}

/** What the unit asks for after an update or a change. `service` is `appliance` for a restart of the whole unit. */
export interface RestartPrompt {
  readonly service: string;
  readonly kind: 'restart' | 'reload';
  readonly text: string;
}

export interface FreeSpace {
  readonly via: ChannelName;
  readonly path: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export type OperationName =
  | 'read'
  | 'lbcli'
  | 'realServerState'
  | 'failover'
  | 'arping'
  | 'upload'
  | 'digest'
  | 'freeSpace'
  | 'backup'
  | 'installUpdate'
  | 'restartService'
  | 'restartAppliance';

/**
 * One appliance over up to three channels. Each operation takes the best channel that has credentials and answers,
 * and says which it used. Every call ends by its own deadline and on the signal, and fails with an `EvenkeelError`
 * that names unit and step. Nothing here knows of jobs, plans or the database.
 */
export interface Appliance {
  readonly id: string;
  readonly name: string;
  /** Channels that could carry this operation with the credentials given, best first; empty when none can. */
  channelsFor(operation: OperationName): readonly ChannelName[];
  /** One round trip over SSH; by API with gaps where there is no SSH. */
  read(signal: AbortSignal): Promise<ApplianceReading>;
  /** Any lbcli action. The status word decides, never the exit status [T]; does not throw on `failed`. */
  lbcli(call: LbcliCall, signal: AbortSignal): Promise<LbcliAnswer>;
  /** Weight 0: existing connections go on [U]. Throws `command_failed` on `failed`, `missing` and `fatal`. */
  drain(server: RealServerRef, signal: AbortSignal): Promise<LbcliAnswer>;
  /** Out at once: existing connections are dropped [U]. */
  halt(server: RealServerRef, signal: AbortSignal): Promise<LbcliAnswer>;
  online(server: RealServerRef, signal: AbortSignal): Promise<LbcliAnswer>;
  /** `standby`: this unit gives its addresses to the peer. `takeover`: it takes them. Returns before it is done. */
  failover(direction: 'standby' | 'takeover', signal: AbortSignal): Promise<CommandOutcome>;
  /** Who answers ARP, or neighbour solicitation for IPv6, for an address in the unit's own network segment. */
  arping(address: string, signal: AbortSignal): Promise<ArpAnswer>;
  /** Space on the file system that holds `path`. */
  freeSpace(path: string, signal: AbortSignal): Promise<FreeSpace>;
  upload(input: UploadInput, signal: AbortSignal): Promise<UploadOutcome>;
  /** Digest of a file on the unit, lower-case hex; `not_found` when there is none. */
  digest(path: string, algorithm: DigestAlgorithm, signal: AbortSignal): Promise<string>;
  /** `null` when there is no such file. */
  stat(path: string, signal: AbortSignal): Promise<FileOnUnit | null>;
  /** Removes one file on the unit; no error when it is not there. */
  removeFile(path: string, signal: AbortSignal): Promise<void>;
  /** Full backup by the WebUI, streamed. Ends `into`. */
  backup(into: Writable, passphrase: string | null, signal: AbortSignal): Promise<BackupOutcome>;
  readUpdateForm(signal: AbortSignal): Promise<UpdateForm>;
  /** Reads the live form, sends both files and waits for the result. */
  installUpdate(input: InstallInput, signal: AbortSignal): Promise<InstallOutcome>;
  /** Restart or reload of one service, for example `haproxy` or `heartbeat`. */
  restartService(prompt: Pick<RestartPrompt, 'service' | 'kind'>, signal: AbortSignal): Promise<CommandOutcome>;
  restartAppliance(signal: AbortSignal): Promise<CommandOutcome>;
  /** Ends every connection. Running calls fail with `aborted`. */
  close(): Promise<void>;
}
