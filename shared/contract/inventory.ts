import { z } from 'zod';
import { empty, errorShape, host, id, label, port, text, time } from './common';
import { command, query, stream } from './define';

/** SHA-256 of a host key as OpenSSH prints it, without `SHA256:`; of a certificate as lower-case hex. */
export const fingerprint = z.string().regex(/^[A-Za-z0-9+/=]{43,64}$/);
const secretText = z.string().min(1).max(16_384);

export const sshLogin = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('password'), username: label, password: secretText }),
  z.strictObject({
    kind: z.literal('key'),
    username: label,
    privateKey: secretText,
    passphrase: secretText.nullable(),
  }),
]);
export const webLogin = z.strictObject({ username: label, password: secretText });
export const apiLogin = z.strictObject({ username: label, password: secretText, key: secretText.nullable() });
export const windowsLogin = z.strictObject({
  kind: z.enum(['ntlm', 'basic']),
  username: label,
  password: secretText,
  domain: z.string().max(120),
});

/** By whom scripts run on a server. `automatic`: this computer's sign-on, else the stored account. */
export const windowsWay = z.enum(['automatic', 'sign-on', 'stored']);
export type WindowsWay = z.infer<typeof windowsWay>;

const tags = z.array(z.string().min(1).max(40)).max(20);
export const channelState = z.enum(['ok', 'failed', 'off', 'unknown']);

export const applianceItem = z.strictObject({
  kind: z.literal('appliance'),
  id,
  name: label,
  site: label,
  pairId: id,
  pairName: label,
  role: z.enum(['primary', 'secondary', 'single']).nullable(),
  /** Of a practice unit: its address in the modelled network, although it is reached on loopback. */
  host,
  sshPort: port.nullable(),
  webuiPort: port,
  snmpPort: port.nullable(),
  channels: z.strictObject({ ssh: channelState, webui: channelState, api: channelState }),
  version: z.string().nullable(),
  /** 8.9.1 or newer; `null` while the version is unknown. */
  supported: z.boolean().nullable(),
  updateNotice: z.string().nullable(),
  licence: z.string().nullable(),
  pollSeconds: z.number().int().min(5).max(3_600),
  giveUpSeconds: z.number().int().min(1).max(120),
  pins: z.strictObject({ sshHostKey: fingerprint.nullable(), certificate: fingerprint.nullable() }),
  tags,
  practice: z.boolean(),
  readAt: time.nullable(),
  error: errorShape.nullable(),
});

export const windowsItem = z.strictObject({
  kind: z.literal('windows'),
  id,
  name: label,
  site: label,
  host,
  port,
  transport: z.enum(['https', 'http']),
  /** The addresses by which appliances know it as a real server. */
  addresses: z.array(z.string()).max(64),
  way: windowsWay,
  /** The stored account; empty without one. */
  username: z.string().max(120),
  osName: z.string().nullable(),
  services: z.array(z.strictObject({ pairId: id, pairName: label, serviceName: label, label })),
  pins: z.strictObject({ certificate: fingerprint.nullable() }),
  tags,
  practice: z.boolean(),
  readAt: time.nullable(),
  error: errorShape.nullable(),
});

export const inventoryItem = z.discriminatedUnion('kind', [applianceItem, windowsItem]);

/** What a probe line says. `ask`: a person must confirm the fingerprint. `off`: not there, and not needed. */
export const probeLine = z.strictObject({
  group: z.enum(['ssh', 'webui', 'winrm', 'others', 'rights', 'found']),
  key: id,
  label,
  state: z.enum(['waiting', 'running', 'ok', 'ask', 'warning', 'failed', 'off', 'unknown']),
  text,
  /** For rights: the channel that grants it. For found: an address. */
  aside: z.string().nullable(),
  milliseconds: z.number().nonnegative().nullable(),
  fingerprint: z.strictObject({ algorithm: label, sha256: fingerprint }).nullable(),
  error: errorShape.nullable(),
  order: z.number().int(),
});

