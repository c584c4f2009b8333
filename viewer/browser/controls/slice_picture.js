// The picture of a slice: a canvas with the patient's sides marked, and whatever lies over it.

import { sidesOf } from "../slice/planes.js";
import { element, setStyle, setText } from "./dom.js";

export class SlicePicture {
  constructor(...over) {
    this.canvas = element("canvas", { role: "img" });
    this.marks = {};
    for (const side of ["left", "right", "top", "bottom"]) {
      this.marks[side] = element("span", { class: `mark ${side}`, "aria-hidden": "true" });
    }
    const marks = Object.values(this.marks);
    this.node = element("div", { class: "viewport" }, this.canvas, ...marks, ...over);
  }

  renderMarks({ plane, frame }) {
    const sides = sidesOf(plane, frame);
    for (const [side, mark] of Object.entries(this.marks)) setText(mark, sides[side]);
  }

  // Both in CSS pixels; the canvas has as many pixels as the screen has there.
  resize(width, height) {
    setStyle(this.node, "height", `${height}px`);
    const ratio = window.devicePixelRatio;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== wide) this.canvas.width = wide;
    if (this.canvas.height !== high) this.canvas.height = high;
  }
}
