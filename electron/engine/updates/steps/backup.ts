import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stepKind, type StepContext, type StepKind } from '#engine/jobs/step-kind';
import { bytesText } from '#shared/domain/updates/estimates';
import { unitStepInput, type UnitStepInput } from '#shared/domain/updates/step-input';
import { EvenkeelError } from '#shared/errors';
import { digestFile } from '../shelf/digest-file';
import { openUnit, type StepParts } from './parts';

/** How the name of a backup ends. */
export const backupEnding = '.backup';

/** A full backup to this computer, read back from the disk. It stays, whatever becomes of the rollout. */
export function backupStep(parts: StepParts): StepKind {
  return stepKind<UnitStepInput>({
    kind: 'updates.backup',
    input: unitStepInput,
    whenInterrupted: 'resume',
    inspect: async (context) => ((await backupHolds(context.recall(), context.signal)) ? 'done' : 'not-done'),
    undo: null,
    run: async (context, input) => {
      const appliance = await openUnit(parts, context, input);
      await mkdir(parts.backupFolder, { recursive: true, mode: 0o700 });
      const path = join(parts.backupFolder, fileNameOf(input, context));
      const part = `${path}.part`;
      try {
        // The driver ends the stream, also on failure.
        const taken = await appliance.backup(createWriteStream(part, { mode: 0o600 }), null, context.signal);
        const sha256 = await digestFile(part, 'sha256', context.signal);
        const { size } = await stat(part);
        if (size === 0 || size !== taken.bytes || sha256 !== taken.sha256) throw damaged(input, size, taken.bytes);
        await rename(part, path);
        await context.remember({ path, sha256, bytes: size });
        context.note(`${bytesText(size)}, read back and compared.`);
        context.note(path, { code: true });
        context.note(`SHA-256 ${sha256}`, { code: true });
      } finally {
        await rm(part, { force: true });
      }
      return 'done';
    },
  });
}

/** Is the remembered file on the disk, with its digest? */
export async function backupHolds(memory: ReturnType<StepContext['recall']>, signal: AbortSignal): Promise<boolean> {
  const { path, sha256 } = memory;
  if (typeof path !== 'string' || typeof sha256 !== 'string') return false;
  try {
    return (await digestFile(path, 'sha256', signal)) === sha256;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

function fileNameOf(input: UnitStepInput, context: StepContext): string {
  const unit = input.unitName.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 60);
  const at = new Date(context.now()).toISOString().replace(/[:.]/g, '-');
  return `${unit}-${input.fromVersion.replace(/[^0-9.-]/g, '')}-${at}${backupEnding}`;
}

function damaged(input: UnitStepInput, size: number, sent: number): EvenkeelError {
  return new EvenkeelError('command_failed', {
    unit: input.unitName,
    step: 'Backup',
    reason: `${size} bytes were kept of ${sent} sent.`,
    unchanged: `${input.unitName} was not changed.`,
    advice: 'Take the backup again.',
  });
}
