// The visible component of a heat map: its code comes with it.

import { HeatView } from "../heat/heat_view.js";
import { takeTenure } from "../received/page_store.js";
import { closeView, viewIn } from "./open_views.js";

export default function heatView({ data, parentElement }) {
  const tenure = takeTenure(parentElement);
  viewIn(parentElement, data.key, () => new HeatView(parentElement, data)).update(data);
  return () => {
    if (tenure.holds()) closeView(parentElement);
  };
}
