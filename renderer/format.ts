/** How times, ages, sizes and figures are written everywhere. Times are milliseconds since 1970, shown in this computer's zone. */

const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const zoneFormat = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dateFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** `02:47:16`: for places where the zone stands elsewhere on the screen. */
export function clockTime(at: number): string {
  return clockFormat.format(at);
}

/** `02:47`. */
export function hourMinute(at: number): string {
  return clockFormat.format(at).slice(0, 5);
}

/** `GMT`, `CET`: the zone that holds at a time. */
export function zoneName(at: number): string {
  return zoneFormat.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'UTC';
}

/** `02:47:16 GMT`. */
export function timeWithZone(at: number): string {
  return `${clockTime(at)} ${zoneName(at)}`;
}

/** `22 Nov 02:07 GMT`. */
export function dayTime(at: number): string {
  return `${dayFormat.format(at)} ${hourMinute(at)} ${zoneName(at)}`;
}

/** `22 Nov 02:04:22 GMT`. */
export function dayTimeSeconds(at: number): string {
  return `${dayFormat.format(at)} ${timeWithZone(at)}`;
}

/** `Sun 22 Nov 2026 02:47:16 GMT`. */
export function fullTime(at: number): string {
  return `${dateFormat.format(at).replace(',', '')} ${timeWithZone(at)}`;
}

/** A length of time in milliseconds as `0.9 s`, `36 s`, `3 min 31 s`, `1 h 55 min`, `6 d`, `12 d 4 h` is `12 d`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10 && seconds % 1 >= 0.05) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.floor(seconds % 60);
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}

/** How long ago, coarse: `4 s`, `23 min`, `1 h 55 min`, `6 d`. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}

/** `36 s ago`. */
export function ago(milliseconds: number): string {
  return `${age(milliseconds)} ago`;
}

/** As narrow as a column of ages or a map strip needs: `23 m` for minutes, otherwise as `age`. */
export function shortAge(milliseconds: number): string {
  return age(milliseconds)
    .replace(/^(\d+) min$/, '$1 m')
    .replace(/ min$/, ' m');
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes in binary units with three figures: `18.4 KiB`, `5.67 GiB`, `512 B`. */
export function bytes(count: number): string {
  let value = count;
  let step = 0;
  while (value >= 1024 && step < units.length - 1) {
    value /= 1024;
    step++;
  }
  const figures = step === 0 || value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
  return `${figures} ${units[step] ?? 'B'}`;
}

/** Bytes a second: `181 MiB/s`. */
export function byteRate(perSecond: number): string {
  return `${bytes(perSecond)}/s`;
}

/** A part of one as `62 %`. */
export function percent(fraction: number): string {
  return `${Math.floor(fraction * 100)} %`;
}

/** A count, or a dash where there is none to read. */
export function count(value: number | null): string {
  return value === null ? '–' : String(value);
}

/** A rate with one decimal, or a dash. */
export function rate(value: number | null): string {
  return value === null ? '–' : value.toFixed(1);
}

/** `1 server`, `2 servers`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${value} ${value === 1 ? one : many}`;
}

/** A digest shortened in the middle, groups of four: `4f9c 21d8 … 70be`. */
export function shortHash(hex: string): string {
  return hex.length <= 16 ? hex : `${hex.slice(0, 4)} ${hex.slice(4, 8)} … ${hex.slice(-4)}`;
}

/** In groups of four, for comparing by eye. */
export function grouped(text: string): string {
  return text.match(/.{1,4}/g)?.join(' ') ?? '';
}
