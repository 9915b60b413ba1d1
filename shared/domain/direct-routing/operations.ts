import { z } from 'zod';

/**
 * What can be done to the network of a Windows server, as data. Each operation has one PowerShell file of the same
 * name; the practice servers act on the same data. All are idempotent: run twice, the second changes nothing.
 */

/** The Microsoft KM-TEST Loopback Adapter. Names are localised and can be changed; this cannot. */
export const loopbackHardwareId = '*MSLOOP';

export const family = z.enum(['IPv4', 'IPv6']);
export type Family = z.infer<typeof family>;

/**
 * Which adapter is meant. Every criterion that is not `null` must match and exactly one adapter must be left, otherwise
 * the operation fails and touches nothing: `Set-NetIPInterface` without a filter would change every interface [D].
 */
export const adapterRef = z.strictObject({
  hardwareId: z.literal(loopbackHardwareId).nullable(),
  deviceId: z.string().min(1).max(400).nullable(),
  index: z.number().int().positive().nullable(),
});
export type AdapterRef = z.infer<typeof adapterRef>;

const address = z.string().min(2).max(64);
const netbios = z.enum(['default', 'on', 'off']);

/** A plain file name without folder or ending. */
const plainName = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/);
/** `80`, `8000-8010` or `Any`. */
const portRange = z.string().regex(/^(\d{1,5}(-\d{1,5})?|Any)$/);

/**
 * An inbound rule of ours. Its internal name is `Evenkeel-<name>`, its display name `Evenkeel <name>`, its group
 * `Evenkeel`: no other rule is ever changed or removed.
 */
export const ownFirewallRule = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_ -]{0,79}$/),
  protocol: z.enum(['TCP', 'UDP']),
  ports: z.array(portRange).min(1).max(200),
  profiles: z
    .array(z.enum(['Domain', 'Private', 'Public', 'Any']))
    .min(1)
    .max(4),
});
export type OwnFirewallRule = z.infer<typeof ownFirewallRule>;

/** Operations that set something, each of which can be taken back by others of this kind. */
export const settingOperation = z.discriminatedUnion('operation', [
  /** Installs one loopback adapter where there is none and gives it the name. */
  z.strictObject({
    operation: z.literal('ensure-device'),
    input: z.strictObject({ name: z.string().min(1).max(120) }),
  }),
  /** Removes exactly this loopback adapter; refuses anything that is not one. */
  z.strictObject({ operation: z.literal('remove-device'), input: z.strictObject({ adapter: adapterRef }) }),
  /** Switches components; `others` is what happens to those not named. `netbios: null` leaves it. */
  z.strictObject({
    operation: z.literal('bindings'),
    input: z.strictObject({
      adapter: adapterRef,
      others: z.enum(['off', 'leave']),
      set: z.array(z.strictObject({ component: z.string().min(1).max(120), enabled: z.boolean() })).max(100),
      netbios: netbios.nullable(),
    }),
  }),
  z.strictObject({
    operation: z.literal('interface'),
    input: z.strictObject({
      adapter: adapterRef,
      families: z
        .array(
          z.strictObject({
            family,
            weakHostReceive: z.boolean(),
            weakHostSend: z.boolean(),
            dadTransmits: z.number().int().min(0).max(255),
            dhcp: z.boolean(),
            /** `null`: Windows chooses it. */
            metric: z.number().int().min(1).max(9999).nullable(),
          }),
        )
        .min(1)
        .max(2),
    }),
  }),
  z.strictObject({
    operation: z.literal('dns'),
    input: z.strictObject({ adapter: adapterRef, register: z.boolean() }),
  }),
  /** Removes, then adds, then corrects, then waits until all added ones are Preferred. */
  z.strictObject({
    operation: z.literal('addresses'),
    input: z.strictObject({
      adapter: adapterRef,
      remove: z.array(address).max(200),
      add: z
        .array(z.strictObject({ address, prefixLength: z.number().int().min(0).max(128), skipAsSource: z.boolean() }))
        .max(200),
      update: z.array(z.strictObject({ address, skipAsSource: z.boolean() })).max(200),
      waitSeconds: z.number().int().min(1).max(120),
    }),
  }),
  z.strictObject({
    operation: z.literal('lan'),
    input: z.strictObject({
      adapter: adapterRef,
      families: z
        .array(z.strictObject({ family, weakHostReceive: z.boolean() }))
        .min(1)
        .max(2),
    }),
  }),
  /** Removes, then adds inbound rules of ours. A rule of the name that differs is set anew. */
  z.strictObject({
    operation: z.literal('firewall'),
    input: z.strictObject({
      add: z.array(ownFirewallRule).max(50),
      remove: z.array(ownFirewallRule.shape.name).max(50),
    }),
  }),
]);
export type SettingOperation = z.infer<typeof settingOperation>;

