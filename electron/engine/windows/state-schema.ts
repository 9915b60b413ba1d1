import { z } from 'zod';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';

// A server's answer is a stranger's: every text has a limit, every list an end.
const text = z.string().max(400);
const count = z.number().int().min(0).max(1_000_000);
const profileName = z.enum(['Domain', 'Private', 'Public']);

const ipInterface = z.strictObject({
  weakHostReceive: z.boolean(),
  weakHostSend: z.boolean(),
  dadTransmits: count,
  dhcp: z.boolean(),
  metric: count.nullable(),
});

const adapter = z.strictObject({
  index: z.number().int().positive(),
  name: text,
  description: text,
  hardwareId: text,
  deviceId: text,
  mac: text,
  status: z.enum(['up', 'down', 'disabled']),
  driverOk: z.boolean(),
  bindings: z.array(z.strictObject({ component: text, enabled: z.boolean() })).max(200),
  netbios: z.enum(['default', 'on', 'off']),
  registersInDns: z.boolean(),
  ipv4: ipInterface.nullable(),
  ipv6: ipInterface.nullable(),
  addresses: z
    .array(
      z.strictObject({
        address: z.string().regex(/^[0-9A-Fa-f:.]{2,45}$/),
        prefixLength: z.number().int().min(0).max(128),
        skipAsSource: z.boolean(),
        state: z.enum(['Preferred', 'Tentative', 'Duplicate', 'Deprecated', 'Invalid']),
      }),
    )
    .max(1_000),
  gateways: z.array(text).max(64),
});

const rule = z.strictObject({
  name: text,
  profiles: z.array(z.enum(['Domain', 'Private', 'Public', 'Any'])).max(4),
  protocol: z.enum(['TCP', 'UDP', 'Any']),
  localPorts: z.array(text).max(500),
});

/** What the read-only script prints, without `readAt`, which is this computer's. */
const printed = z.object({
  computerName: text,
  osName: text,
  osBuild: text,
  serverCore: z.boolean(),
  languageMode: text,
  is64BitProcess: z.boolean(),
  isAdministrator: z.boolean(),
  pendingReboot: z.boolean(),
  clusterPresent: z.boolean(),
  nlbPresent: z.boolean(),
  bootedAt: text.nullable(),
  adapters: z.array(adapter).max(500),
  firewall: z.strictObject({
    profiles: z
      .array(z.strictObject({ name: profileName, enabled: z.boolean() }))
      .max(10)
      .nullable(),
    allowRules: z.array(rule).max(20_000),
  }),
});

const whole = printed.extend({ readAt: z.number() });

/** The state that a server printed, or why it is none. */
export function parseState(
  value: unknown,
  readAt: number,
): { readonly state: WindowsNetworkState } | { readonly fault: string } {
  const parsed = printed.safeParse(value);
  if (parsed.success) return { state: { readAt, ...withoutTime(parsed.data) } };
  const [issue] = parsed.error.issues;
  return { fault: issue === undefined ? 'not a state' : `${issue.path.join('.')}: ${issue.message}` };
}

/** A state that was kept in the database, checked like a fresh one. Throws when it is none. */
export function keptState(value: unknown): WindowsNetworkState {
  return whole.parse(value);
}

function withoutTime(value: z.infer<typeof printed>): Omit<WindowsNetworkState, 'readAt'> {
  const { computerName, osName, osBuild, serverCore, languageMode, is64BitProcess, isAdministrator } = value;
  const { pendingReboot, clusterPresent, nlbPresent, bootedAt, adapters, firewall } = value;
  return {
    computerName,
    osName,
    osBuild,
    serverCore,
    languageMode,
    is64BitProcess,
    isAdministrator,
    pendingReboot,
    clusterPresent,
    nlbPresent,
    bootedAt,
    adapters,
    firewall,
  };
}
