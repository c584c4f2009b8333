// The outline of the brain mask, over the image and under all that models say.

import { traceLoops } from "./contours.js";
import { extentOf, readSlice } from "./planes.js";

export const BRAIN_MASK = { name: "Brain mask", colour: "#9FE8FF" };

const LINE_WIDTH = 1.5; // CSS pixels
const OPACITY = 0.85;
const BRAIN = 1; // the label of the mask
const ON_THE_EDGE = [0, 0]; // no inset: nothing else is drawn along it

// In voxels of the frame, once for all panels; null where the slice holds no brain. `slice` is
// written over.
export function brainLoops({ brainMask, plane, index, frame }, slice) {
  if (!brainMask || !readSlice(brainMask, plane, index, frame, slice)) return null;
  const loops = new Path2D();
  const area = { slice, width: frame.width, ...extentOf(brainMask, plane, frame) };
  traceLoops(loops, area, BRAIN, ON_THE_EDGE);
  return loops;
}

export function drawBrainOutline(context, loops, place, { width, height }) {
  const { x, y } = place;
  const placed = new Path2D();
  placed.addPath(loops, new DOMMatrix([place.width / width, 0, 0, place.height / height, x, y]));
  context.globalAlpha = OPACITY;
  context.lineWidth = LINE_WIDTH * window.devicePixelRatio;
  context.strokeStyle = BRAIN_MASK.colour;
  context.stroke(placed);
  context.globalAlpha = 1;
}
