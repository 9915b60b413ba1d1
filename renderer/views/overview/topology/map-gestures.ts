import type { MapController } from './map-controller.svelte';
import type { Hit } from './hit';

/** How far, in pixels, a press may move and still be a click. */
const slack = 4;

/** Drag pans, the wheel pans, the wheel with Ctrl (which a pinch on a touch pad sends) zooms, a click selects. */
export function gestures(
  canvas: HTMLCanvasElement,
  map: MapController,
  clicked: (hit: Hit | null) => void,
): () => void {
  let pressed: { readonly x: number; readonly y: number; moved: boolean } | null = null;
  let last = { x: 0, y: 0 };

  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    pressed = { x: event.offsetX, y: event.offsetY, moved: false };
    last = { x: event.clientX, y: event.clientY };
    canvas.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    if (pressed === null) {
      canvas.style.cursor = map.hitAt(event.offsetX, event.offsetY) === null ? 'default' : 'pointer';
      return;
    }
    if (Math.hypot(event.offsetX - pressed.x, event.offsetY - pressed.y) > slack) pressed.moved = true;
    if (pressed.moved) map.panBy(event.clientX - last.x, event.clientY - last.y);
    last = { x: event.clientX, y: event.clientY };
  };
  const up = (event: PointerEvent): void => {
    if (pressed !== null && !pressed.moved) clicked(map.hitAt(event.offsetX, event.offsetY));
    pressed = null;
  };
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.ctrlKey || event.metaKey) {
      map.zoomBy(Math.exp((-event.deltaY * unit) / 300), { x: event.offsetX, y: event.offsetY });
    } else map.panBy(-event.deltaX * unit, -event.deltaY * unit);
  };

  canvas.addEventListener('pointerdown', down);
  canvas.addEventListener('pointermove', move);
  canvas.addEventListener('pointerup', up);
  canvas.addEventListener('wheel', wheel, { passive: false });
  return () => {
    canvas.removeEventListener('pointerdown', down);
    canvas.removeEventListener('pointermove', move);
    canvas.removeEventListener('pointerup', up);
    canvas.removeEventListener('wheel', wheel);
  };
}
