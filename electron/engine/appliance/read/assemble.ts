import type { ApplianceReading, ReadingGap, VirtualServiceReading } from '#shared/domain/appliance/reading';
import { EvenkeelError } from '#shared/errors';
import { normalAddress } from '../parsers/address';
import { parseCheckLog } from '../parsers/check-log';
import { parseConfigXml } from '../parsers/config';
import type { ConfigModel, ConfigService } from '../parsers/config-model';
import { parseHaproxyStat, type HaproxyLine } from '../parsers/haproxy-stat';
import { parseHaresources, parseHeartbeatRuns, parseNodeState, parsePeers } from '../parsers/heartbeat';
import { parseIpvs, parseIpvsNumbers } from '../parsers/ipvsadm';
import { parseMarkFiles, parseUpdateNotice, parseVersionFile } from '../parsers/system';
import { layer4State, type Layer4Facts, type ServiceState } from './layer4';
import { layer7State } from './layer7';
import { optionalSections, type SectionName } from './sections';
import { splitSections, type SectionAnswer } from './split';

export interface ReadingMoment {
  readonly nonce: string;
  /** When the command was sent and when its answer was complete: milliseconds since 1970. */
  readonly askedAt: number;
  readonly readAt: number;
}

/**
 * Makes a reading of the answer to `buildReadCommand`. What did not answer or was not understood becomes `null` and a
 * gap; throws `answer_not_understood` only when the answer has no sections at all.
 */
export function assembleReading(text: string, moment: ReadingMoment): ApplianceReading {
  const parts = new SectionReader(splitSections(text, moment.nonce));
  const config = parts.read('config', parseConfigXml);
  const state = parts.read('haState', parseNodeState);
  const facts: Layer4Facts | null = layer4Facts(parts, config, state);
  const haproxy = readHaproxy(parts, config, state);
  const epoch = parts.read('clock', (answer) => (/^\d{9,11}$/.test(answer.trim()) ? Number(answer.trim()) : null));
  const heartbeat = parts.answer('heartbeat');
  const runs = heartbeat ? parseHeartbeatRuns(heartbeat.text, heartbeat.exitStatus) : null;
  const version = parts.read('version', parseVersionFile) ?? config?.version ?? null;
  return {
    readAt: moment.readAt,
    via: 'ssh',
    hostname: parts.read('hostname', firstWord) ?? config?.hostname ?? null,
    version,
    updateNotice: parts.read('updateNotice', parseUpdateNotice),
    licence: parts.read('licence', (answer) => answer.trim().split('\n', 1)[0]?.slice(0, 200) || null),
    clockOffsetSeconds: epoch === null ? null : Math.round(epoch + 0.5 - (moment.askedAt + moment.readAt) / 2_000),
    ha: {
      role: config?.role ?? null,
      state: state ?? (config?.role === 'single' ? 'active' : null),
      peerAddress: config?.peerAddress ?? null,
      peerHostname: config?.peerHostname ?? null,
      peerAlive: runs === true && config?.role !== 'single' ? parts.read('peers', parsePeers, true) : null,
      floatingAddresses: floatingAddresses(parts, config),
    },
    services: (config?.services ?? []).map((service) => serviceReading(service, facts, haproxy, parts)),
    pendingRestarts: config?.pendingRestarts ?? [],
    gaps: parts.gaps,
  };
}

/** Gives sections to their parsers and collects what went wrong as gaps. */
class SectionReader {
  readonly gaps: ReadingGap[] = [];

  constructor(private readonly answers: ReadonlyMap<SectionName, SectionAnswer>) {}

  answer(name: SectionName): SectionAnswer | null {
    return this.answers.get(name) ?? null;
  }

