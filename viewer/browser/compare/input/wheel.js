// The wheel goes through the slices; with ctrl, or a trackpad's pinch, it zooms.

const NOTCH = 100; // what one notch of a mouse wheel reports, in pixels
const TRACKPAD_STEP = 24; // pixels of a trackpad's fine scrolling for one slice
const LINE = 33; // Firefox may report lines; three of them are a notch
const PIXELS_TO_DOUBLE = 250; // of a wheel or a pinch, for twice the size

// Wheel up goes up the body, as ArrowUp does.
export function listenToWheel(node, actions) {
  let rest = 0;
  const onWheel = (event) => {
    const delta = event.deltaY * (event.deltaMode === 1 ? LINE : 1);
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      actions.zoomBy(2 ** (-delta / PIXELS_TO_DOUBLE), spotOf(event));
      return;
    }
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
    event.preventDefault();
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

// The point of a panel's canvas that an event happened at, in its pixels; null beside a picture.
export function spotOf(event, canvas = event.composedPath()[0]) {
  if (canvas?.tagName !== "CANVAS") return null;
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return {
    canvas,
    x: ((event.clientX - left) * canvas.width) / width,
    y: ((event.clientY - top) * canvas.height) / height,
  };
}
