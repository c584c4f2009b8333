// The mouse on a picture: a click sets the cross-hair, a drag moves a zoomed picture (the middle
// button too), a drag with the right button sets window and level, a double click unzooms.

import { spotOf } from "./wheel.js";

const CLICK_SLACK = 4; // CSS pixels a click may wander
const [LEFT, MIDDLE, RIGHT] = [0, 1, 2];

export function listenToMouse(node, actions) {
  let drag = null;
  node.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse") return;
    const spot = spotOf(event);
    if (!spot) return;
    const start = { x: event.clientX, y: event.clientY, window: actions.shownWindow() };
    drag = { button: event.button, start, spot, moved: false };
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerType !== "mouse") return;
    const [dx, dy] = [event.clientX - drag.start.x, event.clientY - drag.start.y];
    if (!drag.moved && Math.hypot(dx, dy) < CLICK_SLACK) return;
    const spot = spotOf(event, drag.spot.canvas);
    if (drag.button === RIGHT) actions.moveWindow(drag.start.window, dx, -dy);
    else actions.drag(drag.spot, spot);
    drag = { ...drag, spot, moved: true };
  });
  node.addEventListener("pointerup", (event) => {
    if (drag && !drag.moved && drag.button === LEFT) actions.placeCross(drag.spot);
    if (drag) node.releasePointerCapture(event.pointerId);
    drag = null;
  });
  node.addEventListener("pointercancel", () => (drag = null));
  node.addEventListener("dblclick", () => actions.resetZoom());
  // A middle press would start the browser's own scrolling, a right one its menu.
  node.addEventListener("mousedown", (event) => {
    if (event.button === MIDDLE) event.preventDefault();
  });
  node.addEventListener("contextmenu", (event) => event.preventDefault());
}
