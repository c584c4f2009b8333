// The strip under the panels: tumour area per slice, the one slider of all panels, and play.

import { allow, button } from "../controls/buttons.js";
import { element, setAttribute, setStyle, setText } from "../controls/dom.js";
import { icon, setIcon } from "../controls/icons.js";
import { SliceSlider, sliceText } from "../controls/slice_slider.js";
import { sideInWords } from "../slice/planes.js";
import { crossText } from "./panels/cross_hair_text.js";

const LARGEST = "To the slice with the largest tumour (M)";

export class Strip {
  constructor(actions) {
    this.slider = new SliceSlider((index) => actions.goTo(index));
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
      this.slider.node,
      stepButton("next", "Next slice", () => actions.step(1)),
      this.buildLine(),
    );
  }

  buildLine() {
    const parts = [this.play, this.readout, this.largest, this.spot, this.hint];
    return element("div", { class: "below" }, ...parts);
  }

  render(scene) {
    const { areas, count, width, playing, plane, ready } = scene;
    setStyle(this.node, "visibility", ready ? "visible" : "hidden");
    const text = sliceText(scene);
    this.slider.render(scene, `${plane.name} ${text}`);
    setText(this.readout, text);
    // Read aloud at each step, but not twelve times a second.
    setAttribute(this.readout, "aria-live", playing ? "off" : "polite");
    setIcon(this.playIcon, playing ? "pause" : "play");
    setText(this.playText, playing ? "Pause" : "Play");
    allow(this.largest, noLargest(scene), LARGEST);
    setText(this.spot, crossText(scene));
    const keys = scene.narrow ? "" : " · ? lists all keys";
    setText(this.hint, sideInWords(plane, scene.frame) + keys);
    this.slider.renderBars(areas, count, width);
  }
}

function noLargest({ areas }) {
  if (!areas) return "Nobody has drawn a tumour yet";
  return areas.some((area) => area > 0) ? null : "No tumour was drawn";
}

function stepButton(name, label, onclick) {
  const node = button("", onclick);
  node.append(icon(name));
  setAttribute(node, "aria-label", label);
  setAttribute(node, "title", label);
  return node;
}
