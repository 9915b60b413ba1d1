import { markPaths, markShape, markToken } from '../../../components/mark-shapes';
import type { DrawCommand, Face, Point, Token } from './commands';

const sans = "'Inter Variable', system-ui, sans-serif";
const mono = "'JetBrains Mono', ui-monospace, monospace";
const fonts: Readonly<Record<Face, string>> = {
  title: `600 13px ${sans}`,
  name: `400 12.5px ${sans}`,
  'name-strong': `600 12.5px ${sans}`,
  node: `400 13px ${sans}`,
  'node-strong': `600 13px ${sans}`,
  tiny: `400 10.6px ${sans}`,
  small: `400 11px ${sans}`,
  'small-strong': `600 11px ${sans}`,
  word: `400 12px ${sans}`,
  'word-strong': `600 12px ${sans}`,
  figure: `400 12.5px ${sans}`,
  mono: `400 11.2px ${mono}`,
  'mono-small': `400 11px ${mono}`,
  badge: `600 10.8px ${sans}`,
};

/** Where the drawing lies on the canvas: screen = drawing × scale + offset, in CSS pixels. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const cornerRadius = 5;

/** Draws commands on a canvas. Keeps the widths of texts and the colours of the theme. */
export class Painter {
  private readonly widths = new Map<string, number>();
  private readonly shortened = new Map<string, string>();
  private colours = new Map<Token, string>();
  private readonly marks = new Map<string, Path2D>();

  constructor(private readonly context: CanvasRenderingContext2D) {}

  /** Call when the theme has changed. */
  forgetColours(): void {
    this.colours = new Map();
  }

  /** Call when the fonts have come. */
  forgetTexts(): void {
    this.widths.clear();
    this.shortened.clear();
  }

  paint(commands: readonly DrawCommand[], placement: Placement, pixelRatio: number): void {
    const { context } = this;
    const { canvas } = context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.colour('surface');
    context.fillRect(0, 0, canvas.width, canvas.height);
    const scale = placement.scale * pixelRatio;
    // Whole device pixels at natural scale, so that one-pixel borders stay sharp.
    context.setTransform(
      scale,
      0,
      0,
      scale,
      Math.round(placement.x * pixelRatio),
      Math.round(placement.y * pixelRatio),
    );
    context.textBaseline = 'alphabetic';
    for (const command of commands) {
      context.globalAlpha = command.draw === 'chevron' ? 1 : (command.alpha ?? 1);
      this.one(command);
    }
    context.globalAlpha = 1;
  }

  private one(command: DrawCommand): void {
    switch (command.draw) {
      case 'box':
        return this.box(command);
      case 'text':
        return this.text(command);
      case 'title':
        return this.title(command);
      case 'line':
        return this.line(command);
      case 'head':
        return this.head(command);
      case 'cross':
        return this.cross(command);
      case 'mark':
        return this.mark(command);
      case 'chevron':
        return this.chevron(command);
    }
  }

  private box(box: Extract<DrawCommand, { draw: 'box' }>): void {
    const { context } = this;
    const line = box.border === null ? 0 : (box.borderWidth ?? 1);
    const inset = line === 1 ? 0.5 : 0.5;
    context.beginPath();
    if (line === 0) context.roundRect(box.x, box.y, box.width, box.height, box.radius);
    else context.roundRect(box.x + inset, box.y + inset, box.width - 2 * inset, box.height - 2 * inset, box.radius);
    if (box.fill !== null) {
      context.fillStyle = this.colour(box.fill);
      context.fill();
    }
    if (box.border === null) return;
    context.strokeStyle = this.colour(box.border);
    context.lineWidth = line;
    context.setLineDash(box.dashed === true ? [3, 2] : []);
    context.stroke();
    context.setLineDash([]);
  }

  private text(text: Extract<DrawCommand, { draw: 'text' }>): void {
    const { context } = this;
    context.font = fonts[text.face];
    context.fillStyle = this.colour(text.colour);
    const shown = text.room === undefined ? text.text : this.fit(text.text, text.face, text.room);
    const left = text.align === 'right' ? text.x - this.width(shown, text.face) : text.x;
    context.fillText(shown, left, text.y + drop(text.face));
  }

  private title(title: Extract<DrawCommand, { draw: 'title' }>): void {
    const name = this.fit(title.text, 'title', title.room * 0.6);
    this.text({ draw: 'text', x: title.x, y: title.y, text: name, face: 'title', colour: 'text' });
    const x = title.x + this.width(name, 'title') + 18;
    const room = title.room - (x - title.x);
    this.text({ draw: 'text', x, y: title.y, text: title.summary, face: 'small', colour: 'muted', room });
  }

  private line(line: Extract<DrawCommand, { draw: 'line' }>): void {
    const { context } = this;
    context.beginPath();
    rounded(context, line.points);
    context.strokeStyle = this.colour(line.colour);
    context.lineWidth = line.width;
    context.setLineDash(line.dashed === true ? [3, 3] : []);
    context.stroke();
    context.setLineDash([]);
  }

