// An invisible component: tells the view of a key how far the work of its panels is. It travels
// alone: a view that comes anew at each step costs browser and server more than the step itself.

import { hideElement } from "./hide_component.js";
import { progressOf, takeTenure } from "../received/page_store.js";

export default function progress({ data, parentElement }) {
  hideElement(parentElement);
  const tenure = takeTenure(parentElement);
  const state = progressOf(data.key);
  state.panels = data.panels;
  state.listener?.();
  return () => {
    if (tenure.holds()) state.panels = {};
  };
}
