import type { Snippet } from 'svelte';

/** The plane a table row lies on. */
export type RowTone = 'raised' | 'surface' | 'sunken' | 'raised dimmed' | 'surface dimmed' | 'sunken dimmed';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** A CSS length or fraction, for example `92px` or `minmax(120px, 2fr)`. */
  readonly width: string;
  /** Figures stand right and in tabular form. */
  readonly figures?: boolean;
  /** What it is sorted by; without it the column cannot be sorted. */
  readonly sortBy?: (row: Row) => string | number;
  /** What the cell says; or `cell`, a snippet declared in the template of the component that uses the table. */
  readonly text?: (row: Row) => string;
  readonly cell?: Snippet<[Row]>;
}
