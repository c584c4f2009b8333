// A web viewer that was not written here: Cornerstone3D, which OHIF is made of. Its adapters read
// the segmentation, its tools draw it over the images, in the colours that the segmentation names.
// Of our own is what hands it the images: no decoder is needed, since they are not compressed.
import { adaptersSEG } from "@cornerstonejs/adapters";
import * as core from "@cornerstonejs/core";
import * as tools from "@cornerstonejs/tools";
import dcmjs from "dcmjs";

const VIEW = "view";
const SHOWN = "shown";
const instances = new Map();
let viewport;

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
const listOf = (value) => (Array.isArray(value) ? value : [value]);

function naturalised(buffer) {
  const read = dcmjs.data.DicomMessage.readFile(buffer);
  return dcmjs.data.DicomMetaDictionary.naturalizeDataset(read.dict);
}

// As a viewer's loader of DICOM hands them to Cornerstone.
const MODULES = {
  instance: (it) => it,
  generalImageModule: (it) => ({ sopInstanceUID: it.SOPInstanceUID }),
  generalSeriesModule: (it) => ({ modality: it.Modality, seriesInstanceUID: it.SeriesInstanceUID }),
  imagePixelModule: (it) => ({
    rows: it.Rows,
    columns: it.Columns,
    bitsAllocated: it.BitsAllocated,
    bitsStored: it.BitsStored,
    highBit: it.HighBit,
    samplesPerPixel: it.SamplesPerPixel,
    pixelRepresentation: it.PixelRepresentation,
    photometricInterpretation: it.PhotometricInterpretation,
  }),
  imagePlaneModule: (it) => ({
    frameOfReferenceUID: it.FrameOfReferenceUID,
    rows: it.Rows,
    columns: it.Columns,
    imageOrientationPatient: it.ImageOrientationPatient,
    rowCosines: it.ImageOrientationPatient.slice(0, 3),
    columnCosines: it.ImageOrientationPatient.slice(3),
    imagePositionPatient: it.ImagePositionPatient,
    sliceThickness: it.SliceThickness,
    pixelSpacing: it.PixelSpacing,
    rowPixelSpacing: it.PixelSpacing[0],
    columnPixelSpacing: it.PixelSpacing[1],
  }),
};

function loadImage(imageId) {
  const it = instances.get(imageId);
  const pixels = new (it.PixelRepresentation ? Int16Array : Uint16Array)(listOf(it.PixelData)[0]);
  const [least, most] = pixels.reduce(([a, b], x) => [Math.min(a, x), Math.max(b, x)], [1e9, -1e9]);
  const image = {
    imageId,
    minPixelValue: least,
    maxPixelValue: most,
    slope: 1,
    intercept: 0,
    windowCenter: (least + most) / 2,
    windowWidth: Math.max(most - least, 1),
    getPixelData: () => pixels,
    rows: it.Rows,
    columns: it.Columns,
    height: it.Rows,
    width: it.Columns,
    color: false,
    rgba: false,
    numberOfComponents: 1,
    rowPixelSpacing: it.PixelSpacing[0],
    columnPixelSpacing: it.PixelSpacing[1],
    invert: false,
    sizeInBytes: pixels.byteLength,
    dataType: pixels.constructor.name,
  };
  return { promise: Promise.resolve(image) };
}

// Resolves with the next event of a kind at a target.
const next = (target, kind) =>
  new Promise((resolve) => target.addEventListener(kind, resolve, { once: true }));

// Open images, in their order along the stack, and a segmentation over them; all in base64.
// Gives the labels as the viewer holds them, by plane, row and column.
window.openStudy = async ({ images, segmentation, opacity, outline }) => {
  core.init();
  tools.init();
  core.metaData.addProvider((kind, id) =>
    instances.has(id) ? MODULES[kind]?.(instances.get(id)) : undefined,
  );
  core.imageLoader.registerImageLoader("given", loadImage);
  const imageIds = images.map((text, at) => {
    instances.set(`given:${at}`, naturalised(bytesOf(text)));
    return `given:${at}`;
  });
  await Promise.all(imageIds.map((id) => core.imageLoader.loadAndCacheImage(id)));

  const engine = new core.RenderingEngine("engine");
  const element = document.getElementById(VIEW);
  engine.enableElement({ viewportId: VIEW, type: core.Enums.ViewportType.STACK, element });
  viewport = engine.getViewport(VIEW);
  await viewport.setStack(imageIds);

  const buffer = bytesOf(segmentation);
  const read = await adaptersSEG.Cornerstone3D.Segmentation.createFromDICOMSegBuffer(
    imageIds,
    buffer,
    { metadataProvider: core.metaData },
  );
  const [planes] = read.labelMapImages;
  await draw(planes, naturalised(buffer).SegmentSequence, { opacity, outline });
  const rowOf = (plane, row) => {
    const pixels = plane.voxelManager.getScalarData();
    return Array.from(pixels.slice(row * plane.columns, (row + 1) * plane.columns));
  };
  return planes.map((plane) => Array.from({ length: plane.rows }, (_, row) => rowOf(plane, row)));
};

async function draw(planes, segments, { opacity, outline }) {
  const type = tools.Enums.SegmentationRepresentations.Labelmap;
  const data = { imageIds: planes.map((plane) => plane.imageId) };
  tools.segmentation.addSegmentations([{ segmentationId: SHOWN, representation: { type, data } }]);
  await tools.segmentation.addLabelmapRepresentationToViewport(VIEW, [{ segmentationId: SHOWN }]);
  tools.segmentation.segmentationStyle.setStyle(
    { type, segmentationId: SHOWN },
    { fillAlpha: opacity, fillAlphaInactive: opacity, renderOutline: outline },
  );
  for (const segment of listOf(segments)) {
    const colour = dcmjs.data.Colors.dicomlab2RGB(segment.RecommendedDisplayCIELabValue);
    const rgb = colour.map((part) => Math.round(part * 255));
    const { setSegmentIndexColor } = tools.segmentation.config.color;
    setSegmentIndexColor(VIEW, SHOWN, segment.SegmentNumber, [...rgb, 255]);
  }
}

// Go to a plane of the stack, whose values are shown from black to white in this range.
window.goTo = async ({ plane, range: [lower, upper] }) => {
  await viewport.setImageIdIndex(plane);
  viewport.setProperties({ voiRange: { lower, upper } });
  const overlaid = next(core.eventTarget, tools.Enums.Events.SEGMENTATION_RENDERED);
  tools.segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(SHOWN);
  await overlaid;
  const rendered = next(viewport.element, core.Enums.Events.IMAGE_RENDERED);
  viewport.render();
  await rendered;
};

// The colours on the screen at places in the patient, [x, y, z] in mm.
window.coloursAt = (places) => {
  const canvas = viewport.getCanvas();
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const scale = canvas.width / canvas.clientWidth;
  return places.map((place) => {
    const [x, y] = viewport.worldToCanvas(place).map((at) => Math.floor(at * scale));
    return Array.from(copy.getImageData(x, y, 1, 1).data).slice(0, 3);
  });
};
