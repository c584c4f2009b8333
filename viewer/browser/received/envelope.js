// Reads the envelope that viewer/parcel.py writes.

export function readHeader(bytes) {
  return JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + headerLength(bytes))));
}

export function unpack(bytes) {
  const header = readHeader(bytes);
  let start = 4 + headerLength(bytes);
  const blobs = header.sizes.map((size) => bytes.subarray(start, (start += size)));
  return { header, blobs };
}

export async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function headerLength(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}
