// Which panels are shown: one to four of all there are.

import { allow, button, group, press } from "../../controls/buttons.js";
import { element, setStyle, setText } from "../../controls/dom.js";

export const MOST_PANELS = 4;

// Without a choice: what answers for itself, up to the most there may be.
export function chosenPanels(available, chosen) {
  const wanted = available.filter(({ key }) => chosen?.includes(key));
  const usual = available.filter(({ derived, plain }) => !derived && !plain);
  const shown = wanted.length ? wanted : usual.length ? usual : available;
  return shown.slice(0, MOST_PANELS);
}

export class Chooser {
  constructor(actions) {
    this.actions = actions;
    this.node = group("Choose panels", "loose chooser");
    this.buttons = new Map();
  }

  render({ available, panels }) {
    this.match(available);
    const shown = new Set(panels.map(({ key }) => key));
    for (const { key, name, colour } of available) {
      const node = this.buttons.get(key);
      setText(node.lastChild, name);
      setStyle(node, "--swatch", colour);
      press(node, shown.has(key));
      allow(node, this.reason(shown, key), name);
    }
  }

  reason(shown, key) {
    if (shown.has(key)) return shown.size === 1 ? "The last panel stays" : null;
    return shown.size < MOST_PANELS ? null : "Four panels at most: take one away first";
  }

  match(available) {
    const order = available.map(({ key }) => key).join("\n");
    if (this.order === order) return;
    this.order = order;
    this.buttons = new Map(available.map(({ key }) => [key, this.build(key)]));
    this.node.replaceChildren(...this.buttons.values());
  }

  build(key) {
    const node = button("", () => this.actions.togglePanel(key));
    node.append(element("span", { class: "swatch" }), element("span", { class: "label" }));
    return node;
  }
}
