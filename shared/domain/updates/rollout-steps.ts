import type { PlanStep } from '../../contract/plans';
import { algorithmName, type Checksum } from './checksum-file';
import { bytesText, digestSeconds, phaseSeconds, transferSeconds } from './estimates';
import type { RolloutUnit } from './rollout-order';
import { phaseStepId, type FailoverInput, type Phase, type UnitStepInput } from './step-input';

/** Command lines as the driver sends them; it alone knows them, so the plan asks for them. */
export interface RolloutCommands {
  readonly digest: (path: string, algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512') => string;
  readonly freeSpace: (path: string) => string;
  readonly read: string;
  readonly failover: string;
  readonly arping: (address: string) => string;
  readonly backup: string;
  readonly restart: string;
}

export interface RolloutArchive {
  readonly id: string;
  readonly fileName: string;
  readonly version: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly checksum: Checksum;
}

export interface StretchInput {
  readonly unit: RolloutUnit;
  readonly peer: RolloutUnit | null;
  readonly archive: RolloutArchive;
  readonly stagedPath: string | null;
  readonly backupFolder: string;
  readonly commands: RolloutCommands;
}

type Draft = Omit<PlanStep, 'id' | 'kind' | 'unitId' | 'unitName' | 'lane' | 'input'>;

/** The phases of one unit, in order. Without SSH on it nothing can be staged: the form alone carries the archive then. */
export function unitSteps(stretch: StretchInput): PlanStep[] {
  const { unit, peer, archive } = stretch;
  const input: UnitStepInput = {
    unitId: unit.id,
    unitName: unit.name,
    peerId: peer?.id ?? null,
    peerName: peer?.name ?? null,
    archiveId: archive.id,
    fileName: archive.fileName,
    fromVersion: unit.version ?? '',
    toVersion: archive.version,
    bytes: archive.bytes,
    sha256: archive.sha256,
    checksum: archive.checksum,
    stagedPath: stretch.stagedPath,
  };
  const step = (phase: Phase, draft: Draft): PlanStep => ({
    id: phaseStepId(unit.id, phase),
    kind: `updates.${phase}`,
    unitId: unit.id,
    unitName: unit.name,
    lane: unit.id,
    input: { ...input, checksum: { ...input.checksum } },
    ...draft,
  });
  return [
    step('readiness', readiness(stretch)),
    step('backup', backup(stretch)),
    ...(stretch.stagedPath === null
      ? []
      : [step('upload', upload(stretch, stretch.stagedPath)), step('digest', digest(stretch, stretch.stagedPath))]),
    step('install', install(stretch)),
    step('prompts', prompts(stretch)),
    step('health', health(stretch)),
    step('compare', compare(stretch)),
  ];
}

/** Where the archive will wait, or the WebUI keeps what is sent to it [I]. */
export function stagedFolder(stagedPath: string | null): string {
  return stagedPath === null ? '/tmp' : stagedPath.slice(0, stagedPath.lastIndexOf('/'));
}

const reads = { risk: 'none', riskNote: null, undo: null } as const;

function readiness({ unit, peer, archive, commands, stagedPath }: StretchInput): Draft {
  const space = commands.freeSpace(stagedFolder(stagedPath));
  return {
    ...reads,
    title: 'Readiness',
    sentence: `Checks ${unit.name}${peer ? ` and that ${peer.name} carries the traffic` : ''}, its free space, its update form, and the archive on this computer.`,
    action: {
      via: 'ssh',
      kind: 'read',
      text: `${commands.read}\n${space}\nGET ${unit.form.action}\nSHA-256 of ${archive.fileName} on this computer`,
    },
    expect: 'Nothing is changed.',
    promise: `${unit.name} was found ready before it was touched.`,
    estimateSeconds: phaseSeconds.readiness + digestSeconds(archive.bytes) / 2,
  };
}

function backup({ unit, backupFolder, commands }: StretchInput): Draft {
  return {
    ...reads,
    title: 'Backup',
    sentence: `Takes a full backup of ${unit.name} to this computer and reads it back.`,
    action: { via: 'webui', kind: 'request', text: `${commands.backup}\ninto ${backupFolder}` },
    expect: `A backup file on this computer. Nothing is changed on ${unit.name}.`,
    promise: `The backup of ${unit.name} is on this computer, with the digest it had when it was taken.`,
    estimateSeconds: phaseSeconds.backup,
  };
}

function upload({ unit, archive }: StretchInput, path: string): Draft {
  return {
    title: 'Upload',
    sentence: `Copies the archive to ${unit.name} and checks that it has the room. A cut link is resumed where it broke.`,
    action: {
      via: 'ssh',
      kind: 'upload',
      text: `sftp put ${archive.fileName} ${path}.part\nsftp rename ${path}.part ${path}`,
    },
    expect: `${bytesText(archive.bytes)} at ${path}. Nothing is installed.`,
    promise: `Nothing of the copied archive is left on ${unit.name}.`,
    risk: 'low',
    riskNote: 'Takes room on the unit until the update has been installed.',
    estimateSeconds: transferSeconds(archive.bytes),
    undo: `Remove ${path} and ${path}.part.`,
  };
}

function digest({ unit, archive, commands }: StretchInput, path: string): Draft {
  const { algorithm } = archive.checksum;
  const lines = [
    commands.digest(path, 'sha256'),
    ...(algorithm === 'sha256' ? [] : [commands.digest(path, algorithm)]),
  ];
  return {
    ...reads,
    title: 'Digest',
    sentence: `Digests the copy on ${unit.name} and compares it with the archive and the vendor’s checksum.`,
    action: { via: 'ssh', kind: 'read', text: lines.join('\n') },
    expect: 'Nothing is changed.',
    promise: `The copy on ${unit.name} had the ${algorithmName(algorithm)} of the vendor’s file.`,
    estimateSeconds: digestSeconds(archive.bytes),
  };
}

function install({ unit, peer, archive, stagedPath }: StretchInput): Draft {
  const { form } = unit;
  const fields = [
    ...form.otherFields,
    `${form.archiveField}=@${archive.fileName}`,
    `${form.checksumField}=@${archive.fileName}.${archive.checksum.algorithm}`,
  ];
  const tidy = stagedPath === null ? '' : `sftp rm ${stagedPath}\n`;
  return {
    title: 'Install',
    sentence: `Sends archive and checksum by the offline update form of ${unit.name} and waits until it reports completion.`,
    action: {
      via: 'webui',
      kind: 'request',
      text: `${tidy}POST ${form.action}\nmultipart/form-data\n${fields.join('\n')}`,
    },
    expect: `${unit.name} goes from ${unit.version ?? 'its version'} to ${archive.version}.`,
    promise: `${unit.name} has version ${archive.version}.`,
    risk: peer ? 'some' : 'high',
    riskNote: peer
      ? `If it fails, traffic stays on ${peer.name}. An installed update cannot be taken back by a step; the backup can be restored in the WebUI.`
      : 'Services may be interrupted. An installed update cannot be taken back by a step; the backup can be restored in the WebUI.',
    estimateSeconds: phaseSeconds.install + transferSeconds(archive.bytes),
    undo: null,
  };
}

function prompts({ unit, peer, commands }: StretchInput): Draft {
  return {
    title: 'Prompts',
    sentence: `Restarts or reloads what ${unit.name} asks for, or the unit itself, and waits until it is back.`,
    action: { via: 'webui', kind: 'request', text: commands.restart },
    expect: 'No service asks for a restart any more.',
    promise: `${unit.name} asks for no further restart.`,
    risk: peer ? 'low' : 'some',
    riskNote: peer ? `It stands by: ${peer.name} carries the traffic.` : 'Services are interrupted while they restart.',
    estimateSeconds: phaseSeconds.prompts,
    undo: null,
  };
}

function health({ unit, commands }: StretchInput): Draft {
  return {
    ...reads,
    title: 'Health',
    sentence: `Reads the services and real servers of ${unit.name} until all that were online are online again.`,
    action: { via: 'ssh', kind: 'wait', text: commands.read },
    expect: 'Nothing is changed.',
    promise: `Every real server that ${unit.name} saw online before the update is online.`,
    estimateSeconds: phaseSeconds.health,
  };
}

function compare({ unit, commands }: StretchInput): Draft {
  return {
    ...reads,
    title: 'Compare',
    sentence: `Compares ${unit.name} line by line with its state before the update.`,
    action: { via: 'ssh', kind: 'read', text: commands.read },
    expect: 'No difference but the version.',
    promise: `The configuration of ${unit.name} is as it was when the plan was drawn up.`,
    estimateSeconds: phaseSeconds.compare,
  };
}

/** The one planned failover between the two units. */
export function failoverStep(from: RolloutUnit, to: RolloutUnit, commands: RolloutCommands): PlanStep {
  const addresses = [...from.floatingAddresses];
  const input: FailoverInput = { fromId: from.id, fromName: from.name, toId: to.id, toName: to.name, addresses };
  const watched = addresses.filter((address) => !address.includes(':')).map((address) => commands.arping(address));
  return {
    id: `failover:${from.id}`,
    kind: 'updates.failover',
    unitId: from.id,
    unitName: from.name,
    lane: 'failover',
    input: { ...input },
    title: `Failover to ${to.name}`,
    sentence: `${from.name} gives its addresses to ${to.name}; then each address must be answered by one unit.`,
    action: { via: 'ssh', kind: 'command', text: [commands.failover, ...watched].join('\n') },
    expect: `${to.name} is active, ${from.name} is passive.`,
    promise: `${to.name} carries the traffic and ${from.name} stands by.`,
    risk: 'some',
    riskNote: 'New connections wait for about a second; connections of layer 7 services are cut.',
    estimateSeconds: phaseSeconds.failover,
    undo: `Take the addresses back on ${from.name}.`,
  };
}
