import { LiveMap } from '#engine/dispatch/index';
import type { DrFix, DrItem } from '#shared/contract/direct-routing';
import { configurationText } from '#shared/domain/direct-routing/index';
import { matrixOf, type MatrixParts } from './matrix';
import type { DirectRoutingStore, Fix } from './store';

/** Readings come one by one; the matrix follows them together. */
const pauseMs = 150;

/** The matrix as the stream shows it. Drawn again a moment after anything changed. */
export class Board {
  readonly live = new LiveMap<DrItem>();
  private fixes: readonly Fix[] = [];
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly parts: MatrixParts,
    private readonly store: DirectRoutingStore,
  ) {}

  drawSoon(): void {
    if (this.stopped) return;
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.draw();
    }, pauseMs);
    this.timer.unref();
  }

  draw(): void {
    const items = new Map(matrixOf(this.parts));
    for (const fix of this.fixes) items.set(`fix:${fix.windowsId}`, this.toFix(fix));
    this.live.replace(items);
  }

  async loadFixes(): Promise<void> {
    this.fixes = await this.store.latestFixes();
    this.draw();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private toFix(fix: Fix): DrFix {
    const { state } = this.parts.states.of(fix.windowsId);
    const changed = state !== null && configurationText(state) !== fix.after;
    return {
      kind: 'fix',
      id: fix.id,
      windowsId: fix.windowsId,
      name: fix.name,
      jobId: fix.jobId,
      jobNumber: fix.jobNumber,
      by: fix.by,
      at: fix.at,
      proved: fix.proved,
      undo: fix.undone ? 'undone' : changed ? 'changed-since' : 'offered',
    };
  }
}
