/**
 * Seconds a phase takes, for the plan; the journal shows the real ones. The install time is what the vendor calls
 * "several minutes" [G]; the rate is that of a link of 1 Gbit/s.
 */
const bytesPerSecond = 100 * 1024 * 1024;

export function transferSeconds(bytes: number): number {
  return Math.ceil(bytes / bytesPerSecond);
}

export const phaseSeconds = {
  readiness: 10,
  backup: 20,
  install: 600,
  prompts: 60,
  health: 30,
  compare: 15,
  failover: 10,
} as const;

/** Digesting on the unit reads the file from its disk, once for each digest. */
export function digestSeconds(bytes: number): number {
  return Math.ceil(bytes / (300 * 1024 * 1024)) * 2;
}

/** How long an upload may take: the larger of a minute and two seconds a megabyte. Milliseconds. */
export function uploadBudgetMs(bytes: number): number {
  return Math.max(60_000, Math.ceil(bytes / 1_000_000) * 2_000);
}

/** For example `5.67 GiB`. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
  const index = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** index;
  return `${index === 0 ? value : value.toFixed(value < 10 ? 2 : 1)} ${units[index] ?? 'bytes'}`;
}
