// eslint-disable-next-line no-control-regex -- removing control characters is what this is for
const controls = /[\u0000-\u001f\u007f]+/g;

/**
 * What a unit says is shown to people and must not break the contract: control characters go, lengths are bounded, and
 * numbers that cannot be are unknown.
 */
export function cleanLabel(text: string): string {
  const clean = text.replace(controls, ' ').trim().slice(0, 120);
  return clean === '' ? '(no name)' : clean;
}

export function cleanText(text: string | null): string | null {
  return text === null ? null : text.slice(0, 4_000);
}

export function cleanCount(value: number | null): number | null {
  return value !== null && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function cleanRate(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= 0 ? value : null;
}

/** Port 0 stands for "any" in Direct Routing and is no port. */
export function cleanPort(value: number | null): number | null {
  return value !== null && Number.isInteger(value) && value >= 1 && value <= 65_535 ? value : null;
}
