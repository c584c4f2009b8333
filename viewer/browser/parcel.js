// An invisible component: parks the bytes it was given under the hash of their content.

import { readHeader } from "./envelope.js";
import { hideElement } from "./page.js";
import { park } from "./store.js";

export default function parcel({ data, parentElement }) {
  hideElement(parentElement);
  return park(readHeader(data).hash, data, parentElement);
}
