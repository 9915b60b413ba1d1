/** Chromium knows no `evenkeel:`; in the stand-in the same page lives under an https origin that is never looked up. */
const own = 'evenkeel://app';
const shown = 'https://evenkeel-app.test';

export function toShown(url: string): string {
  return url.startsWith(`${own}/`) ? shown + url.slice(own.length) : url;
}

export function toOwn(url: string): string {
  return url.startsWith(`${shown}/`) ? own + url.slice(shown.length) : url;
}
