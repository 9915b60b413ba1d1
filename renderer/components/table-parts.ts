/** The plane a table row lies on. */
export type RowTone = 'raised' | 'surface' | 'sunken' | 'raised dimmed' | 'surface dimmed' | 'sunken dimmed';
