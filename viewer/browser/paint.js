// Paints slices. A slice is written into a small canvas of its own size, one pixel a voxel, and
// the browser scales that onto the panel: smoothed for the image, crisp for the labels.

import { extentOf, readSlice } from "./plane.js";

const OUTLINE_WIDTH = 1.5; // CSS pixels

// Pixels as they lie in memory on every platform browsers run on: ABGR, little endian.
const GREYS = Uint32Array.from({ length: 256 }, (_, v) => 0xff000000 | (v << 16) | (v << 8) | v);

export class Painter {
  constructor() {
    this.image = new Layer();
    this.overlay = new Layer();
    this.slice = new Uint8Array(0);
  }

  // Once a frame: the image is the same in all panels.
  prepare(scene) {
    const { frame, plane, index, modality } = scene;
    this.image.resize(frame.width, frame.height);
    this.overlay.resize(frame.width, frame.height);
    if (this.slice.length !== frame.width * frame.height) {
      this.slice = new Uint8Array(frame.width * frame.height);
    }
    if (modality) readSlice(modality, plane, index, frame, this.slice);
    else this.slice.fill(0);
    this.image.write(this.slice, GREYS);
  }

  paint(canvas, labels, scene) {
    const context = canvas.getContext("2d", { alpha: false });
    const place = fit(scene.frame, canvas.width, canvas.height);
    context.globalAlpha = 1;
    context.fillStyle = "#000";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = true;
    drawLayer(context, this.image, place);
    if (!labels || !readSlice(labels, scene.plane, scene.index, scene.frame, this.slice)) return;
    context.globalAlpha = scene.opacity;
    if (scene.outline) this.paintOutlines(context, place, labels, scene);
    else this.paintFill(context, place, scene);
  }

  paintFill(context, place, { visibleLabels }) {
    const colours = new Uint32Array(256);
    for (const { value, colour } of visibleLabels) colours[value] = toPixel(colour);
    this.overlay.write(this.slice, colours);
    context.imageSmoothingEnabled = false;
    drawLayer(context, this.overlay, place);
  }

  paintOutlines(context, place, labels, { visibleLabels, plane, frame }) {
    const area = { slice: this.slice, width: frame.width, ...extentOf(labels, plane, frame) };
    const line = OUTLINE_WIDTH * window.devicePixelRatio;
    const [scaleX, scaleY] = [place.width / frame.width, place.height / frame.height];
    context.lineWidth = line;
    context.lineCap = "square";
    for (const { value, colour } of visibleLabels) {
      context.beginPath();
      // The path in voxels, the line in pixels: the transform holds while points are added.
      context.setTransform(scaleX, 0, 0, scaleY, place.x, place.y);
      traceEdges(context, area, value, [line / 2 / scaleX, line / 2 / scaleY]);
      context.resetTransform();
      context.strokeStyle = colour;
      context.stroke();
    }
  }
}

// Where the picture lies in the canvas: as large as fits, voxels in their true proportions.
export function fit(frame, width, height) {
  const [mmWide, mmHigh] = [frame.width * frame.pixelWidth, frame.height * frame.pixelHeight];
  const scale = Math.min(width / mmWide, height / mmHigh);
  const size = { width: mmWide * scale, height: mmHigh * scale };
  return { x: (width - size.width) / 2, y: (height - size.height) / 2, ...size };
}

class Layer {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d");
  }

  resize(width, height) {
    if (this.pixels && this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.image = this.context.createImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  write(slice, colours) {
    for (let i = 0; i < slice.length; i++) this.pixels[i] = colours[slice[i]];
    this.context.putImageData(this.image, 0, 0);
  }
}

function drawLayer(context, layer, { x, y, width, height }) {
  context.drawImage(layer.canvas, x, y, width, height);
}

function toPixel(colour) {
  const rgb = Number.parseInt(colour.slice(1), 16);
  return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
}

// Adds every edge between a voxel of the label and one that is not, whole runs at a time. Each
// lies inside the label by half the line, so that of two labels that touch both lines are seen.
function traceEdges(context, { slice, width, columns, rows }, label, [insetX, insetY]) {
  const [left, right] = columns;
  const [top, bottom] = rows;
  const inside = (x, y) =>
    x >= left && y >= top && x < right && y < bottom && slice[y * width + x] === label;
  for (let y = top; y <= bottom; y++) {
    traceRuns(columns, (x) => inside(x, y) - inside(x, y - 1), (start, end, side) => {
      context.moveTo(start + insetX, y + side * insetY);
      context.lineTo(end - insetX, y + side * insetY);
    });
  }
  for (let x = left; x <= right; x++) {
    traceRuns(rows, (y) => inside(x, y) - inside(x - 1, y), (start, end, side) => {
      context.moveTo(x + side * insetX, start + insetY);
      context.lineTo(x + side * insetX, end - insetY);
    });
  }
}

// Calls `add` for each longest run on which `sideOf` is the same and not 0.
function traceRuns([first, last], sideOf, add) {
  let start = first;
  let side = 0;
  for (let i = first; i <= last; i++) {
    const next = i < last ? sideOf(i) : 0;
    if (next === side) continue;
    if (side !== 0) add(start, i, side);
    start = i;
    side = next;
  }
}
