import type { SiteBranch } from '../../../state/index';
import { naturalZoom, type Level } from './geometry';
import { hit, type Hit } from './hit';
import { layoutMap, type MapLayout } from './layout';
import type { FindNode, MapView } from './map-nodes';
import { Painter } from './paint';
import { scene } from './scene';
import { boxOf, clamped, revealing, scaleOf, start, visibleBox, zoomedAt, type Size, type Viewport } from './viewport';
import { walk, type Direction } from './walk';

/** What the map draws: replaced whole whenever something changed; one picture a frame at the most. */
export interface MapInput {
  readonly tree: readonly SiteBranch[];
  readonly find: FindNode;
  /** Goes up whenever what `find` gives has changed. */
  readonly version: number;
  readonly view: MapView;
}

/** Set in the page's timeline when a map with anything on it was first painted. */
const firstPaintMark = 'evenkeel-map-first-paint';

const emptyInput: MapInput = {
  tree: [],
  find: () => undefined,
  version: 0,
  view: { selected: null, clear: null, now: 0, changed: new Set() },
};

/** One map on one canvas: where it stands, what it shows, when it is drawn. */
export class MapController {
  level = $state<Level>('strips');
  /** Milliseconds that the last picture took, for measurements. */
  lastPaintMs = 0;
  paints = 0;
  private folded: ReadonlySet<string> = new Set();
  private viewport: Viewport = start;
  private size: Size = { width: 0, height: 0 };
  private input: MapInput = emptyInput;
  private readonly layouts = new Map<Level, MapLayout>();
  private painter: Painter | null = null;
  private canvas: HTMLCanvasElement | null = null;
  private waiting = false;
  private dark: boolean | null = null;

  constructor(private readonly window: Window) {}

  /** Takes a canvas; gives back how to let it go. */
  attach(canvas: HTMLCanvasElement): () => void {
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) return () => undefined;
    this.canvas = canvas;
    this.painter = new Painter(context);
    const observer = new ResizeObserver(() => this.measure());
    observer.observe(canvas);
    void document.fonts.ready.then(() => {
      this.painter?.forgetTexts();
      this.request();
    });
    this.measure();
    return () => {
      observer.disconnect();
      this.canvas = null;
      this.painter = null;
    };
  }

  show(input: MapInput): void {
    if (input.tree !== this.input.tree) this.layouts.clear();
    this.input = input;
    this.request();
  }

  themeChanged(dark: boolean): void {
    if (dark === this.dark) return;
    this.dark = dark;
    this.painter?.forgetColours();
    this.request();
  }

  setLevel(level: Level): void {
    this.zoomTo(naturalZoom[level], { x: 0, y: this.size.height / 3 });
  }

  /** Zooms by a factor about a point of the canvas, or its middle. */
  zoomBy(factor: number, point = { x: this.size.width / 2, y: this.size.height / 2 }): void {
    this.zoomTo(this.viewport.zoom * factor, point);
  }

  panBy(x: number, y: number): void {
    this.move({ ...this.viewport, x: this.viewport.x + x, y: this.viewport.y + y });
  }

  fold(id: string): void {
    const folded = new Set(this.folded);
    if (!folded.delete(id)) folded.add(id);
    this.folded = folded;
    this.layouts.clear();
    this.move(this.viewport);
  }

  /** Moves so that a node can be seen, if it cannot. */
  reveal(id: string): void {
    const box = boxOf(this.layout(), id);
    if (box !== null) this.move(revealing(this.viewport, box, this.layout(), this.size));
  }

  /** What lies at a point of the canvas. */
  hitAt(x: number, y: number): Hit | null {
    const scale = scaleOf(this.viewport);
    return hit(this.layout(), (x - this.viewport.x) / scale, (y - this.viewport.y) / scale);
  }

  walk(from: string | null, direction: Direction): string | null {
    return walk(this.layout(), from, direction);
  }

  /** Draws at once instead of at the next frame. */
  paintNow(): void {
    const { canvas, painter } = this;
    if (canvas === null || painter === null || this.size.width === 0) return;
    const began = performance.now();
    const layout = this.layout();
    const commands = scene(layout, this.input.find, this.input.view, visibleBox(this.viewport, this.size));
    const placement = { x: this.viewport.x, y: this.viewport.y, scale: scaleOf(this.viewport) };
    painter.paint(commands, placement, canvas.width / this.size.width);
    this.lastPaintMs = performance.now() - began;
    if (this.paints === 0 && layout.sites.length > 0) performance.mark(firstPaintMark);
    if (layout.sites.length > 0) this.paints++;
  }

  private zoomTo(zoom: number, point: { readonly x: number; readonly y: number }): void {
    this.move(zoomedAt(this.viewport, zoom, point, (level) => this.layout(level)));
  }

  private move(to: Viewport): void {
    this.viewport = clamped(to, this.layout(to.level), this.size);
    this.level = to.level;
    this.request();
  }

  private layout(level: Level = this.viewport.level): MapLayout {
    let layout = this.layouts.get(level);
    if (layout === undefined) {
      layout = layoutMap(this.input.tree, { level, viewWidth: this.size.width, folded: this.folded });
      this.layouts.set(level, layout);
    }
    return layout;
  }

  private measure(): void {
    const { canvas } = this;
    if (canvas === null) return;
    const { width, height } = canvas.getBoundingClientRect();
    const ratio = this.window.devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    this.size = { width, height };
    this.layouts.clear();
    this.viewport = clamped(this.viewport, this.layout(), this.size);
    this.paintNow();
  }

  private request(): void {
    if (this.waiting) return;
    this.waiting = true;
    this.window.requestAnimationFrame(() => {
      this.waiting = false;
      this.paintNow();
    });
  }
}
