// One picture of the panels on screen, to save: what they show as it is painted, with their names,
// and around it what a slide or a paper must say. It is made in the browser.

import { DISCLAIMER } from "./disclaimer.js";
import { element } from "../controls/dom.js";

const MARGIN = 16; // this and all other lengths are CSS pixels
const COLUMN_GAP = 14;
const LINE_HEIGHT = 1.4; // of the type's size
const INSET = 8; // of what is written on a picture
const SWATCH = 11;
const [BAR_WIDTH, BAR_HEIGHT] = [110, 10];
const QUIET = 0.75; // opacity of what is said less loudly
const EDGE = 0.35; // and of the line around a colour, which may be that of the ground

// What of a panel's elements a picture needs. `marks` and `notes` lie on the canvas.
export function figureOf({ canvas, marks, name, lead = null, detail = null, notes = [] }) {
  return {
    canvas,
    marks: Object.fromEntries(Object.entries(marks).map(([side, node]) => [side, textOf(node)])),
    name: textOf(name),
    lead: textOf(lead),
    detail: textOf(detail),
    notes: notes.map(textOf).filter(Boolean),
    colour: getComputedStyle(name).getPropertyValue("--colour") || null,
  };
}

// `legend` is a list of { text, colour, outlined } or { low, stops, high }. The type and the
// colours are those of `root`, so that a picture looks as the page does. Null without room for it.
export function drawPicture({ heading, figures, columns, legend, root }) {
  const canvas = element("canvas");
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) return null;
  const pen = new Pen(context, getComputedStyle(root));
  const [{ width }] = figures.map((figure) => figure.canvas);
  const room = columns * width + (columns - 1) * pen.px(COLUMN_GAP);
  const blocks = [
    textBlock(pen, heading, room),
    ...rowsOf(figures, columns).map((row) => figuresBlock(pen, row)),
    legendBlock(pen, legend, room),
    textBlock(pen, DISCLAIMER, room),
  ];
  const gap = pen.px(COLUMN_GAP / 2);
  canvas.width = room + 2 * pen.px(MARGIN);
  canvas.height = blocks.reduce((sum, { height }) => sum + height + gap, 2 * pen.px(MARGIN) - gap);
  pen.clear();
  let y = pen.px(MARGIN);
  for (const block of blocks) {
    block.draw(pen.px(MARGIN), y);
    y += block.height + gap;
  }
  return canvas;
}

// Writes in the page's type, at the screen's resolution.
class Pen {
  constructor(context, { fontFamily, fontSize, color, backgroundColor }) {
    this.context = context;
    this.ratio = window.devicePixelRatio;
    this.size = parseFloat(fontSize);
    Object.assign(this, { fontFamily, ink: color, ground: backgroundColor });
  }

  px(length) {
    return Math.round(length * this.ratio);
  }

  get line() {
    return this.px(this.size * LINE_HEIGHT);
  }

  clear() {
    const { context, ground } = this;
    context.fillStyle = ground;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  }

  use({ bold = false, quiet = false, colour = this.ink } = {}) {
    const { context } = this;
    context.font = `${bold ? 600 : 400} ${this.px(this.size)}px ${this.fontFamily}`;
    context.globalAlpha = quiet ? QUIET : 1;
    context.fillStyle = colour;
    context.textBaseline = "middle";
    return context;
  }

  widthOf(text, look) {
    return this.use(look).measureText(text).width;
  }

  patch(colour, x, y, width, height) {
    const context = this.use();
    const edge = this.px(1);
    context.globalAlpha = EDGE;
    context.fillRect(x - edge, y - edge, width + 2 * edge, height + 2 * edge);
    this.use({ colour }).fillRect(x, y, width, height);
  }

  // One line, whose upper edge is at y.
  write(text, x, y, look = {}) {
    const context = this.use(look);
    context.textAlign = look.align ?? "left";
    context.fillText(text, x, y + this.line / 2);
    context.globalAlpha = 1;
  }

  // On a picture, where what lies under it may be as bright as the letters.
  writeOver(text, x, y, look = {}) {
    const { context } = this;
    context.shadowColor = "#000";
    context.shadowBlur = this.px(3);
    for (let i = 0; i < 2; i++) this.write(text, x, y, { colour: "#e8edf2", ...look });
    context.shadowBlur = 0;
  }

  cut(text, room, look) {
    if (this.widthOf(text, look) <= room) return text;
    let end = text.length;
    while (end > 0 && this.widthOf(`${text.slice(0, end)}…`, look) > room) end--;
    return `${text.slice(0, end)}…`;
  }

  wrap(text, room) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (this.widthOf(longer) <= room) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines.filter(Boolean);
  }
}

