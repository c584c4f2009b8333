// What has arrived for a view: the scan, the label maps (of which the brain mask is one) and the
// probabilities its data names.

import { decodedParcel } from "./page_store.js";
import { decodeLabels, decodeProbability, decodeScan } from "./volumes.js";

export class Content {
  constructor(onArrival) {
    this.onArrival = onArrival;
    this.scan = null;
    this.labels = new Map(); // hash -> label map, null until it is here
    this.probabilities = new Map(); // hash -> one grid a region, likewise
    this.problem = null;
  }

  follow({ scan, panels, brain }) {
    this.fetchScan(scan);
    const maps = panels.flatMap(({ labels, quickLook }) => [labels, quickLook?.labels]);
    this.fetchAll(this.labels, [...maps, brain], decodeLabels);
    const probabilities = panels.map(({ probability }) => probability);
    this.fetchAll(this.probabilities, probabilities, decodeProbability);
  }

  // The panels as Python described them, with what has arrived for each.
  describe(panels) {
    return panels.map((panel) => ({
      ...panel,
      grid: this.labels.get(panel.labels) ?? null,
      quickLook: this.quickLookOf(panel),
      regions: this.probabilities.get(panel.probability) ?? null,
    }));
  }

  // Null until it is here: a quick look that is not drawn is not spoken of.
  quickLookOf({ quickLook }) {
    const grid = this.labels.get(quickLook?.labels);
    return grid ? { name: quickLook.name, grid } : null;
  }

  // All that is drawn over the scan, whose boxes the picture must cover.
  get grids() {
    const probabilities = [...this.probabilities.values()].flatMap((grids) => [
      ...(grids?.values() ?? []),
    ]);
    return [...this.labels.values(), ...probabilities].filter(Boolean);
  }

  fetchScan(hash) {
    if (this.scanHash === hash) return;
    this.scanHash = hash;
    this.scan = null;
    this.fetch(hash, decodeScan, (scan) => {
      if (this.scanHash === hash) this.scan = scan;
    });
  }

  fetchAll(kept, named, decode) {
    const hashes = new Set(named.filter(Boolean));
    for (const hash of kept.keys()) if (!hashes.has(hash)) kept.delete(hash);
    for (const hash of hashes) {
      if (kept.has(hash)) continue;
      kept.set(hash, null);
      this.fetch(hash, decode, (content) => kept.has(hash) && kept.set(hash, content));
    }
  }

  async fetch(hash, decode, accept) {
    try {
      accept(await decodedParcel(hash, decode));
    } catch (error) {
      console.error(error);
      this.problem = "This browser could not unpack the scan. A newer one will.";
    }
    this.onArrival();
  }
}
