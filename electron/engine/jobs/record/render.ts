import type { JobDetail } from '#shared/contract/jobs';

export interface RecordContext {
  readonly auditSequence: number | null;
  readonly version: string;
}

export function renderRecord(detail: JobDetail, context: RecordContext): string {
  return `<!doctype html><title>${detail.job.number}</title>${context.version}`;
}
