import type { JobDetail, JobSummary } from '#shared/contract/jobs';

/** Writes times for people, always with the zone at least once beside them. */
export class Clock {
  private readonly day: Intl.DateTimeFormat;
  private readonly hour: Intl.DateTimeFormat;

  constructor(timeZone: string | undefined) {
    const zone = timeZone === undefined ? {} : { timeZone };
    const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
    const date = { day: 'numeric', month: 'short', year: 'numeric' } as const;
    this.day = new Intl.DateTimeFormat('en-GB', { ...zone, ...date, ...time, timeZoneName: 'short' });
    this.hour = new Intl.DateTimeFormat('en-GB', { ...zone, ...time });
  }

  /** `22 Nov 2026 02:04:22 GMT` */
  full(at: number): string {
    return this.day.format(at).replace(',', '');
  }

  /** `02:04:22` */
  short(at: number): string {
    return this.hour.format(at);
  }
}

/** `under 0.1 s`, `1.2 s`, `48 s`, `3 min 31 s`, `2 h 5 min`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  if (seconds < 0.1) return 'under 0.1 s';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

export type Tone = 'good' | 'warn' | 'bad' | 'quiet';

/** How a job stands, in a word or two. */
export function outcome(job: JobSummary): { readonly tone: Tone; readonly words: string } {
  switch (job.state) {
    case 'succeeded':
      return job.verdict === 'proved'
        ? { tone: 'good', words: 'done and proved' }
        : { tone: 'warn', words: 'done, not proved' };
    case 'failed':
      return { tone: 'bad', words: job.error?.code === 'proof_failed' ? 'done, promises broken' : 'failed' };
    case 'undone':
      return { tone: 'warn', words: 'taken back' };
    case 'cancelled':
      return { tone: 'quiet', words: 'cancelled' };
    case 'waiting':
      return { tone: 'warn', words: 'waits for a person' };
    case 'queued':
    case 'running':
    case 'undoing':
      return { tone: 'quiet', words: job.state === 'undoing' ? 'being taken back' : 'not ended' };
  }
}

/** The verdict as a sentence. It claims no more than was read. */
export function verdict({ job, proof, journal }: JobDetail): string {
  const held = proof.filter((line) => line.held === true).length;
  const unread = proof.filter((line) => line.held === null).length;
  const broken = proof.length - held - unread;
  if (job.state === 'undone') {
    const undone = journal.filter((entry) => entry.state === 'undone').length;
    return `The job was taken back: ${undone} ${undone === 1 ? 'step' : 'steps'}, of which ${held} read as before.`;
  }
  if (job.verdict === 'proved') return `Every promise holds, ${held} of ${proof.length}.`;
  if (proof.length === 0) return 'Nothing was proved.';
  const parts = [`${held} of ${proof.length} promises hold`];
  if (broken > 0) parts.push(`${broken} ${broken === 1 ? 'does' : 'do'} not`);
  if (unread > 0) parts.push(`${unread} could not be read`);
  return `${parts.join(', ')}. The job is not proved.`;
}

/** What stands now of a job that did not run to its end. */
export function standing({ job, journal }: JobDetail): string | null {
  if (job.state !== 'failed' && job.state !== 'cancelled') return null;
  if (job.error?.code === 'proof_failed') return null;
  const done = journal.filter((entry) => entry.state === 'done').length;
  if (done === 0) return 'No step was completed.';
  return `${done} of ${journal.length} steps were completed and were not taken back.`;
}
