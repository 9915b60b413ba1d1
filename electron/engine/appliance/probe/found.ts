import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { isSupportedVersion, oldestSupported } from '#shared/domain/versions';
import type { LineChange, ProbeLines } from './lines';

const roleWords = { primary: 'Primary', secondary: 'Secondary', single: 'single unit' } as const;

/** What a reading tells of the unit, of its peer, services and clock, as lines. */
export function showReading(lines: ProbeLines, reading: ApplianceReading): void {
  const { hostname, ha, services } = reading;
  if (hostname !== null) {
    lines.set('webui.identity', { state: 'ok', text: identityText(reading) });
    lines.add({ group: 'found', key: 'found.name', label: 'Name', text: hostname, aside: null, state: 'ok' });
  }
  if (reading.version !== null) lines.set('webui.version', versionLine(reading));
  if (ha.peerAddress !== null) {
    const text = ha.role === 'secondary' ? roleWords.primary : roleWords.secondary;
    const label = ha.peerHostname ?? ha.peerAddress;
    lines.add({ group: 'found', key: 'found.peer', label, text, aside: ha.peerAddress, state: 'ok' });
  }
  if (reading.via !== 'webui') {
    const servers = services.flatMap((service) => service.realServers);
    const machines = new Set(servers.map((server) => server.address)).size;
    const names = services
      .map((service) => service.name)
      .join(', ')
      .slice(0, 1_000);
    lines.add({
      group: 'found',
      key: 'found.services',
      label: counted(services.length, 'service'),
      text: names,
      aside: null,
      state: 'ok',
    });
    const onMachines = `on ${counted(machines, 'machine')}`;
    lines.add({
      group: 'found',
      key: 'found.servers',
      label: counted(servers.length, 'real server'),
      text: onMachines,
      aside: null,
      state: 'ok',
    });
  }
  const offset = reading.clockOffsetSeconds;
  if (offset !== null) {
    const text = Math.abs(offset) < 2 ? 'differs by less than 2 s' : `differs by ${Math.abs(offset)} s`;
    const state = Math.abs(offset) > 300 ? 'warning' : 'ok';
    lines.add({ group: 'found', key: 'found.clock', label: 'Clock', text, aside: null, state });
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function identityText({ hostname, ha }: ApplianceReading): string {
  const name = ha.role === null ? (hostname ?? '') : `${hostname ?? ''}, ${roleWords[ha.role]}`;
  if (ha.peerAddress === null) return name;
  return `${name}; its peer is ${ha.peerHostname ? `${ha.peerHostname} at ` : ''}${ha.peerAddress}`;
}

/** Older than 8.9.1 is a warning: it can be read, but nothing is promised for it. */
export function versionLine(reading: Pick<ApplianceReading, 'version' | 'updateNotice'>): LineChange {
  const supported = isSupportedVersion(reading.version);
  const offered = /\d+\.\d+\.\d+(?:-\d+)?/.exec(reading.updateNotice ?? '')?.[0];
  const text =
    supported === true ? `supported (${oldestSupported} or later)` : `not supported: older than ${oldestSupported}`;
  return {
    state: supported === true ? 'ok' : 'warning',
    text: `${reading.version ?? ''}, ${text}${offered ? `; ${offered} is offered` : ''}`,
  };
}
