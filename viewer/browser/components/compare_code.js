// An invisible component: parks the code and the styles that views run on. They travel apart
// from the views, whose messages are sent anew at every step of a progress bar.

import { Compare } from "../compare/compare.js";
import { hideElement } from "./hide_component.js";
import { park } from "../received/page_store.js";

export default function code({ data, parentElement }) {
  hideElement(parentElement);
  return park(data.hash, { Compare, css: data.css }, parentElement);
}
