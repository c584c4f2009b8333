"""``make web-viewer-pictures``: the sample study's segmentation in a web viewer of others.

One picture on the T1c's own frames and one on the FLAIR's, for docs/dicom-results.md.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image

from benchmarks.browser import PATIENCE_MS, run_browser
from inference.__main__ import main as segment
from tests.support.cornerstone_viewer import Viewer, bundle, open_viewer

MODEL = "resnet_unet"
ONTO = ("t1c", "flair")
PIXELS = 420
QUALITY = 80


def main(study: Path, folder: Path) -> None:
    """Write ``web-viewer-MODALITY.webp`` into a folder."""
    with tempfile.TemporaryDirectory() as place:
        results = Path(place)
        arguments = [str(study), "--model", MODEL, "--onto", "all", "--formats", "seg"]
        if segment([*arguments, "--output", place]) != 0:
            raise SystemExit("the study was not segmented")
        for name, viewer in _opened(study, results):
            picture = Image.open(io.BytesIO(viewer.page.screenshot()))
            picture.convert("RGB").save(folder / f"web-viewer-{name}.webp", quality=QUALITY)


def _opened(study: Path, results: Path) -> Iterator[tuple[str, Viewer]]:
    by_uid = {pydicom.dcmread(file).SOPInstanceUID: file for file in _images(study)}
    script = bundle(results)
    with run_browser() as browser:
        for name in ONTO:
            seg = results / name / f"{MODEL}_seg.dcm"
            [series] = pydicom.dcmread(seg).ReferencedSeriesSequence
            images = [by_uid[i.ReferencedSOPInstanceUID] for i in series.ReferencedInstanceSequence]
            images.sort(key=_place)
            page = browser.new_page(viewport={"width": PIXELS, "height": PIXELS})
            page.set_default_timeout(PATIENCE_MS)
            viewer = open_viewer(
                page, script, images, seg, pixels=PIXELS, opacity=0.4, outline=True
            )
            largest = int(np.argmax((viewer.labels > 0).sum(axis=(1, 2))))
            viewer.go_to(largest, (0, float(np.percentile(_voxels(images), 99.8))))
            yield name, viewer
            page.close()


def _images(study: Path) -> Iterator[Path]:
    files = (file for file in study.rglob("*") if file.is_file())
    return (file for file in files if pydicom.misc.is_dicom(file) and file.name != "DICOMDIR")


def _place(file: Path) -> float:
    image = pydicom.dcmread(file, stop_before_pixels=True)
    row, column = np.reshape(image.ImageOrientationPatient, (2, 3)).astype(float)
    return float(np.cross(row, column) @ np.asarray(image.ImagePositionPatient, float))


def _voxels(images: list[Path]) -> np.ndarray:
    return np.stack([pydicom.dcmread(file).pixel_array for file in images])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