  /** `anyStatus`: the exit status of this command says nothing about its output. */
  read<T>(name: SectionName, parse: (text: string) => T | null, anyStatus = false): T | null {
    const answer = this.answers.get(name);
    const silent = optionalSections.includes(name);
    if (!answer || answer.exitStatus === null) return this.gap(name, 'cut off', silent);
    if (answer.exitStatus !== 0 && !anyStatus) return this.gap(name, firstLine(answer), silent);
    try {
      const value = parse(answer.text);
      return value ?? this.gap(name, 'not understood', silent);
    } catch (error) {
      if (error instanceof EvenkeelError) return this.gap(name, 'not understood', silent);
      throw error;
    }
  }

  gap(section: string, reason: string, silent = false): null {
    if (!silent) this.gaps.push({ section, reason });
    return null;
  }
}

function firstWord(text: string): string | null {
  return /^\s*([A-Za-z0-9._-]{1,253})\s*$/.exec(text)?.[1] ?? null;
}

function firstLine(answer: SectionAnswer): string {
  const line = answer.text
    .trim()
    .split('\n', 1)[0]
    ?.replace(/\p{Cc}/gu, ' ')
    .slice(0, 200);
  return line ? line : `exit status ${answer.exitStatus ?? 'unknown'}`;
}

function layer4Facts(parts: SectionReader, config: ConfigModel | null, state: string | null): Layer4Facts | null {
  if (!config?.services.some((service) => service.layer === 4)) return null;
  const table = parts.read('ipvs', (text) => (/IP Virtual Server/i.test(text) ? parseIpvs(text) : null));
  // A passive unit may keep no table: that tells nothing about its servers.
  if (!table || (table.length === 0 && state === 'passive')) return null;
  const needMarks = table.some((entry) => entry.mark !== null);
  const log = parts.answer('checkLog');
  return {
    table,
    rates: parts.read('ipvsRate', parseIpvsNumbers),
    marks: needMarks ? parts.read('firewallMarks', parseMarkFiles) : null,
    quiescent: config.quiescent,
    checkTexts: log?.exitStatus === 0 ? parseCheckLog(log.text) : new Map(),
  };
}

function readHaproxy(
  parts: SectionReader,
  config: ConfigModel | null,
  state: string | null,
): readonly HaproxyLine[] | null {
  if (!config?.services.some((service) => service.layer === 7)) return null;
  // HAProxy does not run on every passive unit: no statistics there is not a fault.
  if (state === 'passive' && !parts.answer('haproxy')?.text.includes('pxname')) return null;
  return parts.read('haproxy', parseHaproxyStat);
}

function floatingAddresses(parts: SectionReader, config: ConfigModel | null): readonly string[] {
  if (config?.role === 'single') return config.floatingAddresses;
  const listed = parts.read('haresources', parseHaresources) ?? [];
  return [...new Set([...listed, ...(config?.floatingAddresses ?? [])].map(normalAddress))];
}

function serviceReading(
  service: ConfigService,
  facts: Layer4Facts | null,
  haproxy: readonly HaproxyLine[] | null,
  parts: SectionReader,
): VirtualServiceReading {
  const source = service.layer === 4 ? facts : haproxy;
  const state = service.layer === 4 ? facts && layer4State(service, facts) : haproxy && layer7State(service, haproxy);
  if (source && !state)
    parts.gap(service.layer === 4 ? 'ipvs' : 'haproxy', `${service.name} is configured but not running`);
  return { ...configuredService(service), ...(state ?? configuredState(service)) };
}

/** What the configuration alone says of a service. */
export function configuredService(service: ConfigService): Omit<VirtualServiceReading, 'onFallback' | 'realServers'> {
  const { name, layer, address, ports, protocol, method, scheduler, check } = service;
  return { name, layer, address, ports, protocol, method, scheduler, check };
}

/** The state of servers as far as the configuration tells: taken out on purpose, or unknown; never healthy. */
export function configuredState(service: ConfigService): ServiceState {
  return {
    onFallback: null,
    realServers: service.realServers.map((real) => ({
      name: real.name,
      address: real.address,
      port: real.port,
      status: real.wanted === 'in' ? null : real.wanted,
      weight: real.weight,
      activeConnections: null,
      inactiveConnections: null,
      connectionsPerSecond: null,
      checkText: null,
    })),
  };
}
