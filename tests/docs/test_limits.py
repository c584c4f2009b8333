"""The table of limits says what the code holds files against."""

import re

from inference.dicom import files
from inference.dicom.file_headers import headers, item_count, source
from inference.dicom.volumes import codestream
from inference.io import packed_stream
from inference.io.archives import archive, bombs, tar_entries
from inference.io.slices import numbered_slices, numpy_array, picture_guard, pictures
from inference.io.volumes import (
    claims,
    itk_file,
    itk_header,
    nifti_blocks,
    nifti_guard,
    nifti_world,
)
from inference.study.series import sidecar
from tests.docs.pages import text_of
from tests.support.repository import ROOT
from workspace import open_case
from workspace.desk.arrival import uploads

KIB, MIB, GIB, MB = 1024, 1024**2, 1024**3, 1_000_000
GROWTH = f"{bombs.BOMB_RATIO} times its bytes, from {bombs.BOMB_BYTES // MB} MB on"
SMALL, LARGE = nifti_world.SPACING_MM
ROWS = {
    "voxels of one volume": f"{claims.MAX_STORED_VOXELS // MB} million, such as 512 × 512 × 512; "
    f"of more than {open_case.MAX_VOXELS_ONLINE // MB} million see",
    "pixels of all slices as pictures": f"{claims.MAX_VOXELS // MB} million, in the app "
    f"{open_case.MAX_VOXELS_ONLINE // MB} million",
    "voxels along one axis": f"{claims._MAX_AXIS}",
    "volumes of a 4D file": f"{claims.MAX_VOLUMES}",
    "size of a voxel": f"{SMALL:g} to {LARGE:g} mm",
    "header of a NIfTI before its voxels": f"{nifti_guard._MAX_HEADER_BYTES // MIB} MiB",
    "bytes after the last voxel": f"{nifti_blocks._MAX_TRAILING_BYTES // MIB} MiB",
    "header of a MetaImage or NRRD": f"{itk_file._HEAD_BYTES // KIB} KiB, "
    f"{itk_header.MAX_AXES} axes",
    "what is packed": GROWTH,
    "bytes of a packed file that unpack to nothing": f"{packed_stream._MAX_IDLE_BYTES // KIB} KiB",
    "memory to unpack xz": f"{packed_stream._XZ_BYTES // MIB} MiB",
    "a zip or tar, unpacked, command line": f"{archive.MAX_ZIP_BYTES // GIB} GiB",
    "a zip or tar, unpacked, app": f"{uploads._MAX_UNPACKED_BYTES // MB} MB",
    "a zip or tar of a study (DICOM), unpacked, app": f"{archive.MAX_ZIP_BYTES // GIB} GiB",
    "entries of a zip or tar": f"{archive.MAX_ZIP_ENTRIES}",
    "names of one entry of a tar": f"{tar_entries._MAX_NAMES_BYTES // KIB} KiB",
    "sides of a picture or an array": f"{pictures.MIN_SIDE} to {pictures.MAX_SIDE}",
    "a PNG or JPEG": f"{picture_guard.MAX_PICTURE_BYTES // MB} MB, {picture_guard.MAX_CHUNKS} "
    f"chunks, {picture_guard.MAX_SCANS} scans",
    "strips or tiles of a page of TIFF": f"{picture_guard.MAX_STRIPS}, "
    f"{picture_guard.MAX_TAGS} tags",
    "pages of a TIFF": f"{numbered_slices.MAX_SLICES}, of a hyperstack "
    f"{numbered_slices.MAX_SLICES} for each of at most {claims.MAX_VOLUMES} images",
    "numbered pictures": f"{numbered_slices.MAX_SLICES}",
    "header of an array (`.npy`)": f"{numpy_array._MAX_HEADER_BYTES} characters",
    "files of a study": f"{files.MAX_FILES}, in folders {files._MAX_DEPTH} deep",
    "rows and columns of a DICOM image": f"{headers._MAX_AXIS}",
    "frames of a DICOM file": f"{headers._MAX_FRAMES}",
    "one element of a DICOM header": f"{source._MAX_ELEMENT_BYTES // MB} MB",
    "items of all sequences of a DICOM file": f"{item_count.FREE_ITEMS} and one for "
    f"{item_count.BYTES_AN_ITEM} bytes, at most {item_count.MAX_ITEMS}",
    "elements of a DICOM header": f"{source._FREE_READS} and one for {source._BYTES_A_READ} bytes",
    "a deflated DICOM file, inflated": f"{source._MAX_INFLATED_BYTES // MB} MB, from "
    f"{source._LOOKED_AT_BYTES // MB} MB on {source._MAX_GROWTH} times its bytes",
    "a compressed picture in DICOM": "the size that its header states, 1 component, "
    f"{picture_guard.MAX_SCANS} scans of a JPEG; of JPEG 2000 {codestream.MAX_LAYERS} layers, and "
    f"{codestream.MAX_PARTS} tiles, precincts and code-blocks",
    "a JSON file beside a NIfTI": f"{sidecar.LARGEST_BYTES // MB} MB",
    "images laid on the desk": f"{uploads.MAX_IMAGES}",
}  # fmt: skip


def test_the_table_of_limits_is_that_of_the_code():
    page = text_of("docs/files")
    missing = [f"| {what} | {limit}" for what, limit in ROWS.items()]
    assert [row for row in missing if not re.search(rf"{re.escape(row)}(?![\w.])", page)] == []


def test_the_limit_of_an_upload_is_that_of_the_server():
    config = (ROOT / ".streamlit" / "config.toml").read_text()
    limit = re.search(r"^maxUploadSize = (\d+)$", config, re.MULTILINE)[1]
    assert f"| one uploaded file | {limit} MB" in text_of("docs/files")
