// Paints slices. A slice is written into a small canvas of its own size, one pixel a voxel, and
// the browser scales that onto the panel: smoothed for the image, crisp for what lies over it.

import { brainLoops, drawBrainOutline } from "./brain_outline.js";
import { traceLoops } from "./contours.js";
import {
  DISAGREEMENT_TABLE, ERROR_TABLE, PROBABILITY_TABLE, readDisagreement, readErrors, tableOf,
} from "./layers.js";
import { middleOfCross, placeOf, pointOf } from "./zoom.js";
import { extentOf, readSlice } from "./planes.js";
import { greyTable } from "./window_level.js";

const OUTLINE_WIDTH = 1.5; // CSS pixels
const QUICK_DASHES = [4, 3]; // CSS pixels drawn and left free
const QUICK_OPACITY = 2; // times that of the labels: a line is seen less than an area
const CROSS_COLOUR = "#8ec5ff";
const CROSS_GAP = 9; // CSS pixels left free around the voxel itself

export class Painter {
  constructor() {
    this.image = new Layer();
    this.overlay = new Layer();
    this.slice = new Uint8Array(0);
  }

  // Once a frame: the image, the brain, and where models disagree are the same in all panels.
  prepare(scene) {
    const { frame, plane, index, modality, layer, voters, region } = scene;
    this.image.resize(frame.width, frame.height);
    this.overlay.resize(frame.width, frame.height);
    if (this.slice.length !== frame.width * frame.height) {
      this.slice = new Uint8Array(frame.width * frame.height);
    }
    if (modality) readSlice(modality, plane, index, frame, this.slice);
    else this.slice.fill(0);
    this.image.write(this.slice, greyTable(scene.window));
    this.brainLoops = brainLoops(scene, this.slice);
    if (layer !== "disagreement") return;
    readDisagreement(voters, region, scene, this.slice);
    this.overlay.write(this.slice, DISAGREEMENT_TABLE);
  }

  paint(canvas, panel, scene) {
    const context = canvas.getContext("2d", { alpha: false });
    const place = placeOf(scene, canvas.width, canvas.height);
    context.globalAlpha = 1;
    context.fillStyle = "#000";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = true;
    drawLayer(context, this.image, place);
    if (this.brainLoops) drawBrainOutline(context, this.brainLoops, place, scene.frame);
    context.globalAlpha = scene.opacity;
    context.imageSmoothingEnabled = false;
    if (!panel.plain) this[scene.layer](context, place, panel, scene);
    context.globalAlpha = 1;
    if (scene.cross) drawCross(context, place, scene);
  }

  // ---- one method a layer, named by its key --------------------------------------------------

  labels(context, place, { grid, quickLook }, scene) {
    const shown = grid ?? quickLook?.grid;
    if (!shown || !readSlice(shown, scene.plane, scene.index, scene.frame, this.slice)) return;
    if (!grid) this.paintQuickLook(context, place, shown, scene);
    else if (scene.outline) this.paintOutlines(context, place, grid, scene);
    else this.paintBytes(context, place, tableOf(scene.visibleLabels));
  }

  probability(context, place, { regions }, scene) {
    const grid = regions?.get(scene.region);
    if (!grid || !readSlice(grid, scene.plane, scene.index, scene.frame, this.slice)) return;
    this.paintBytes(context, place, PROBABILITY_TABLE);
  }

  disagreement(context, place) {
    drawLayer(context, this.overlay, place);
  }

  errors(context, place, { grid }, scene) {
    if (!grid || !scene.truth) return;
    readErrors(grid, scene.truth, scene.region, scene, this.slice);
    this.paintBytes(context, place, ERROR_TABLE);
  }

  paintBytes(context, place, table) {
    this.overlay.write(this.slice, table);
    drawLayer(context, this.overlay, place);
  }

  // Dashed, so that it is never taken for an answer, however answers are drawn.
  paintQuickLook(context, place, labels, scene) {
    context.globalAlpha = Math.min(scene.opacity * QUICK_OPACITY, 1);
    context.setLineDash(QUICK_DASHES.map((length) => length * window.devicePixelRatio));
    this.paintOutlines(context, place, labels, scene, traceLoops);
    context.setLineDash([]);
  }

  paintOutlines(context, place, labels, { visibleLabels, plane, frame }, trace = traceEdges) {
    const area = { slice: this.slice, width: frame.width, ...extentOf(labels, plane, frame) };
    const line = OUTLINE_WIDTH * window.devicePixelRatio;
    const [scaleX, scaleY] = [place.width / frame.width, place.height / frame.height];
    context.lineWidth = line;
    context.lineCap = trace === traceEdges ? "square" : "butt";
    for (const { value, colour } of visibleLabels) {
      context.beginPath();
      // The path in voxels, the line in pixels: the transform holds while points are added.
      context.setTransform(scaleX, 0, 0, scaleY, place.x, place.y);
      trace(context, area, value, [line / 2 / scaleX, line / 2 / scaleY]);
      context.resetTransform();
      context.strokeStyle = colour;
      context.stroke();
    }
  }
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

// Two lines through the voxel where the three planes meet, open around it.
function drawCross(context, place, { frame, plane, cursor }) {
  const { width, height } = context.canvas;
  const ratio = window.devicePixelRatio;
  const point = pointOf(place, frame, middleOfCross({ cursor, plane }));
  const [x, y] = [Math.round(point.x), Math.round(point.y)];
  const gap = CROSS_GAP * ratio;
  const thick = Math.max(Math.round(ratio), 1);
  context.fillStyle = CROSS_COLOUR;
  context.fillRect(0, y, x - gap, thick);
  context.fillRect(x + gap, y, width - x - gap, thick);
  context.fillRect(x, 0, thick, y - gap);
  context.fillRect(x, y + gap, thick, height - y - gap);
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
