// Reads a NIfTI-1 file: its grid, and its voxels as numbers. A header is a claim: no more is
// unpacked than it claims, and it may claim no more than a scan.

import { unpackMembers } from "./gzip.js";
import { ON_THE_SERVER, Refused } from "./refused.js";

const HEADER_BYTES = 348;
const NIFTI_2_BYTES = 540;
const MOST_VOXELS = 20_000_000; // what the server holds of one image
const SPACING_MM = [0.05, 50]; // as there: outside it is in metres or micrometres
const MOST_BEFORE_VOXELS = 1024 ** 2; // text and DICOM extensions are kilobytes
const MOST_UNPACKED = 8 * MOST_VOXELS + 2 * MOST_BEFORE_VOXELS;

const TYPES = {
  2: Uint8Array, 256: Int8Array, 4: Int16Array, 512: Uint16Array,
  8: Int32Array, 768: Uint32Array, 16: Float32Array, 64: Float64Array,
};

// { name, shape, affine (rows of voxel to world in mm), voxels (Float32Array, first axis fastest),
// unnumbered (how many of them had no number) }
export async function readNifti(file) {
  try {
    return await readFrom(await openSource(file));
  } catch (error) {
    const again = await openMembers(file);
    if (!again) throw error;
    return readFrom(again);
  }
}

async function readFrom(source) {
  try {
    const header = readHeader(await source.take(HEADER_BYTES), source.name);
    await source.take(header.offset - HEADER_BYTES);
    const bytes = await source.take(header.count * header.type.BYTES_PER_ELEMENT);
    return { ...header, ...toNumbers(bytes, header) };
  } finally {
    source.close();
  }
}

async function openSource(file) {
  const start = await firstBytes(file);
  const packed = start[0] === 0x1f && start[1] === 0x8b;
  const plain = file.stream();
  const stream = packed ? plain.pipeThrough(new DecompressionStream("gzip")) : plain;
  return new Source(stream.getReader(), file.name, packed);
}

// Of a gzip that is no single member; null where it is none, or damaged.
async function openMembers(file) {
  const start = await firstBytes(file);
  if (!(start[0] === 0x1f && start[1] === 0x8b)) return null;
  const bytes = new Uint8Array(await file.arrayBuffer().catch(() => 0));
  const chunks = await unpackMembers(bytes, MOST_UNPACKED);
  return chunks && new Source(new Blob(chunks).stream().getReader(), file.name, true);
}

// None of a folder, or of a file that was moved since it was chosen.
async function firstBytes(file) {
  return new Uint8Array(await file.slice(0, 2).arrayBuffer().catch(() => 0));
}

class Source {
  constructor(reader, name, packed) {
    this.reader = reader;
    this.name = name;
    this.packed = packed;
    this.rest = new Uint8Array(0);
  }

