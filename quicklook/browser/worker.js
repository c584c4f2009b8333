// Beside the page, so that the page does not freeze: takes files, answers with what it has found.

import { openNetwork } from "./network.js";
import { COULD_NOT_RUN, Refused } from "./refused.js";
import { segment } from "./segment.js";

let network = null;

self.onmessage = async ({ data: { engine, files } }) => {
  if (engine) network = openNetwork(engine);
  if (!files) return;
  try {
    const found = await segment(files, network, {
      onScan: (scan) => self.postMessage({ kind: "scan", scan }),
      onProgress: (share) => self.postMessage({ kind: "progress", share }),
    });
    self.postMessage({ kind: "done", ...found });
  } catch (error) {
    if (!(error instanceof Refused)) console.error(error);
    const sentence = error instanceof Refused ? error.message : COULD_NOT_RUN;
    self.postMessage({ kind: "refused", sentence });
  }
};
