// Wheel, keys and touch, turned into actions.

const KEY_STEPS = {
  ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10,
};
const NOTCH = 100; // what one notch of a mouse wheel reports, in pixels
const TRACKPAD_STEP = 24; // pixels of a trackpad's fine scrolling for one slice
const LINE = 33; // Firefox may report lines; three of them are a notch
const DRAG_START = 8; // pixels before a touch counts as a drag, and its direction is known
const SWIPE = 40; // pixels that make a horizontal drag a swipe

// Wheel up goes up the body, as ArrowUp does.
export function listenToWheel(node, actions) {
  let rest = 0;
  const onWheel = (event) => {
    if (event.ctrlKey || event.metaKey) return; // the browser's own zoom
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
    event.preventDefault();
    const delta = event.deltaY * (event.deltaMode === 1 ? LINE : 1);
    if (Math.abs(delta) >= NOTCH / 2) {
      rest = 0;
      actions.step(-Math.sign(delta) * Math.max(1, Math.round(Math.abs(delta) / NOTCH)));
      return;
    }
    rest += delta;
    const steps = Math.trunc(rest / TRACKPAD_STEP);
    rest -= steps * TRACKPAD_STEP;
    if (steps) actions.step(-steps);
  };
  node.addEventListener("wheel", onWheel, { passive: false });
}

export function listenToKeys(node, actions) {
  node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const handled = handleKey(event, actions);
    if (!handled) return;
    event.preventDefault();
    // Streamlit has keys of its own on the page.
    event.stopPropagation();
  });
}

function handleKey({ key, target }, actions) {
  if (/^[1-4]$/.test(key)) return actions.chooseNthModality(Number(key) - 1);
  if (target.hasAttribute("data-own-keys")) return false;
  if (key === " " && target.tagName !== "BUTTON") return actions.togglePlay();
  if (key === "Home") return actions.goTo(0);
  if (key === "End") return actions.goTo(Infinity);
  return key in KEY_STEPS && actions.step(KEY_STEPS[key]);
}

// A vertical drag of a finger goes through the slices, a horizontal one to the next panel.
export function listenToTouch(node, actions) {
  let drag = null;
  node.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse") return;
    // A second finger makes it a pinch, which is the browser's.
    drag = event.isPrimary ? { x: event.clientX, y: event.clientY, axis: null } : null;
  });
  node.addEventListener("pointermove", (event) => {
    if (!drag || !event.isPrimary) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.axis && Math.hypot(dx, dy) < DRAG_START) return;
    drag.axis ??= Math.abs(dx) > Math.abs(dy) ? "across" : "up";
    if (drag.axis === "up") drag.y -= dragSlices(dy, node, actions);
  });
  node.addEventListener("pointerup", (event) => {
    const dx = drag?.axis === "across" ? event.clientX - drag.x : 0;
    drag = null;
    if (Math.abs(dx) >= SWIPE) actions.stepPanel(-Math.sign(dx));
  });
  node.addEventListener("pointercancel", () => (drag = null));
  // Otherwise Chrome sees a fling in a swipe, and its flight swallows the next tap.
  const keepFromBrowser = (event) => drag && event.preventDefault();
  node.addEventListener("touchmove", keepFromBrowser, { passive: false });
}

// Three quarters of the picture's height go through the whole scan. Returns the pixels used up,
// with the sign turned, so that what is left of them counts for the next move.
function dragSlices(dy, node, actions) {
  const pixels = (node.clientHeight * 0.75) / actions.sliceCount();
  const steps = Math.trunc(dy / pixels);
  if (steps) actions.step(-steps);
  return -steps * pixels;
}
