import type { JournalEntry, JournalNote, Progress } from '#shared/contract/jobs';
import type { Plan } from '#shared/contract/plans';
import { redactText } from '#engine/log/index';
import type { Memory } from './step-kind';
import type { JobStore, PlacedNote } from './store';

const mostNotes = 500;
const longestNote = 4_000;

/**
 * The journal of one job: in memory for the views, in SQLite for good. Changes of state and memories are on the disk
 * before their promise resolves; notes follow in order and are there at the latest after `flush`.
 */
export class Journal {
  private readonly entries: Map<string, JournalEntry>;
  private readonly memories: Map<string, Memory>;
  private written: Promise<void> = Promise.resolve();
  private readonly unwritten: PlacedNote[] = [];

  constructor(
    private readonly store: JobStore,
    private readonly jobId: string,
    entries: readonly JournalEntry[],
    memories: ReadonlyMap<string, Memory>,
    private readonly changed: (entry: JournalEntry) => void,
  ) {
    this.entries = new Map(entries.map((entry) => [entry.stepId, entry]));
    this.memories = new Map(memories);
  }

  static empty(plan: Plan): readonly JournalEntry[] {
    return plan.steps.map((step) => ({
      stepId: step.id,
      state: 'pending',
      startedAt: null,
      endedAt: null,
      progress: null,
      notes: [],
      error: null,
    }));
  }

  all(): readonly JournalEntry[] {
    return [...this.entries.values()];
  }

  entry(stepId: string): JournalEntry {
    const entry = this.entries.get(stepId);
    if (entry === undefined) throw new Error(`the journal has no step ${stepId}`);
    return entry;
  }

  memory(stepId: string): Memory {
    return this.memories.get(stepId) ?? {};
  }

  /** Changes an entry; resolves when it is on the disk, together with everything noted before. */
  async set(stepId: string, change: Partial<Omit<JournalEntry, 'stepId' | 'notes'>>): Promise<void> {
    const next = { ...this.entry(stepId), ...change };
    this.put(next);
    this.queue(() => this.store.saveEntry(this.jobId, next));
    await this.flush();
  }

  /** In memory only; the last one is written with the next change of state. */
  progress(stepId: string, progress: Progress): void {
    this.put({ ...this.entry(stepId), progress });
  }

  note(stepId: string, note: JournalNote): void {
    const entry = this.entry(stepId);
    const position = entry.notes.length;
    if (position >= mostNotes) return;
    const last = position === mostNotes - 1;
    const text = last ? 'Further lines of this step are left out.' : redactText(note.text).slice(0, longestNote);
    const kept = { ...note, text };
    this.put({ ...entry, notes: [...entry.notes, kept] });
    this.unwritten.push({ stepId, position, note: kept });
    // The first of a burst queues one write for all of it.
    if (this.unwritten.length === 1) this.queue(() => this.store.addNotes(this.jobId, this.unwritten.splice(0)));
  }

  async remember(stepId: string, memory: Memory): Promise<void> {
    const merged = { ...this.memory(stepId), ...memory };
    this.memories.set(stepId, merged);
    this.queue(() => this.store.saveMemory(this.jobId, stepId, merged));
    await this.flush();
  }

  /** Forgets how a step went, so that it may run again; its notes stay. */
  async reset(stepId: string): Promise<void> {
    this.memories.delete(stepId);
    this.queue(() => this.store.saveMemory(this.jobId, stepId, {}));
    await this.set(stepId, { state: 'pending', startedAt: null, endedAt: null, progress: null, error: null });
  }

  /** Resolves when everything so far is on the disk; rejects when something could not be written. */
  flush(): Promise<void> {
    return this.written;
  }

  private put(entry: JournalEntry): void {
    this.entries.set(entry.stepId, entry);
    this.changed(entry);
  }

  private queue(write: () => Promise<void>): void {
    // After one failed write nothing more is written: a journal with a hole would be believed.
    this.written = this.written.then(write);
    this.written.catch(() => undefined);
  }
}