  async take(count) {
    const bytes = new Uint8Array(count);
    for (let filled = 0; filled < count; ) {
      if (!this.rest.length) this.rest = await this.next();
      const part = this.rest.subarray(0, count - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.rest = this.rest.subarray(part.length);
    }
    return bytes;
  }

  async next() {
    const { done, value } = await this.reader.read().catch(() => {
      throw new Refused(
        this.packed
          ? `${this.name} is damaged; copy or export it again.`
          : `${this.name} cannot be opened; choose the file itself, where it lies now.`,
      );
    });
    if (done) throw new Refused(`${this.name} is not a whole NIfTI file; copy or export it again.`);
    return value;
  }

  close() {
    this.reader.cancel().catch(() => {}); // what is behind the voxels does not matter
  }
}

function readHeader(bytes, name) {
  const view = new DataView(bytes.buffer);
  const little = isLittle(view, name);
  if (String.fromCharCode(...bytes.subarray(344, 347)) !== "n+1") {
    throw new Refused(
      `${name} is half of a pair of .hdr and .img; convert the pair to one .nii file, or give ` +
        "both to “On the server”.",
    );
  }
  const shorts = (at, count) =>
    Array.from({ length: count }, (_, i) => view.getInt16(at + 2 * i, little));
  const floats = (at, count) =>
    Array.from({ length: count }, (_, i) => view.getFloat32(at + 4 * i, little));
  const [axes, ...sizes] = shorts(40, 8);
  const shape = sizes.slice(0, 3);
  if (axes < 3 || axes > 7 || sizes.slice(3, axes).some((size) => size > 1)) {
    throw new Refused(`${name} does not hold one volume; ${ON_THE_SERVER}`);
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (shape.some((size) => size < 1)) {
    throw new Refused(`${name} is damaged; copy or export it again.`);
  }
  if (count > MOST_VOXELS) {
    throw new Refused(
      `${name} states ${shape.join("×")} voxels, more than the ` +
        `${MOST_VOXELS / 1e6} million that are read here; ${ON_THE_SERVER}`,
    );
  }
  const type = TYPES[view.getInt16(70, little)];
  if (!type) throw new Refused(`${name} does not hold plain numbers; ${ON_THE_SERVER}`);
  const [offset, slope, inter] = floats(108, 3);
  if (!(offset >= HEADER_BYTES && offset <= MOST_BEFORE_VOXELS)) {
    throw new Refused(`${name} is damaged; copy or export it again.`);
  }
  const affine = affineOf({ shorts, floats }, name);
  checkSpacing(affine, name);
  return { name, shape, count, type, little, offset: Math.floor(offset), slope, inter, affine };
}

// Which byte order gives the header the size it has.
function isLittle(view, name) {
  const sizes = [true, false].map((little) => view.getInt32(0, little));
  if (sizes.includes(HEADER_BYTES)) return sizes[0] === HEADER_BYTES;
  throw new Refused(
    sizes.includes(NIFTI_2_BYTES)
      ? `${name} is NIfTI-2, which is not read here; ${ON_THE_SERVER}`
      : `${name} is no NIfTI file; choose the scan's own .nii or .nii.gz.`,
  );
}

function checkSpacing(affine, name) {
  if (!affine.flat().every(Number.isFinite)) {
    throw new Refused(`${name} does not state where its voxels lie; export it again.`);
  }
  const sizes = [0, 1, 2].map((axis) => Math.hypot(...affine.map((row) => row[axis])));
  const [least, most] = SPACING_MM;
  if (sizes.every((size) => size >= least && size <= most)) return;
  const millimetres = sizes.map((size) => Number(size.toPrecision(3))).join("×");
  throw new Refused(
    `${name} has voxels of ${millimetres} mm; a scan has between ${least} and ${most} mm.`,
  );
}

// As nibabel chooses: the sform, else the qform, of which no voxel is less than nothing long.
function affineOf({ shorts, floats }, name) {
  const [qform, sform] = shorts(252, 2);
  if (sform > 0) return [floats(280, 4), floats(296, 4), floats(312, 4)];
  if (qform <= 0) {
    throw new Refused(`${name} does not state where left and right are; ${ON_THE_SERVER}`);
  }
  const [face, ...sizes] = floats(76, 4).map((size, i) => (i ? Math.abs(size) : size));
  const [b, c, d, ...origin] = floats(256, 6);
  const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
  const rotation = [
    [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
    [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
    [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
  ];
  const steps = [sizes[0], sizes[1], face < 0 ? -sizes[2] : sizes[2]];
  return rotation.map((row, i) => [...row.map((value, axis) => value * steps[axis]), origin[i]]);
}

function toNumbers(bytes, { type, little, slope, inter, name }) {
  if (!little) swap(bytes, type.BYTES_PER_ELEMENT);
  const voxels = new Float32Array(new type(bytes.buffer));
  const scaled = Number.isFinite(slope) && slope !== 0 && !(slope === 1 && inter === 0);
  if (scaled) {
    for (let i = 0; i < voxels.length; i++) voxels[i] = Math.fround(voxels[i] * slope) + inter;
  }
  return { voxels, unnumbered: settle(voxels, name) };
}

// In place; every browser there is runs on little-endian machines.
function swap(bytes, size) {
  for (let start = 0; start < bytes.length; start += size) {
    bytes.subarray(start, start + size).reverse();
  }
}

// No number is background; infinity, and one value everywhere, is no image. How many had none.
function settle(voxels, name) {
  let [low, high] = [Infinity, -Infinity];
  let unnumbered = 0;
  for (let i = 0; i < voxels.length; i++) {
    const value = voxels[i];
    if (value < low) low = value;
    if (value > high) high = value;
    if (value !== value) {
      voxels[i] = 0;
      unnumbered++;
    }
  }
  if (low === -Infinity || high === Infinity) {
    throw new Refused(`${name} holds infinite values; export it again.`);
  }
  if (!(low < high)) throw new Refused(`${name} holds one value only; choose another file.`);
  return unnumbered;
}
