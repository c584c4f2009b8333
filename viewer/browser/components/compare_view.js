// The visible component of the compare view: opens it in its element once its code has arrived,
// and hands it what each rerun brings.

import { parcelOf, takeTenure } from "../received/page_store.js";
import { closeView, viewIn } from "./open_views.js";

export default function compareView({ data, parentElement }) {
  const tenure = takeTenure(parentElement);
  parcelOf(data.code).then((code) => {
    if (!tenure.holds()) return;
    const open = () => new code.Compare(parentElement, data.key, code.css);
    viewIn(parentElement, `${data.code} ${data.key}`, open).update(data);
  });
  return () => {
    if (tenure.holds()) closeView(parentElement);
  };
}
