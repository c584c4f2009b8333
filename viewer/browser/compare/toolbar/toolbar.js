// The controls above the panels: what is seen (modality, plane, layer), and a second row of which
// panels and how large and how bright. On a phone all but the modality is folded away.

import {
  allow, button, group, press, setSlider, slider, withWord,
} from "../../controls/buttons.js";
import { element, setAttribute } from "../../controls/dom.js";
import { icon } from "../../controls/icons.js";
import { LAYERS } from "../../slice/layers.js";
import { Legend } from "./legend.js";
import { PLANES, titleOf } from "../../slice/planes.js";
import { Tools } from "./second_row.js";

export class Toolbar {
  constructor(actions, { modalities, labels }) {
    this.modalities = modalities.map((modality) => ({
      ...modality,
      button: button(modality.name, () => actions.chooseModality(modality.key)),
    }));
    this.planes = Object.values(PLANES).map(({ name, short }) => ({
      name,
      title: titleOf(name),
      button: planeButton(name, short, actions),
    }));
    this.layers = LAYERS.map(({ key, name }) => ({
      key,
      button: button(name, () => actions.chooseLayer(key)),
    }));
    this.legend = new Legend(actions, labels);
    this.opacity = slider("Opacity of the labels", { min: 0, max: 100 }, (percent) =>
      actions.chooseOpacity(percent / 100),
    );
    this.tools = new Tools(actions);
    this.fold = button("", () => actions.toggleToolbar());
    this.fold.append(icon("sliders"), "View");
    this.node = this.build();
  }

  build() {
    this.fold.classList.add("fold");
    setAttribute(this.fold, "aria-controls", "view-options");
    const buttonsOf = (controls) => controls.map((control) => control.button);
    const modality = group("Modality", "segments", ...buttonsOf(this.modalities));
    const seen = element(
      "div",
      { class: "row folded" },
      group("Plane", "segments", ...buttonsOf(this.planes)),
      group("Layer", "segments", ...buttonsOf(this.layers)),
      this.legend.node,
      withWord("Opacity", this.opacity),
    );
    return element(
      "div",
      { class: "toolbar", id: "view-options", role: "toolbar", "aria-label": "View" },
      element("div", { class: "row" }, modality, seen, this.fold),
      this.tools.node,
    );
  }

  render(scene) {
    for (const { key, name, button: node } of this.modalities) {
      allow(node, scene.present.includes(key) ? null : `${name} was not given`);
      press(node, key === scene.modalityName);
    }
    for (const { name, title, button: node } of this.planes) {
      allow(node, scene.planeReasons[name], title);
      press(node, name === scene.plane.name);
    }
    for (const { key, button: node } of this.layers) {
      allow(node, scene.layerReasons[key]);
      press(node, key === scene.layer);
    }
    this.legend.render(scene);
    setSlider(this.opacity, scene.opacity * 100);
    this.tools.render(scene);
    setAttribute(this.fold, "aria-expanded", String(scene.toolbarOpen));
    setAttribute(this.node, "data-open", scene.toolbarOpen);
  }
}

function planeButton(name, short, actions) {
  const node = button(short, () => actions.choosePlane(name));
  setAttribute(node, "aria-label", titleOf(name));
  return node;
}
