import { z } from 'zod';
import { channelState, fingerprint, windowsWay } from '#shared/contract/inventory';
import type { ErrorShape } from '#shared/errors';

const port = z.number().int().min(1).max(65_535);
const role = z.enum(['primary', 'secondary', 'single']).nullable();

/** What a person gave for an appliance. Never a secret. */
export const applianceSettings = z.object({
  host: z.string(),
  /** The address by which the network knows it. Differs from `host` for practice units only. */
  address: z.string(),
  sshPort: port.nullable(),
  webuiPort: port,
  snmpPort: port.nullable(),
  pollSeconds: z.number().int(),
  giveUpSeconds: z.number().int(),
  pins: z.object({ sshHostKey: fingerprint.nullable(), certificate: fingerprint.nullable() }),
  tags: z.array(z.string()),
  /** The account of the SSH login, for the exact text of a command; `null` without one. */
  sshUsername: z.string().nullable(),
  /** Channels that a login was given for. */
  logins: z.object({ ssh: z.boolean(), webui: z.boolean(), api: z.boolean() }),
});

/** What an appliance said of itself when it was last read. `null`: not known. */
export const applianceFacts = z.object({
  pairId: z.string(),
  /** Given by the practice site; otherwise it follows from the names of the units. */
  pairName: z.string().nullable(),
  hostname: z.string().nullable(),
  role,
  version: z.string().nullable(),
  updateNotice: z.string().nullable(),
  licence: z.string().nullable(),
  peerAddress: z.string().nullable(),
  floatingAddresses: z.array(z.string()),
  channels: z.object({ ssh: channelState, webui: channelState, api: channelState }),
});

export const windowsSettings = z.object({
  host: z.string(),
  port,
  transport: z.enum(['https', 'http']),
  addresses: z.array(z.string()),
  username: z.string(),
  domain: z.string(),
  /** By whom scripts run there. */
  way: windowsWay.default('stored'),
  /** Is there a stored login? Not for a row of an import that still waits for it, nor for the sign-on alone. */
  login: z.boolean(),
  pins: z.object({ certificate: fingerprint.nullable() }),
  tags: z.array(z.string()),
});

export const windowsFacts = z.object({ osName: z.string().nullable(), computerName: z.string().nullable() });

interface RecordBase {
  readonly id: string;
  readonly name: string;
  readonly site: string;
  readonly practice: boolean;
  readonly sequence: number;
  /** An identity that differs from the pinned one. Stays until a person pins again. */
  readonly alarm: ErrorShape | null;
}

export interface ApplianceRecord extends RecordBase {
  readonly kind: 'appliance';
  readonly settings: z.infer<typeof applianceSettings>;
  readonly facts: z.infer<typeof applianceFacts>;
}

export interface WindowsRecord extends RecordBase {
  readonly kind: 'windows';
  readonly settings: z.infer<typeof windowsSettings>;
  readonly facts: z.infer<typeof windowsFacts>;
}

export type UnitRecord = ApplianceRecord | WindowsRecord;
