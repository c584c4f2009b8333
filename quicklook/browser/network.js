// The network in ONNX Runtime: one slice in, probabilities of three regions out.

export async function openNetwork({ ort, wasm, model, divisor }) {
  const script = URL.createObjectURL(new Blob([ort], { type: "text/javascript" }));
  const runtime = await import(script);
  URL.revokeObjectURL(script);
  runtime.env.wasm.wasmBinary = await gunzip(wasm);
  runtime.env.wasm.numThreads = 1; // more need a page that no other site may have opened
  const session = await runtime.InferenceSession.create(model, { executionProviders: ["wasm"] });
  return new Network(runtime, session, divisor);
}

async function gunzip(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

class Network {
  constructor(runtime, session, divisor) {
    this.runtime = runtime;
    this.session = session;
    this.divisor = divisor;
  }

  // channels: four planes as the network reads them, rows from front to back and columns from the
  // patient's right to the left. The answer: three such planes, 0 where there is no tissue.
  async probabilities(channels, width, height) {
    const [wide, high] = [width, height].map((size) => Math.ceil(size / this.divisor) * this.divisor);
    const input = new Float32Array(channels.length * wide * high);
    channels.forEach((plane, channel) => {
      for (let row = 0; row < height; row++) {
        const values = plane.subarray(row * width, (row + 1) * width);
        input.set(values, (channel * high + row) * wide);
      }
    });
    const slices = new this.runtime.Tensor("float32", input, [1, channels.length, high, wide]);
    const { logits } = await this.session.run({ slices });
    const tissue = tissueOf(channels);
    return [0, 1, 2].map((region) => {
      const plane = new Float32Array(tissue.length);
      for (let i = 0; i < plane.length; i++) {
        if (!tissue[i]) continue;
        const row = region * high + Math.floor(i / width);
        plane[i] = toHalf(1 / (1 + Math.exp(-logits.data[row * wide + (i % width)])));
      }
      return plane;
    });
  }
}

function tissueOf(channels) {
  const tissue = new Uint8Array(channels[0].length);
  for (const plane of channels) {
    for (let i = 0; i < tissue.length; i++) if (plane[i] !== 0) tissue[i] = 1;
  }
  return tissue;
}

// Rounded to the eleven digits that float16 has, in which the server keeps probabilities
// (Veltkamp 1968).
function toHalf(value) {
  const far = Math.fround(value * 8193);
  return Math.fround(far - Math.fround(far - value));
}
