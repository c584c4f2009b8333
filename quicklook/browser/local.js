// The compare view of a scan that never travelled: what it shows is put on the page's store here,
// where otherwise the server's parcels arrive.

import { parkDecoded } from "../../viewer/browser/received/page_store.js";

const MARGIN = 4; // voxels of black around the brain, as in viewer/scan.py

let count = 0;

export class LocalView {
  // number: of an earlier view of the same scan, whose slice and zoom this one takes over.
  constructor(parent, code, { key, words, panel }, number = ++count) {
    this.number = number;
    this.words = { ...words, key: `${key}-${this.number}`, affine: null, height: null };
    this.panel = { ...panel, status: "running" };
    this.parked = [];
    this.compare = new code.Compare(parent, this.words.key, code.css);
  }

  close() {
    this.compare?.close();
    this.compare = null;
    for (const release of this.parked) release();
    this.parked = [];
  }

  showScan({ shape, affine, spacing, box, modalities }) {
    const grids = modalities.map(({ name, bytes, window }) => [
      name, { ...gridOf(bytes, box), window },
    ]);
    const around = box.map(([start, stop], axis) => [
      Math.max(start - MARGIN, 0), Math.min(stop + MARGIN, shape[axis]),
    ]);
    Object.assign(this.words, {
      scan: this.park("scan", { shape, spacing, box: around, modalities: new Map(grids) }),
      present: modalities.map(({ name }) => name),
      affine: [...affine, [0, 0, 0, 1]],
    });
    this.update();
  }

  showProgress(share) {
    this.panel.progress = share;
    this.update();
  }

  showLabels({ data, box }, volume_ml, seconds) {
    const labels = this.park("labels", gridOf(data, box));
    Object.assign(this.panel, { status: "done", labels, volume_ml, seconds });
    this.update();
  }

  update() {
    this.compare.update({ ...this.words, panels: [{ ...this.panel }] });
  }

  park(what, content) {
    const name = `local-${this.number}-${what}`;
    this.parked.push(parkDecoded(name, content));
    return name;
  }
}

// x fastest, as the viewer's grids are.
function gridOf(data, box) {
  const [nx, ny] = box.map(([start, stop]) => stop - start);
  return { data, box, strides: [1, nx, nx * ny] };
}
