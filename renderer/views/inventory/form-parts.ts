import { host, port } from '#shared/contract/common';

/** A port as typed; `null` when it is not one. Empty where it may be left out gives `'none'`. */
export function typedPort(text: string): number | null {
  const parsed = port.safeParse(Number(text));
  return text.trim() !== '' && parsed.success ? parsed.data : null;
}

export function typedHost(text: string): string | null {
  const parsed = host.safeParse(text.trim());
  return parsed.success ? parsed.data : null;
}

/** Whole seconds within bounds; `null` when they are not. */
export function typedSeconds(text: string, least: number, most: number): number | null {
  const seconds = Number(text.replace(/\s*s$/, ''));
  return Number.isInteger(seconds) && seconds >= least && seconds <= most ? seconds : null;
}
