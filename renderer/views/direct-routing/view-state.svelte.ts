import { SvelteSet } from 'svelte/reactivity';
import type { DrCell, DrRow } from '#shared/contract/direct-routing';
import { address } from '../../router.svelte';
import { LiveStream, type AppState } from '../../state/index';
import { Draft, type DraftMode } from './draft.svelte';
import {
  cellKey,
  countMatrix,
  densityFor,
  filterMatrix,
  matrixOf,
  noFilter,
  type Density,
  type MatrixFilter,
} from './matrix/index';

/** More servers than this are planned when asked, not as soon as they are selected: each has to be read. */
const plannedAtOnce = 8;

/** What the view shows and what is selected in it. End it with the component that made it. */
export class DirectRoutingState {
  readonly live: LiveStream<'directRouting.live'>;
  readonly draft: Draft;
  readonly checked = new SvelteSet<string>();
  filter = $state.raw<MatrixFilter>(noFilter);
  mode = $state<DraftMode>('fix');
  /** What the panel shows instead of a plan: a server, or one cell of it. */
  open = $state.raw<{ readonly rowId: string; readonly columnId: string | null } | null>(null);
  jobId = $state<string | null>(null);
  /** As a person chose; `null`: as the size of the estate asks for. */
  private chosenDensity = $state<Density | null>(null);

  readonly all = $derived.by(() => matrixOf(this.live.items.values()));
  readonly inScope = $derived.by(() => {
    const site = this.app.scope === null ? undefined : this.app.overview.get(this.app.scope);
    if (site === undefined || site.kind !== 'site') return this.all;
    return { ...this.all, blocks: this.all.blocks.filter((block) => block.siteName === site.name) };
  });
  readonly matrix = $derived.by(() => filterMatrix(this.inScope, this.filter));
  readonly counts = $derived.by(() => countMatrix(this.inScope));
  readonly density = $derived.by(() => this.chosenDensity ?? densityFor(this.inScope.blocks));
  readonly rows = $derived.by(() => this.inScope.blocks.flatMap((block) => block.rows));
  readonly needing = $derived.by(() => idsOf(this.rows.filter((row) => row.needsFix)));
  readonly chosen = $derived.by(() => {
    const names = new Map(this.rows.map((row) => [row.windowsId, row.name]));
    return [...this.checked].map((id) => ({ id, title: names.get(id) ?? id }));
  });
  readonly openRow = $derived.by(() => this.rows.find((row) => row.id === this.open?.rowId) ?? null);
  readonly openCell = $derived.by(() =>
    this.open?.columnId == null ? null : (this.all.cells.get(cellKey(this.open.rowId, this.open.columnId)) ?? null),
  );

  constructor(private readonly app: AppState) {
    this.live = new LiveStream(app.connection, 'directRouting.live', {});
    this.draft = new Draft(app.connection);
  }

  get stale(): boolean {
    return this.live.status === 'stale';
  }

  setDensity(density: Density): void {
    this.chosenDensity = density;
  }

  /** Selects servers; few are planned at once, unless it is an undo, which is of one server. */
  select(ids: readonly string[], as: DraftMode): void {
    this.checked.clear();
    for (const id of ids) this.checked.add(id);
    this.mode = as;
    this.open = null;
    this.jobId = null;
    this.draft.clear();
    if (ids.length <= plannedAtOnce) this.draft.soon(ids, as);
    const [first] = ids;
    const one = ids.length === 1 && first !== undefined;
    this.app.router.replace(
      one ? address('direct-routing', first, as === 'undo' ? { plan: 'undo' } : {}) : address('direct-routing'),
    );
  }

  /** Draws up the plan of what is selected. */
  plan(): void {
    void this.draft.draw([...this.checked], this.mode);
  }

  show(row: DrRow, cell: DrCell | null): void {
    this.open = { rowId: row.id, columnId: cell?.columnId ?? null };
  }

  close(): void {
    this.live.close();
    this.draft.close();
  }
}

function idsOf(rows: readonly DrRow[]): readonly string[] {
  return [...new Set(rows.flatMap((row) => row.windowsId ?? []))];
}
