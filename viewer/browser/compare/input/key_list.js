// The list of keys, over the view.

import { iconButton } from "../../controls/buttons.js";
import { element } from "../../controls/dom.js";
import { KEYS, MOUSE } from "./keys.js";

export class Help {
  constructor(actions) {
    this.node = element(
      "dialog",
      { class: "help", "aria-label": "Keys and mouse" },
      iconButton("close", "Close", () => actions.toggleHelp()),
      element("h2", {}, "Keys"),
      listOf(KEYS),
      element("h2", {}, "Mouse and touch"),
      listOf(MOUSE),
    );
    // Keys belong to the list while it is open; it closes with Escape by itself, or with ?.
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "?") event.stopPropagation();
    });
  }

  toggle() {
    if (this.node.open) this.node.close();
    else this.node.showModal();
  }
}

function listOf(entries) {
  const rows = entries.map(({ names, text }) =>
    element("div", {}, element("dt", {}, ...names.map(keyCap)), element("dd", {}, text)),
  );
  return element("dl", {}, ...rows);
}

function keyCap(name) {
  return element("kbd", {}, name);
}