function textBlock(pen, text, room) {
  const lines = pen.wrap(text, room);
  return {
    height: lines.length * pen.line,
    draw: (x, y) => lines.forEach((line, i) => pen.write(line, x, y + i * pen.line)),
  };
}

function figuresBlock(pen, figures) {
  const [{ canvas: { width, height } }] = figures;
  const hasDetail = figures.some(({ detail }) => detail);
  return {
    height: height + pen.px(6) + (hasDetail ? 2 : 1) * pen.line,
    draw: (left, y) =>
      figures.forEach((figure, i) => {
        const x = left + i * (width + pen.px(COLUMN_GAP));
        pen.context.drawImage(figure.canvas, x, y);
        drawMarks(pen, figure, x, y);
        drawCaption(pen, figure, x, y + height + pen.px(6));
      }),
  };
}

function drawMarks(pen, { canvas: { width, height }, marks, notes }, x, y) {
  const inset = pen.px(INSET);
  const [middle, centre] = [x + width / 2, y + (height - pen.line) / 2];
  const bottom = y + height - inset - pen.line;
  pen.writeOver(marks.left, x + inset, centre, { bold: true });
  pen.writeOver(marks.right, x + width - inset, centre, { bold: true, align: "right" });
  pen.writeOver(marks.top, middle, y + inset / 2, { align: "center" });
  pen.writeOver(marks.bottom, middle, bottom + inset / 2, { align: "center" });
  const lines = notes.flatMap((note) => pen.wrap(note, width / 2 - 3 * inset));
  const top = bottom - (lines.length - 1) * pen.line;
  lines.forEach((line, i) => pen.writeOver(line, x + inset, top + i * pen.line));
}

function drawCaption(pen, { canvas: { width }, name, lead, detail, colour }, x, y) {
  const start = colour ? pen.px(10) : 0;
  if (colour) pen.patch(colour, x + pen.px(1), y + pen.px(3), pen.px(3), pen.line - pen.px(6));
  const room = width - start - (lead ? pen.widthOf(lead) + pen.px(10) : 0);
  pen.write(pen.cut(name, room, { bold: true }), x + start, y, { bold: true });
  pen.write(lead, x + width, y, { align: "right" });
  const quiet = { quiet: true };
  pen.write(pen.cut(detail, width - start, quiet), x + start, y + pen.line, quiet);
}

// As many entries on a line as there is room for.
function legendBlock(pen, legend, room) {
  const entries = legend.map((entry) => ({ entry, width: legendWidth(pen, entry) }));
  const rows = [];
  let left = 0;
  for (const { entry, width } of entries) {
    if (!rows.length || left + width > room) {
      rows.push([]);
      left = 0;
    }
    rows.at(-1).push({ entry, at: left });
    left += width + pen.px(MARGIN);
  }
  return {
    height: rows.length * pen.line,
    draw: (x, y) =>
      rows.forEach((row, i) => {
        for (const { entry, at } of row) drawEntry(pen, entry, x + at, y + i * pen.line);
      }),
  };
}

function legendWidth(pen, { text, low, high }) {
  if (text) return pen.px(SWATCH + 6) + pen.widthOf(text);
  return pen.widthOf(low) + pen.px(BAR_WIDTH + INSET * 2) + pen.widthOf(high);
}

function drawEntry(pen, entry, x, y) {
  if (entry.text) drawSwatch(pen, entry, x, y);
  else drawScale(pen, entry, x, y);
}

function drawSwatch(pen, { text, colour, outlined }, x, y) {
  const [size, rim] = [pen.px(SWATCH), pen.px(2)];
  const top = y + Math.round((pen.line - size) / 2);
  pen.patch(colour, x, top, size, size);
  if (outlined) pen.patch(pen.ground, x + rim, top + rim, size - 2 * rim, size - 2 * rim);
  pen.write(text, x + size + pen.px(6), y);
}

function drawScale(pen, { low, stops, high }, x, y) {
  const start = x + pen.widthOf(low) + pen.px(INSET);
  const [width, height] = [pen.px(BAR_WIDTH), pen.px(BAR_HEIGHT)];
  const gradient = pen.context.createLinearGradient(start, 0, start + width, 0);
  stops.forEach((stop, i) => gradient.addColorStop(i / (stops.length - 1), stop));
  pen.write(low, x, y);
  pen.patch(gradient, start, y + Math.round((pen.line - height) / 2), width, height);
  pen.write(high, start + width + pen.px(INSET), y);
}

function rowsOf(figures, columns) {
  const rows = [];
  for (let i = 0; i < figures.length; i += columns) rows.push(figures.slice(i, i + columns));
  return rows;
}

function textOf(node) {
  return node && !node.hidden ? node.textContent.trim() : "";
}
