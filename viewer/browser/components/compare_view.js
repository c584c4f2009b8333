// The visible component: opens the view in its element once its code has arrived, and hands it
// what each rerun brings.

import { pageStore, parcelOf, takeTenure } from "../received/page_store.js";

export default function view({ data, parentElement }) {
  const tenure = takeTenure(parentElement);
  parcelOf(data.code).then((code) => {
    if (tenure.holds()) openView(parentElement, data, code).update(data);
  });
  return () => {
    if (tenure.holds()) closeView(parentElement);
  };
}

function openView(element, data, code) {
  const { open } = pageStore();
  const standing = open.get(element);
  // Another code or key means a new deployment, or another view in the same place.
  if (standing?.code === data.code && standing.key === data.key) return standing.view;
  closeView(element);
  const opened = new code.Compare(element, data.key, code.css);
  open.set(element, { code: data.code, key: data.key, view: opened });
  return opened;
}

function closeView(element) {
  const { open } = pageStore();
  open.get(element)?.view.close();
  open.delete(element);
}
