"""NIfTI: the truth, and the four sequences as dcm2niix would leave them."""

import gzip
import json
from pathlib import Path
from typing import Final

import nibabel as nib
import numpy as np

from synthetic.skull import Head
from synthetic.study.acquire import brain_on, labels_on
from synthetic.study.exam import Series
from synthetic.study.identity import MARK, moment
from synthetic.study.protocol import ANATOMY, T1C, Sequence

_SCANNER: Final = 1  # NIfTI code for coordinates of the scanner


def write_loose(exam: dict[str, Series], folder: Path) -> list[Path]:
    """Write the four sequences with the skull on, each with its sidecar."""
    files = []
    for sequence in ANATOMY:
        ((stack, values),) = exam[sequence.key].volumes
        stem = f"{sequence.number}_{sequence.description}"
        image, sidecar = folder / f"{stem}.nii.gz", folder / f"{stem}.json"
        _write(values.astype(np.int16), stack.affine, image)
        sidecar.write_text(json.dumps(_sidecar(sequence), indent=2) + "\n")
        files += [image, sidecar]
    return files


def write_truth(head: Head, folder: Path) -> list[Path]:
    """Write the label map and the brain on each sequence's grid, and the motions as JSON.

    ``motion.json`` holds, for each sequence, the (4, 4) matrix from head coordinates to the
    scanner's world and the one from the T1c's world to its own, both RAS+ in mm.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, motions = [], {}
    for sequence in ANATOMY:
        (stack,) = sequence.stacks
        for name, make in ((sequence.key, labels_on), (f"brain_{sequence.key}", brain_on)):
            files.append(folder / f"{name}.nii.gz")
            _write(make(head, stack, sequence.pose), stack.affine, files[-1])
        from_t1c = sequence.pose @ np.linalg.inv(T1C.pose)
        motions[sequence.key] = {
            "from_head": sequence.pose.tolist(),
            "from_t1c": from_t1c.tolist(),
        }
    files.append(folder / "motion.json")
    files[-1].write_text(json.dumps(motions, indent=2) + "\n")
    return files


def _write(array: np.ndarray, affine: np.ndarray, path: Path) -> None:
    image = nib.Nifti1Image(array, affine)
    image.set_sform(affine, code=_SCANNER)
    image.set_qform(affine, code=_SCANNER)
    image.header.set_xyzt_units("mm")
    image.header["descrip"] = MARK.encode()
    path.write_bytes(gzip.compress(image.to_bytes(), compresslevel=6, mtime=0))


def _sidecar(sequence: Sequence) -> dict[str, object]:
    """The keys of dcm2niix that tell sequences apart; times in seconds, as there."""
    tr, te, ti = (round(time / 1000, 6) for time in sequence.times)
    sidecar = {
        "Modality": "MR",
        "MagneticFieldStrength": 1.5,
        "Manufacturer": "GlioLens (synthetic)",
        "BodyPartExamined": "HEAD",
        "PatientPosition": "HFS",
        "StudyDescription": MARK,
        "SeriesDescription": sequence.description,
        "ProtocolName": sequence.description,
        "ScanningSequence": "\\".join(sequence.scanning),
        "SequenceVariant": "\\".join(sequence.variant),
        "MRAcquisitionType": sequence.kind,
        "ImageType": list(sequence.image_type),
        "SeriesNumber": sequence.number,
        "AcquisitionTime": _clock(sequence.start),
        "SliceThickness": sequence.stacks[0].thickness,
        "SpacingBetweenSlices": sequence.stacks[0].distance,
        "EchoTime": te,
        "RepetitionTime": tr,
        "FlipAngle": sequence.flip,
        "EchoTrainLength": sequence.train,
        "ConversionSoftware": "GlioLens synthetic",
    }
    if ti:
        sidecar["InversionTime"] = ti
    if sequence.contrast:
        sidecar["ContrastBolusAgent"] = "made up"
    return sidecar


def _clock(seconds: float) -> str:
    time = moment(seconds)[1]
    return f"{time[:2]}:{time[2:4]}:{time[4:]}"
