/**
 * Arrow keys between the items of a long list that is one stop of the Tab key. `items`: what to walk, in the page's
 * order below the element that listens. Gives the item that has the focus now; `null`: the key does not move.
 */
export function rove(event: KeyboardEvent, items: string): HTMLElement | null {
  const { currentTarget, target } = event;
  if (!(currentTarget instanceof HTMLElement) || !(target instanceof HTMLElement) || !target.matches(items))
    return null;
  const all = [...currentTarget.querySelectorAll<HTMLElement>(items)];
  const at = all.indexOf(target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  const next = to === undefined ? undefined : all[Math.max(0, Math.min(to, all.length - 1))];
  if (next === undefined) return null;
  event.preventDefault();
  next.focus();
  return next;
}
