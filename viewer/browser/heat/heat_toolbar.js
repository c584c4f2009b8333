// The controls above a heat map.

import { allow, iconButton, setSlider, slider, withWord } from "../controls/buttons.js";
import { ChoiceButtons, ModalityButtons } from "../controls/choice_buttons.js";
import { ColourScale } from "../controls/colour_scale.js";
import { element } from "../controls/dom.js";
import { REGION_CHOICES } from "../slice/layers.js";
import { MAP_COLOURS } from "./heat_scene.js";

const SAVE = "Save the picture";

export class HeatToolbar {
  constructor({ maps, modalities }, { choose, save }) {
    this.ends = new Map(maps.map(({ key, low, high }) => [key, [low, high]]));
    this.modalities = new ModalityButtons(modalities, (modality) => choose({ modality }));
    this.maps = new ChoiceButtons("Map", maps, (map) => choose({ map }));
    const regions = REGION_CHOICES.filter(({ key }) => key !== "any");
    this.regions = new ChoiceButtons("Region", regions, (region) => choose({ region }));
    this.scale = new ColourScale();
    this.opacity = slider("Opacity of the map", { min: 0, max: 100 }, (percent) =>
      choose({ opacity: percent / 100 }),
    );
    this.save = iconButton("save", SAVE, save);
    this.node = this.build();
  }

  build() {
    const parts = [this.modalities, this.maps, this.regions, this.scale];
    const row = element(
      "div",
      { class: "row" },
      ...parts.map(({ node }) => node),
      withWord("Opacity", this.opacity),
      this.save,
    );
    return element("div", { class: "toolbar", role: "toolbar", "aria-label": "View" }, row);
  }

  render({ map, region, modality, opacity }, present, ready) {
    this.modalities.render(modality, present);
    this.maps.render(map);
    this.regions.render(region);
    this.scale.render(MAP_COLOURS, this.ends.get(map));
    setSlider(this.opacity, opacity * 100);
    allow(this.save, ready ? null : "The scan is on its way", SAVE);
  }
}
