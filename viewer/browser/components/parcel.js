// An invisible component: parks the bytes it was given under the hash of their content.

import { readHeader } from "../received/envelope.js";
import { hideElement } from "./hide_component.js";
import { park } from "../received/page_store.js";

export default function parcel({ data, parentElement }) {
  hideElement(parentElement);
  return park(readHeader(data).hash, data, parentElement);
}
