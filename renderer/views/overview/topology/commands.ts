import type { State } from '#shared/domain/state';

/** A token of tokens.css without its two dashes. */
export type Token = string;
export type Point = readonly [x: number, y: number];

export type Face =
  | 'title'
  | 'name'
  | 'name-strong'
  | 'node'
  | 'node-strong'
  | 'tiny'
  | 'small'
  | 'small-strong'
  | 'word'
  | 'word-strong'
  | 'figure'
  | 'mono'
  | 'mono-small'
  | 'badge';

/** What paint.ts knows to draw. Coordinates are those of the layout. */
export type DrawCommand =
  | {
      readonly draw: 'box';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly fill: Token | null;
      readonly border: Token | null;
      readonly borderWidth?: number;
      readonly radius: number;
      readonly dashed?: boolean;
      readonly alpha?: number;
    }
  | {
      readonly draw: 'text';
      readonly x: number;
      /** The middle of the line. */
      readonly y: number;
      readonly text: string;
      readonly face: Face;
      readonly colour: Token;
      readonly align?: 'left' | 'right';
      readonly room?: number;
      readonly alpha?: number;
    }
  | {
      readonly draw: 'line';
      /** Corners are rounded. */
      readonly points: readonly Point[];
      readonly colour: Token;
      readonly width: number;
      readonly dashed?: boolean;
      readonly alpha?: number;
    }
  | {
      readonly draw: 'head';
      readonly at: Point;
      readonly towards: 'left' | 'right' | 'up';
      readonly colour: Token;
      /** Filled for requests, open for replies. */
      readonly kind: 'filled' | 'open';
      readonly alpha?: number;
    }
  | {
      readonly draw: 'cross';
      readonly at: Point;
      readonly size: number;
      readonly colour: Token;
      readonly alpha?: number;
    }
  | { readonly draw: 'mark'; readonly at: Point; readonly size: number; readonly state: State; readonly alpha?: number }
  | {
      /** A band's name with, after it, what it holds. */
      readonly draw: 'title';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly summary: string;
      readonly room: number;
      readonly alpha?: number;
    }
  | { readonly draw: 'chevron'; readonly at: Point; readonly folded: boolean; readonly colour: Token };
