import { z } from 'zod';
import { forwardingMethods } from '../domain/forwarding';
import { empty, errorShape, id, label, port, state, text, time } from './common';
import { command, query, stream } from './define';
import { plan } from './plans';

const freshness = {
  /** When the values were read; `null`: never. */
  readAt: time.nullable(),
  /** Older than twice the poll interval: its state is shown as unknown, its values greyed. */
  stale: z.boolean(),
  /** Since when it is in this state, as far as this program has seen. */
  since: time.nullable(),
};

const count = z.number().int().nonnegative().nullable();
const rate = z.number().nonnegative().nullable();

export const siteNode = z.strictObject({
  kind: z.literal('site'),
  id,
  name: label,
  practice: z.boolean(),
  order: z.number().int(),
});

export const pairNode = z.strictObject({
  kind: z.literal('pair'),
  id,
  siteId: id,
  name: label,
  state,
  /** `in sync`, `two versions`, `updating`, `both active`, `one unit` … */
  word: label,
  heartbeatSeconds: z.number().nonnegative().nullable(),
  order: z.number().int(),
  ...freshness,
});

export const unitNode = z.strictObject({
  kind: z.literal('unit'),
  id,
  pairId: id,
  name: label,
  address: z.string(),
  version: z.string().nullable(),
  role: z.enum(['primary', 'secondary', 'single']).nullable(),
  haState: z.enum(['active', 'passive']).nullable(),
  state,
  word: label,
  via: z.enum(['ssh', 'api', 'webui']).nullable(),
  error: errorShape.nullable(),
  /** A job that holds the unit. */
  job: z
    .strictObject({ jobId: id, number: z.number().int(), title: text, fraction: z.number().min(0).max(1).nullable() })
    .nullable(),
  order: z.number().int(),
  ...freshness,
});

export const serviceNode = z.strictObject({
  kind: z.literal('service'),
  id,
  pairId: id,
  name: label,
  layer: z.union([z.literal(4), z.literal(7)]),
  address: z.string(),
  ports: z.string(),
  protocol: z.string().nullable(),
  method: z.enum(forwardingMethods).nullable(),
  state,
  /** For example `1 of 3 needs DR fix`. */
  word: label,
  check: text.nullable(),
  onFallback: z.boolean().nullable(),
  activeConnections: count,
  inactiveConnections: count,
  connectionsPerSecond: rate,
  order: z.number().int(),
  ...freshness,
});

/** The server's side of Direct Routing. `not-needed`: the service does not use Direct Routing. */
export const drVerdict = z.enum(['proved', 'fix-missing', 'unknown', 'not-needed']);

export const serverNode = z.strictObject({
  kind: z.literal('server'),
  id,
  serviceId: id,
  pairId: id,
  /** The real server's label. */
  name: label,
  address: z.string(),
  port: port.nullable(),
  windowsId: id.nullable(),
  windowsName: label.nullable(),
  state,
  word: label,
  /** Does the appliance send new connections here? */
  receives: z.boolean().nullable(),
  status: z.enum(['online', 'drained', 'halted', 'failed']).nullable(),
  checkText: text.nullable(),
  activeConnections: count,
  inactiveConnections: count,
  connectionsPerSecond: rate,
  weight: count,
  dr: drVerdict,
  /** For example `no address`. */
  drWord: label,
  drReadAt: time.nullable(),
  order: z.number().int(),
  ...freshness,
});

export const overviewNode = z.discriminatedUnion('kind', [siteNode, pairNode, unitNode, serviceNode, serverNode]);

export const transition = z.strictObject({
  id,
  at: time,
  siteId: id,
  nodeId: id,
  nodeName: label,
  kind: z.enum(['state', 'failover']),
  from: state.nullable(),
  to: state,
  text,
});

export type SiteNode = z.infer<typeof siteNode>;
export type PairNode = z.infer<typeof pairNode>;
export type UnitNode = z.infer<typeof unitNode>;
export type ServiceNode = z.infer<typeof serviceNode>;
export type ServerNode = z.infer<typeof serverNode>;
export type OverviewNode = z.infer<typeof overviewNode>;
export type DrVerdict = z.infer<typeof drVerdict>;
export type Transition = z.infer<typeof transition>;

export const overviewCalls = {
  'overview.nodes': query({
    about: 'Every node of the overview as it is known now.',
    input: empty,
    output: z.array(overviewNode),
  }),
  'overview.read': command({
    about: 'Reads appliances and Windows servers now instead of at their next turn; all of them when none is named.',
    input: z.strictObject({ unitIds: z.array(id).max(1_000).default([]) }),
    output: z.strictObject({
      read: z.number().int(),
      failed: z.array(z.strictObject({ unitId: id, error: errorShape })),
    }),
    deadlineMs: 120_000,
  }),
  'overview.history': query({
    about: 'State changes since a time, oldest first.',
    input: z.strictObject({ since: time, limit: z.number().int().min(1).max(10_000).default(2_000) }),
    output: z.array(transition),
  }),
  'overview.planAvailability': command({
    about: 'Draws up the plan that drains, halts or brings online one real server.',
    input: z.strictObject({
      nodeId: id,
      action: z.enum(['drain', 'halt', 'online']),
      /** The service name typed to override the refusal to take its last healthy server. */
      overrideName: z.string().max(120).nullable().default(null),
    }),
    output: plan,
  }),
};

export const overviewStreams = {
  'overview.live': stream({ about: 'The nodes of the overview by id.', input: empty, item: overviewNode }),
  'overview.transitions': stream({
    about: 'State changes of the last hours, by id.',
    input: z.strictObject({ hours: z.number().min(0.1).max(72).default(4) }),
    item: transition,
  }),
};
