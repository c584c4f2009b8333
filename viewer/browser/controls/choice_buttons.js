// Buttons side by side, of which one is pressed.

import { allow, button, group, press } from "./buttons.js";
import { setAttribute } from "./dom.js";

export class ChoiceButtons {
  // `options` is a list of { key, name, title, spoken }; `name` stands on the button, `title` is
  // shown when pointed at, and `spoken` read aloud where the name is cut short.
  constructor(label, options, choose) {
    this.options = options.map((option) => {
      const node = button(option.name, () => choose(option.key));
      setAttribute(node, "aria-label", option.spoken);
      return { ...option, node };
    });
    this.node = group(label, "segments", ...this.options.map(({ node }) => node));
  }

  // `reasonOf` says of an option why it cannot be chosen; null where it can.
  render(chosen, reasonOf = () => null) {
    for (const option of this.options) {
      allow(option.node, reasonOf(option), option.title);
      press(option.node, option.key === chosen);
    }
  }
}

export class ModalityButtons extends ChoiceButtons {
  constructor(modalities, choose) {
    super("Modality", modalities, choose);
  }

  render(chosen, present) {
    const reasonOf = ({ key, name }) => (present.includes(key) ? null : `${name} was not given`);
    super.render(chosen, reasonOf);
  }
}
