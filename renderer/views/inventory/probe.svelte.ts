import type { StreamInput } from '#shared/contract/index';
import type { ProbeLine } from '#shared/contract/inventory';
import { LiveStream, type Connection } from '../../state/index';

const pauseMs = 500;

/** A probe that starts again, a moment after what it asks with has changed. */
export class Probe<N extends 'inventory.probeAppliance' | 'inventory.probeWindows'> {
  askedAt = $state<number | null>(null);
  private stream = $state.raw<LiveStream<N> | null>(null);
  private asked = '';
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly connection: Connection,
    private readonly name: N,
  ) {}

  get lines(): readonly ProbeLine[] {
    const list: readonly ProbeLine[] = this.stream?.list ?? [];
    return [...list].sort((a, b) => a.order - b.order);
  }

  get error() {
    return this.stream?.error ?? null;
  }

  line(key: string): ProbeLine | undefined {
    return this.lines.find((line) => line.key === key);
  }

  /** Asks with this target, soon; the same target is not asked twice. `null` stops. */
  ask(target: StreamInput<N> | null): void {
    const key = target === null ? '' : JSON.stringify(target);
    if (key === this.asked) return;
    this.asked = key;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (target === null) return this.end();
    this.timer = setTimeout(
      () => {
        this.end();
        this.askedAt = Date.now();
        this.stream = new LiveStream(this.connection, this.name, target);
      },
      this.stream === null ? 0 : pauseMs,
    );
  }

  /** Asks again with the same target. */
  again(): void {
    const asked = this.asked;
    this.asked = '';
    if (asked !== '') this.ask(JSON.parse(asked) as StreamInput<N>);
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.end();
  }

  private end(): void {
    this.stream?.close();
    this.stream = null;
  }
}

/** How many lines have an answer, wait for something, or are not there. */
export function countLines(lines: readonly ProbeLine[]): string {
  const shown = lines.filter((line) => line.group !== 'rights' && line.group !== 'found');
  const count = (...states: ProbeLine['state'][]): number => shown.filter((line) => states.includes(line.state)).length;
  const parts = [
    `${count('ok', 'warning')} answered`,
    `${count('waiting', 'ask', 'running')} wait`,
    `${count('off', 'unknown')} not there`,
  ];
  const failed = count('failed');
  return failed === 0 ? parts.join(', ') : `${parts.join(', ')}, ${failed} failed`;
}