export const applianceTarget = z.strictObject({
  host,
  sshPort: port.nullable(),
  webuiPort: port,
  snmpPort: port.nullable(),
  ssh: sshLogin.nullable(),
  webui: webLogin.nullable(),
  api: apiLogin.nullable(),
  /** Fingerprints that a person has confirmed. Without them nothing secret is sent. */
  pins: z.strictObject({ sshHostKey: fingerprint.nullable(), certificate: fingerprint.nullable() }),
  giveUpSeconds: z.number().int().min(1).max(120).default(8),
});

export const windowsTarget = z.strictObject({
  /** `stored` when it is not given. */
  way: windowsWay.optional(),
  host,
  port,
  transport: z.enum(['https', 'http']),
  login: windowsLogin.nullable(),
  pins: z.strictObject({ certificate: fingerprint.nullable() }),
});

export const importRow = z.strictObject({
  line: z.number().int(),
  kind: z.enum(['appliance', 'windows']).nullable(),
  name: z.string(),
  site: z.string(),
  host: z.string(),
  /** `ok`: can be added; the others say why not. */
  verdict: z.enum(['ok', 'known', 'invalid']),
  text,
});

export type ApplianceItem = z.infer<typeof applianceItem>;
export type WindowsItem = z.infer<typeof windowsItem>;
export type InventoryItem = z.infer<typeof inventoryItem>;
export type ProbeLine = z.infer<typeof probeLine>;
export type ApplianceTarget = z.infer<typeof applianceTarget>;
export type WindowsTarget = z.infer<typeof windowsTarget>;
export type ImportRow = z.infer<typeof importRow>;
export type SshLogin = z.infer<typeof sshLogin>;
export type WebLogin = z.infer<typeof webLogin>;
export type ApiLogin = z.infer<typeof apiLogin>;
export type WindowsLogin = z.infer<typeof windowsLogin>;

const placement = { name: label, site: label, tags: tags.default([]) };

export const inventoryCalls = {
  'inventory.list': query({
    about: 'Every appliance and Windows server.',
    input: empty,
    output: z.array(inventoryItem),
  }),
  'inventory.addAppliance': command({
    about: 'Adds an appliance whose fingerprints are confirmed. The pair follows from what the unit says of its peer.',
    input: z.strictObject({
      ...placement,
      target: applianceTarget,
      pollSeconds: z.number().int().min(5).max(3_600).default(10),
    }),
    output: applianceItem,
    deadlineMs: 60_000,
  }),
  'inventory.addWindows': command({
    about: 'Adds a Windows server; it is linked to the services that use one of its addresses.',
    input: z.strictObject({ ...placement, target: windowsTarget, addresses: z.array(host).max(64).default([]) }),
    output: windowsItem,
    deadlineMs: 60_000,
  }),
  'inventory.remove': command({
    about: 'Removes a unit, its pins and its stored secrets. Nothing is sent to it.',
    input: z.strictObject({ unitId: id }),
    output: empty,
  }),
  'inventory.repin': command({
    about: 'Pins a new host key or certificate after a person compared it.',
    input: z.strictObject({ unitId: id, sshHostKey: fingerprint.nullable(), certificate: fingerprint.nullable() }),
    output: empty,
  }),
  'inventory.previewImport': query({
    about: 'Reads a CSV list (kind,name,site,host,port,transport,username,domain,tags) and gives each row its verdict.',
    input: z.strictObject({ csv: z.string().max(2_000_000) }),
    output: z.array(importRow),
  }),
  'inventory.import': command({
    about: 'Adds the chosen rows of a CSV list. Their units stay unread until their login and fingerprint are given.',
    input: z.strictObject({ csv: z.string().max(2_000_000), lines: z.array(z.number().int()).max(10_000) }),
    output: z.strictObject({ added: z.number().int() }),
  }),
};

export const inventoryStreams = {
  'inventory.live': stream({ about: 'Appliances and Windows servers by id.', input: empty, item: inventoryItem }),
  'inventory.probeAppliance': stream({
    about: 'Tries every channel of an appliance, a line each. Only reads.',
    input: applianceTarget,
    item: probeLine,
  }),
  'inventory.probeWindows': stream({
    about: 'Tries a Windows server, a line each. Only reads.',
    input: windowsTarget,
    item: probeLine,
  }),
};
