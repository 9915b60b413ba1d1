import { html, type Html } from './html';
import type { Tone } from './words';

/** State is shape as well as word and colour: tick, triangle, square, ring. */
export function mark(tone: Tone): Html {
  switch (tone) {
    case 'good':
      return html`<svg class="mark good" viewBox="0 0 12 12" aria-hidden="true"><path d="M1.5 6.5l3 3 6-7" /></svg>`;
    case 'warn':
      return html`<svg class="mark warn" viewBox="0 0 12 12" aria-hidden="true"><path d="M6 1l5.6 10H.4z" /></svg>`;
    case 'bad':
      return html`<svg class="mark bad" viewBox="0 0 12 12" aria-hidden="true">
        <path d="M1.3 1.3h9.4v9.4H1.3z" />
      </svg>`;
    case 'quiet':
      return html`<svg class="mark quiet" viewBox="0 0 12 12" aria-hidden="true">
        <circle cx="6" cy="6" r="4.4" />
      </svg>`;
  }
}

export function heldMark(held: boolean | null): Html {
  return mark(held === null ? 'quiet' : held ? 'good' : 'bad');
}
