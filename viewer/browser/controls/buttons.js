// The kinds of controls that the view is made of.

import { element, setAttribute } from "./dom.js";
import { icon } from "./icons.js";

export function button(text, onclick) {
  return element("button", { type: "button", onclick }, ...(text ? [text] : []));
}

// A button that shows an icon alone; its label is spoken, and shown when pointed at.
export function iconButton(name, label, onclick) {
  const node = button("", onclick);
  node.append(icon(name));
  setLabel(node, label);
  return node;
}

export function setLabel(node, label) {
  setAttribute(node, "aria-label", label);
  setAttribute(node, "title", label);
}

export function press(node, pressed) {
  setAttribute(node, "aria-pressed", String(pressed));
}

// Greyed out where there is a reason, which is shown when pointed at.
export function allow(node, reason, title = null) {
  node.disabled = Boolean(reason);
  setAttribute(node, "title", reason || title);
}

export function group(label, look, ...children) {
  const attributes = { class: `group ${look}`, role: "group", "aria-label": label };
  return element("div", attributes, ...children);
}

export function slider(label, { min, max }, oninput) {
  const node = element("input", {
    type: "range", class: "range", min, max, "data-own-keys": true, "aria-label": label,
  });
  node.oninput = () => oninput(node.valueAsNumber);
  return node;
}

export function setSlider(node, value) {
  const whole = String(Math.round(value));
  if (node.value !== whole) node.value = whole;
  const [low, high] = [Number(node.min), Number(node.max)];
  node.style.setProperty("--filled", `${(100 * (Number(node.value) - low)) / (high - low)}%`);
}

export function withWord(word, control) {
  return element("label", { class: "worded" }, element("span", { class: "word" }, word), control);
}
