// Keeps the view that stands in an element of the page from rerun to rerun.

import { pageStore } from "../received/page_store.js";

// The view in the element, which `open` makes where there is none. Another identity means
// another view in the same place, or a new deployment.
export function viewIn(element, identity, open) {
  const { open: standing } = pageStore();
  const known = standing.get(element);
  if (known?.identity === identity) return known.view;
  closeView(element);
  const view = open();
  standing.set(element, { identity, view });
  return view;
}

export function closeView(element) {
  const { open: standing } = pageStore();
  standing.get(element)?.view.close();
  standing.delete(element);
}
