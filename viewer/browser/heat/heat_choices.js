// What a person has chosen in a heat map. Kept through reruns and page changes; a slice of another
// scan means nothing here.

import { pageStore } from "../received/page_store.js";

export function heatChoices({ key, scan, start, maps, modalities, present }) {
  const { choices } = pageStore();
  const modality = present.includes("flair") ? "flair" : present[0] ?? modalities[0].key;
  const fresh = { scan, map: maps[0].key, region: "wt", modality, index: start, opacity: 0.6 };
  if (choices.get(key)?.scan !== scan) choices.set(key, fresh);
  return choices.get(key);
}
