// The one slider of all pictures of a view, over bars of how much each slice holds.

import { element, setAttribute } from "./dom.js";

const BAR_COLOUR = "#5f7183";
const GAP_SHARE = 0.3; // of the room a bar has
// As in styles/slice_strip.css: the thumb's middle travels this much less.
const THUMB_WIDTH = 12;

export class SliceSlider {
  constructor(goTo) {
    this.bars = element("canvas", { class: "bars", "aria-hidden": "true" });
    this.slider = element("input", { type: "range", min: "1", "aria-label": "Slice" });
    this.slider.oninput = () => goTo(this.slider.valueAsNumber - 1);
    this.node = element("div", { class: "track" }, this.bars, this.slider);
  }

  // `spoken` is what is read aloud of the slice.
  render({ index, count }, spoken) {
    setAttribute(this.slider, "max", count);
    if (this.slider.valueAsNumber !== index + 1) this.slider.value = String(index + 1);
    setAttribute(this.slider, "aria-valuetext", spoken);
  }

  // Drawn anew only for another array, or where there is more or less room; null clears them.
  renderBars(amounts, count, width) {
    const same = this.drawn?.amounts === amounts && this.drawn.width === width;
    if (same && this.drawn.count === count) return;
    this.drawn = { amounts, width, count };
    drawBars(this.bars, amounts, count);
  }
}

// From 1, as the slider counts.
export function sliceText({ index, count }) {
  return `slice ${index + 1} of ${count}`;
}

function drawBars(canvas, amounts, count) {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  if (!amounts) return;
  const context = canvas.getContext("2d");
  context.fillStyle = BAR_COLOUR;
  const largest = amounts.reduce((a, b) => Math.max(a, b), 1);
  const inset = (THUMB_WIDTH / 2) * ratio;
  const pitch = (canvas.width - 2 * inset) / Math.max(count - 1, 1);
  // Whole pixels, and no gaps where they would be finer than that: 300 slices on a phone.
  const edge = (i) => Math.round(inset + (i - 0.5) * pitch);
  const gap = Math.floor(pitch * GAP_SHARE);
  amounts.forEach((amount, i) => {
    if (amount === 0) return;
    const height = Math.max((amount / largest) * canvas.height, ratio);
    const width = Math.max(edge(i + 1) - edge(i) - gap, 1);
    context.fillRect(edge(i) + (gap >> 1), canvas.height - height, width, height);
  });
}
