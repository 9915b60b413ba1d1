/** What the stand-in tells the test of what a person would see outside the page, and what the test can ask of it. */
export type StandInEvent =
  | { readonly t: 'browser'; readonly endpoint: string }
  | { readonly t: 'engine'; readonly pid: number }
  | { readonly t: 'dialog'; readonly title: string; readonly content: string }
  | { readonly t: 'notification'; readonly title: string; readonly body: string }
  | { readonly t: 'focused' }
  | { readonly t: 'refused'; readonly what: 'navigation' | 'window' | 'request'; readonly url: string }
  | { readonly t: 'port'; readonly frame: string };

/** Told over the channel of `child_process.fork`; nothing when the stand-in was started by hand. */
export function tell(event: StandInEvent): void {
  process.send?.(event);
}

export const dataVariable = 'EVENKEEL_STAND_IN_DATA';
export const browserVariable = 'EVENKEEL_STAND_IN_BROWSER';
