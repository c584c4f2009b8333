// The controls above the panels: what is seen (modality, plane, layer), and a second row of which
// panels and how large and how bright. On a phone all but the modality is folded away.

import { button, setSlider, slider, withWord } from "../../controls/buttons.js";
import { ChoiceButtons, ModalityButtons } from "../../controls/choice_buttons.js";
import { element, setAttribute } from "../../controls/dom.js";
import { icon } from "../../controls/icons.js";
import { LAYERS } from "../../slice/layers.js";
import { PLANES, titleOf } from "../../slice/planes.js";
import { Legend } from "./legend.js";
import { Tools } from "./second_row.js";

const PLANE_CHOICES = Object.values(PLANES).map(({ name, short }) => ({
  key: name, name: short, title: titleOf(name), spoken: titleOf(name),
}));

export class Toolbar {
  constructor(actions, { modalities, labels }) {
    this.modalities = new ModalityButtons(modalities, (key) => actions.chooseModality(key));
    this.planes = new ChoiceButtons("Plane", PLANE_CHOICES, (key) => actions.choosePlane(key));
    this.layers = new ChoiceButtons("Layer", LAYERS, (key) => actions.chooseLayer(key));
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
    const seen = element(
      "div",
      { class: "row folded" },
      this.planes.node,
      this.layers.node,
      this.legend.node,
      withWord("Opacity", this.opacity),
    );
    return element(
      "div",
      { class: "toolbar", id: "view-options", role: "toolbar", "aria-label": "View" },
      element("div", { class: "row" }, this.modalities.node, seen, this.fold),
      this.tools.node,
    );
  }

  render(scene) {
    this.modalities.render(scene.modalityName, scene.present);
    this.planes.render(scene.plane.name, ({ key }) => scene.planeReasons[key]);
    this.layers.render(scene.layer, ({ key }) => scene.layerReasons[key]);
    this.legend.render(scene);
    setSlider(this.opacity, scene.opacity * 100);
    this.tools.render(scene);
    setAttribute(this.fold, "aria-expanded", String(scene.toolbarOpen));
    setAttribute(this.node, "data-open", scene.toolbarOpen);
  }
}