/** What the dead-man does when nobody confirms in time. */
const takingBack = z.array(settingOperation).min(1).max(50);

export const windowsOperation = z.discriminatedUnion('operation', [
  settingOperation,
  /** Reads everything, changes nothing. Prints one `state` event. */
  z.strictObject({ operation: z.literal('read-state'), input: z.strictObject({}) }),
  /** Writes the state to a file on the server. */
  z.strictObject({ operation: z.literal('snapshot'), input: z.strictObject({ name: plainName }) }),
  /**
   * Lets the server take everything back by itself unless `dead-man-confirm` comes within so many minutes: also without
   * a link, also over a restart. Armed again before it fired, the time starts anew and the new operations count. A name
   * belongs to one change: once it has fired, arming fails with `dead_man_fired`; while one of another name is armed,
   * with `dead_man_armed`. Facts: `name`, `dueAt` (ISO 8601,
   * UTC, the server's clock), `path`, `renewed`.
   */
  z.strictObject({
    operation: z.literal('dead-man-arm'),
    input: z.strictObject({ name: plainName, minutes: z.number().int().min(1).max(1_440), operations: takingBack }),
  }),
  /**
   * The change stays. Fails with `dead_man_fired` when the server took it back meanwhile. Facts: `name`, `was`:
   * `armed`, or `none` for one that was confirmed before or never armed.
   */
  z.strictObject({ operation: z.literal('dead-man-confirm'), input: z.strictObject({ name: plainName }) }),
  /** Reads only. Facts: `name`, `state` (`armed`, `fired`, `none`), `dueAt`, `firedAt`, `outcome`; `null` where none. */
  z.strictObject({ operation: z.literal('dead-man-read'), input: z.strictObject({ name: plainName }) }),
  /** What the scheduled task of `dead-man-arm` runs. Does nothing when it is not armed or not due. */
  z.strictObject({
    operation: z.literal('dead-man-fire'),
    input: z.strictObject({ name: plainName, operations: takingBack }),
  }),
]);

export type WindowsOperation = z.infer<typeof windowsOperation>;
export type OperationName = WindowsOperation['operation'];
export type OperationInput<N extends OperationName> = Extract<WindowsOperation, { operation: N }>['input'];

/** The loopback adapter: the only one of its kind, or the one of this device where there are several. */
export function loopbackRef(deviceId: string | null): AdapterRef {
  return { hardwareId: loopbackHardwareId, deviceId, index: null };
}

/** Adapters that a list of operations names; a step must touch no other. */
export function adaptersNamed(operations: readonly WindowsOperation[]): readonly AdapterRef[] {
  return operations.flatMap((operation) => {
    if (operation.operation === 'dead-man-fire') return adaptersNamed(operation.input.operations);
    return 'adapter' in operation.input ? [operation.input.adapter] : [];
  });
}

const ruleGroup = 'Evenkeel';

/** The display name of a rule of ours, as `WindowsNetworkState` shows it. */
export function ruleTitle(name: string): string {
  return `${ruleGroup} ${name}`;
}
