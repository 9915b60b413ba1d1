import type { ViewName } from '../router.svelte';

/** After `g`, the letter of a view. */
export const viewKeys: Readonly<Record<string, ViewName>> = {
  o: 'overview',
  i: 'inventory',
  d: 'direct-routing',
  u: 'updates',
  j: 'jobs',
  r: 'records',
  s: 'settings',
};

/** What `?` lists. */
export const shortcuts: readonly { readonly group: string; readonly keys: string; readonly does: string }[] = [
  { group: 'Everywhere', keys: 'Ctrl K', does: 'Search or run a command (⌘ K on a Mac); also /' },
  { group: 'Everywhere', keys: '?', does: 'List the shortcuts' },
  {
    group: 'Everywhere',
    keys: 'g then o i d u j r s',
    does: 'Overview, Inventory, Direct Routing, Updates, Jobs, Records, Settings',
  },
  { group: 'Everywhere', keys: 'Tab, Enter', does: 'Go to the next control, press it' },
  { group: 'Map', keys: '↑ ↓', does: 'The node above or below' },
  { group: 'Map', keys: '← →', does: 'To the parent, to the first child' },
  { group: 'Map', keys: 'Space', does: 'Fold or unfold a site or pair' },
  { group: 'Map', keys: '+ − 0', does: 'Zoom in, out, back to strips' },
  { group: 'Map', keys: 'Esc', does: 'Select nothing' },
  { group: 'Tables', keys: '↑ ↓ Page Up Page Down Home End', does: 'Move the selection' },
  { group: 'Tables', keys: 'Enter', does: 'Open what is selected' },
  { group: 'First start', keys: '1 2 3', does: 'Open the practice site, add an appliance, import a list' },
];

/** Is the person typing into a field, so that single keys are text? */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) ||
      target.closest('dialog') !== null)
  );
}
