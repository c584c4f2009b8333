// Fingers on a picture. One finger up and down goes through the slices, across to the next
// panel, and moves a zoomed picture; a tap sets the cross-hair; two fingers zoom.

import { spotOf } from "./wheel.js";

const DRAG_START = 8; // pixels before a touch counts as a drag, and its direction is known
const SWIPE = 40; // pixels that make a horizontal drag a swipe

export function listenToTouch(node, actions) {
  // id -> where it is, and the canvas it came down on: an event forgets that once it is over.
  const fingers = new Map();
  let drag = null; // of one finger
  node.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse") return;
    const spot = spotOf(event);
    fingers.set(event.pointerId, fingerOf(event, spot?.canvas));
    const alone = fingers.size === 1 && spot;
    drag = alone ? { x: event.clientX, y: event.clientY, spot, axis: null } : null;
  });
  node.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = [...fingers.values()];
    const { canvas } = fingers.get(event.pointerId);
    fingers.set(event.pointerId, fingerOf(event, canvas));
    if (before.length === 2) pinch(before, [...fingers.values()], actions);
    else if (drag) moveOne(drag, event, node, actions);
  });
  const lift = (event) => {
    const swipe = drag?.axis === "across" ? event.clientX - drag.x : 0;
    const tapped = drag && !drag.axis && event.type === "pointerup";
    const { spot } = drag ?? {};
    if (fingers.size === 2) actions.settleZoom();
    fingers.delete(event.pointerId);
    drag = null;
    if (tapped) actions.placeCross(spot);
    if (Math.abs(swipe) >= SWIPE) actions.stepPanel(-Math.sign(swipe));
  };
  node.addEventListener("pointerup", lift);
  node.addEventListener("pointercancel", lift);
  // Otherwise Chrome sees a fling in a swipe, and its flight swallows the next tap.
  const keepFromBrowser = (event) => fingers.size && event.preventDefault();
  node.addEventListener("touchmove", keepFromBrowser, { passive: false });
}

function fingerOf({ clientX, clientY }, canvas) {
  return { clientX, clientY, canvas };
}

function moveOne(drag, event, node, actions) {
  const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!drag.axis && Math.hypot(dx, dy) < DRAG_START) return;
  drag.axis ??= axisOf(dx, dy, actions);
  if (drag.axis === "up") drag.y -= dragSlices(dy, node, actions);
  if (drag.axis !== "picture") return;
  const spot = spotOf(event, drag.spot.canvas);
  actions.drag(drag.spot, spot);
  drag.spot = spot;
}

function axisOf(dx, dy, actions) {
  if (actions.isZoomed()) return "picture";
  return Math.abs(dx) > Math.abs(dy) ? "across" : "up";
}

function pinch(before, after, actions) {
  const [from, to] = [before, after].map(([a, b]) => ({
    clientX: (a.clientX + b.clientX) / 2,
    clientY: (a.clientY + b.clientY) / 2,
    apart: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY),
  }));
  const { canvas } = before[0];
  if (!canvas) return;
  const [start, end] = [spotOf(from, canvas), spotOf(to, canvas)];
  actions.drag(start, end);
  if (from.apart > 0) actions.zoomBy(to.apart / from.apart, end);
}

// Three quarters of the picture's height go through the whole scan. Returns the pixels used up,
// with the sign turned, so that what is left of them counts for the next move.
function dragSlices(dy, node, actions) {
  const pixels = (node.clientHeight * 0.75) / actions.sliceCount();
  const steps = Math.trunc(dy / pixels);
  if (steps) actions.step(-steps);
  return -steps * pixels;
}
