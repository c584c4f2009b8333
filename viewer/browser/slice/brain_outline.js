// The outline of the brain mask, over the image and under all that models say.

import { traceLoops } from "./contours.js";
import { extentOf, readSlice } from "./planes.js";

// A mint that is told apart from the labels, the cross-hair and greys by all common kinds of
// colour vision.
export const BRAIN_MASK = { name: "Brain mask", colour: "#B9FBC0" };

// Widths in CSS pixels. The shade sets the line off from what is as bright, such as fluid in T2.
const BRAIN_LINE = { width: 1.5, colour: BRAIN_MASK.colour, opacity: 0.85 };
const BRAIN_SHADE = { width: 3.5, colour: "#000", opacity: 0.5 };
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
  for (const { width: wide, colour, opacity } of [BRAIN_SHADE, BRAIN_LINE]) {
    context.globalAlpha = opacity;
    context.lineWidth = wide * window.devicePixelRatio;
    context.strokeStyle = colour;
    context.stroke(placed);
  }
  context.globalAlpha = 1;
}
