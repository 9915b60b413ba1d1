import type { Matrix } from '../matrix/index';

/** What stands below the matrix, with the ids of its headings. */
export const sectionIds = { wire: 'dr-wire', clients: 'dr-clients', fixes: 'dr-fixes' } as const;

export function sectionsOf(matrix: Pick<Matrix, 'fixes'>): readonly { readonly id: string; readonly title: string }[] {
  return [
    { id: sectionIds.wire, title: 'Wire' },
    { id: sectionIds.clients, title: 'Clients' },
    ...(matrix.fixes.length > 0 ? [{ id: sectionIds.fixes, title: 'Fixes' }] : []),
  ];
}