  private head({ at: [x, y], towards, colour, kind }: Extract<DrawCommand, { draw: 'head' }>): void {
    const { context } = this;
    context.beginPath();
    if (towards === 'up') {
      context.moveTo(x, y);
      context.lineTo(x - 3.5, y + 6);
      context.lineTo(x + 3.5, y + 6);
    } else {
      const back = towards === 'right' ? -6 : 6;
      context.moveTo(x + back, y - 3.5);
      context.lineTo(x, y);
      context.lineTo(x + back, y + 3.5);
    }
    if (kind === 'filled') {
      context.fillStyle = this.colour(colour);
      context.fill();
    } else {
      context.strokeStyle = this.colour(colour);
      context.lineWidth = 1.5;
      context.stroke();
    }
  }

  private cross({ at: [x, y], size, colour }: Extract<DrawCommand, { draw: 'cross' }>): void {
    const { context } = this;
    const half = size / 2;
    context.beginPath();
    context.moveTo(x - half, y - half);
    context.lineTo(x + half, y + half);
    context.moveTo(x + half, y - half);
    context.lineTo(x - half, y + half);
    context.strokeStyle = this.colour(colour);
    context.lineWidth = 2;
    context.stroke();
  }

  private mark({ at: [x, y], size, state }: Extract<DrawCommand, { draw: 'mark' }>): void {
    const { context } = this;
    const paths = markPaths[markShape(state)];
    const colour = this.colour(markToken(state));
    const scale = size / 12;
    context.save();
    context.translate(x - size / 2, y - size / 2);
    context.scale(scale, scale);
    if (paths.fill !== undefined) {
      context.fillStyle = colour;
      context.fill(this.path(paths.fill));
    }
    if (paths.stroke !== undefined) {
      context.strokeStyle = colour;
      context.lineWidth = paths.width;
      context.stroke(this.path(paths.stroke));
    }
    context.restore();
  }

  private chevron({ at: [x, y], folded, colour }: Extract<DrawCommand, { draw: 'chevron' }>): void {
    const { context } = this;
    context.beginPath();
    if (folded) {
      context.moveTo(x - 2, y - 4);
      context.lineTo(x + 2, y);
      context.lineTo(x - 2, y + 4);
    } else {
      context.moveTo(x - 4, y - 2);
      context.lineTo(x, y + 2);
      context.lineTo(x + 4, y - 2);
    }
    context.strokeStyle = this.colour(colour);
    context.lineWidth = 1.5;
    context.stroke();
  }

  private path(data: string): Path2D {
    let path = this.marks.get(data);
    if (path === undefined) {
      path = new Path2D(data);
      this.marks.set(data, path);
    }
    return path;
  }

  private width(text: string, face: Face): number {
    const key = `${face}|${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      this.context.font = fonts[face];
      ({ width } = this.context.measureText(text));
      // A bound, so that changing figures do not fill the memory over weeks.
      if (this.widths.size > 20_000) this.widths.clear();
      this.widths.set(key, width);
    }
    return width;
  }

  private fit(text: string, face: Face, room: number): string {
    if (this.width(text, face) <= room) return text;
    const key = `${face}|${room}|${text}`;
    const known = this.shortened.get(key);
    if (known !== undefined) return known;
    let end = text.length - 1;
    while (end > 1 && this.width(`${text.slice(0, end)}…`, face) > room) end--;
    const short = `${text.slice(0, end)}…`;
    if (this.shortened.size > 20_000) this.shortened.clear();
    this.shortened.set(key, short);
    return short;
  }

  private colour(token: Token): string {
    let colour = this.colours.get(token);
    if (colour === undefined) {
      colour = getComputedStyle(this.context.canvas).getPropertyValue(`--${token}`).trim();
      this.colours.set(token, colour);
    }
    return colour;
  }
}

/** From the middle of a line down to its baseline. */
function drop(face: Face): number {
  if (face === 'node' || face === 'node-strong') return 4;
  return face === 'title' || face === 'name' || face === 'name-strong' || face === 'figure' ? 4.5 : 4;
}

function rounded(context: CanvasRenderingContext2D, points: readonly Point[]): void {
  const [first, ...rest] = points;
  if (first === undefined) return;
  context.moveTo(first[0], first[1]);
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    if (next === undefined) return context.lineTo(point[0], point[1]);
    const before = index === 0 ? first : (rest[index - 1] ?? first);
    const reach = Math.min(distance(before, point), distance(point, next)) / (rest[index + 2] === undefined ? 1 : 2);
    context.arcTo(point[0], point[1], next[0], next[1], Math.min(cornerRadius, reach));
  });
}

function distance(a: Point, b: Point): number {
  return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
}
