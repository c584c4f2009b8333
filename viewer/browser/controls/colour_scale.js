// A bar of the colours of a map, between what its two ends mean.

import { mapGradient } from "../slice/colour_maps.js";
import { element, setStyle, setText } from "./dom.js";

export class ColourScale {
  constructor() {
    this.bar = element("span", { class: "gradient" });
    [this.low, this.high] = [element("span"), element("span")];
    this.node = element("div", { class: "scale" }, this.low, this.bar, this.high);
  }

  render(map, [low, high]) {
    setStyle(this.bar, "background", mapGradient(map));
    setText(this.low, low);
    setText(this.high, high);
  }
}
