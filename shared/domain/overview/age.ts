const minute = 60_000;
const hour = 60 * minute;

/** `23 m`, `2 h`, `5 d`; `null` below one minute. */
export function ageWord(since: number, now: number): string | null {
  const age = now - since;
  if (age < minute) return null;
  if (age < hour) return `${Math.floor(age / minute)} m`;
  return age < 24 * hour ? `${Math.floor(age / hour)} h` : `${Math.floor(age / (24 * hour))} d`;
}

/** When `ageWord` changes next. */
export function nextAgeChange(since: number, now: number): number {
  const age = Math.max(0, now - since);
  const step = age < hour ? minute : hour;
  return since + (Math.floor(age / step) + 1) * step;
}

export function withAge(word: string, since: number | null, now: number): string {
  const age = since === null ? null : ageWord(since, now);
  return age === null ? word : `${word} ${age}`;
}
