/** Emits an event that listeners can prevent, as Electron's are. */
export function isPrevented(emit: (event: { preventDefault(): void }) => void): boolean {
  const outcome = { isPrevented: false };
  emit({ preventDefault: () => void (outcome.isPrevented = true) });
  return outcome.isPrevented;
}
