// The strip under the panels: tumour area per slice, the one slider of all panels, and play.

import { allow, button } from "../controls/buttons.js";
import { element, setAttribute, setStyle, setText } from "../controls/dom.js";
import { icon, setIcon } from "../controls/icons.js";
import { sideInWords } from "../slice/planes.js";
import { crossText } from "./panels/cross_hair_text.js";

const BAR_COLOUR = "#5f7183";
const GAP_SHARE = 0.3; // of the room a bar has
const LARGEST = "To the slice with the largest tumour (M)";
const THUMB_WIDTH = 12; // as in styles/slice_strip.css: the thumb's middle travels this much less

export class Strip {
  constructor(actions) {
    this.bars = element("canvas", { class: "bars", "aria-hidden": "true" });
    this.slider = element("input", { type: "range", min: "1", "aria-label": "Slice" });
    this.slider.oninput = () => actions.goTo(this.slider.valueAsNumber - 1);
    this.playIcon = icon("play");
    this.playText = element("span");
    this.play = button("", () => actions.togglePlay());
    this.play.append(this.playIcon, this.playText);
    this.readout = element("output", { class: "readout" });
    this.largest = button("Largest tumour", () => actions.goToLargest());
    this.largest.prepend(icon("peak"));
    this.spot = element("output", { class: "spot" });
    this.hint = element("span", { class: "hint" });
    this.node = element(
      "div",
      { class: "strip" },
      stepButton("previous", "Previous slice", () => actions.step(-1)),
      element("div", { class: "track" }, this.bars, this.slider),
      stepButton("next", "Next slice", () => actions.step(1)),
      this.buildLine(),
    );
  }

  buildLine() {
    const parts = [this.play, this.readout, this.largest, this.spot, this.hint];
    return element("div", { class: "below" }, ...parts);
  }

  render(scene) {
    const { index, count, playing, plane, ready } = scene;
    setStyle(this.node, "visibility", ready ? "visible" : "hidden");
    setAttribute(this.slider, "max", count);
    if (this.slider.valueAsNumber !== index + 1) this.slider.value = String(index + 1);
    const text = `slice ${index + 1} of ${count}`;
    setAttribute(this.slider, "aria-valuetext", `${plane.name} ${text}`);
    setText(this.readout, text);
    // Read aloud at each step, but not twelve times a second.
    setAttribute(this.readout, "aria-live", playing ? "off" : "polite");
    setIcon(this.playIcon, playing ? "pause" : "play");
    setText(this.playText, playing ? "Pause" : "Play");
    allow(this.largest, noLargest(scene), LARGEST);
    setText(this.spot, crossText(scene));
    const keys = scene.narrow ? "" : " · ? lists all keys";
    setText(this.hint, sideInWords(plane, scene.frame) + keys);
    this.renderBars(scene);
  }

  renderBars({ areas, count, width }) {
    const same = this.drawn?.areas === areas && this.drawn.width === width;
    if (same && this.drawn.count === count) return;
    this.drawn = { areas, width, count };
    drawBars(this.bars, areas, count);
  }
}

function noLargest({ areas }) {
  if (!areas) return "Nobody has drawn a tumour yet";
  return areas.some((area) => area > 0) ? null : "No tumour was drawn";
}

function drawBars(canvas, areas, count) {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  if (!areas) return;
  const context = canvas.getContext("2d");
  context.fillStyle = BAR_COLOUR;
  const largest = areas.reduce((a, b) => Math.max(a, b), 1);
  const inset = (THUMB_WIDTH / 2) * ratio;
  const pitch = (canvas.width - 2 * inset) / Math.max(count - 1, 1);
  // Whole pixels, and no gaps where they would be finer than that: 300 slices on a phone.
  const edge = (i) => Math.round(inset + (i - 0.5) * pitch);
  const gap = Math.floor(pitch * GAP_SHARE);
  areas.forEach((area, i) => {
    if (area === 0) return;
    const height = Math.max((area / largest) * canvas.height, ratio);
    const width = Math.max(edge(i + 1) - edge(i) - gap, 1);
    context.fillRect(edge(i) + (gap >> 1), canvas.height - height, width, height);
  });
}

function stepButton(name, label, onclick) {
  const node = button("", onclick);
  node.append(icon(name));
  setAttribute(node, "aria-label", label);
  setAttribute(node, "title", label);
  return node;
}
