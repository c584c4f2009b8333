// Reads a DICOM segmentation with dcmjs and prints what a web viewer makes of it, as JSON.
// Usage: node read_seg.mjs PATH_OF_DCMJS FILE
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [, , library, file] = process.argv;
const { data } = createRequire(import.meta.url)(library);

const content = readFileSync(file);
const buffer = content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength);
const read = data.DicomMessage.readFile(buffer);
const seg = data.DicomMetaDictionary.naturalizeDataset(read.dict);
const list = (value) => (Array.isArray(value) ? value : [value]);

const bits = data.BitArray.unpack(list(seg.PixelData)[0]);
const size = seg.Rows * seg.Columns;
const frames = list(seg.PerFrameFunctionalGroupsSequence).map((group, at) => {
  const source = list(list(group.DerivationImageSequence)[0].SourceImageSequence)[0];
  const pixels = [];
  for (let i = 0; i < size; i += 1) if (bits[at * size + i]) pixels.push(i);
  return {
    segment: list(group.SegmentIdentificationSequence)[0].ReferencedSegmentNumber,
    image: source.ReferencedSOPInstanceUID,
    pixels,
  };
});
const segments = list(seg.SegmentSequence).map((segment) => ({
  number: segment.SegmentNumber,
  label: segment.SegmentLabel,
  rgb: data.Colors.dicomlab2RGB(segment.RecommendedDisplayCIELabValue).map((c) => Math.round(c * 255)),
}));
console.log(JSON.stringify({ rows: seg.Rows, columns: seg.Columns, frames, segments }));
