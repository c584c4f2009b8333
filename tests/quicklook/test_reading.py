"""The browser reads files as the server does, or says in one sentence why it does not."""

import base64
import gzip

import nibabel as nib
import numpy as np
import pytest
from nibabel.orientations import axcodes2ornt, io_orientation, ornt_transform

from inference.io.reader import read_case
from inference.io.sources import open_cases
from inference.preprocess import brain_box
from viewer.scan import _to_grey

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def case(small_case_folder):
    with open_cases([small_case_folder]) as (files,):
        return read_case(files)


@pytest.fixture(scope="module")
def flair(small_case_folder):
    return nib.load(next(small_case_folder.glob("*_flair.*")))


def stored(image, axes, *, affine="sform", dtype=np.float32, big_endian=False):
    """The bytes of a file with its axes in this order."""
    turn = ornt_transform(io_orientation(image.affine), axcodes2ornt(axes))
    turned = image.as_reoriented(turn)
    header = nib.Nifti1Header(endianness=">" if big_endian else "<")
    made = nib.Nifti1Image(np.asarray(turned.dataobj), turned.affine, header, dtype=dtype)
    made.set_sform(turned.affine, code=1 if affine == "sform" else 0)
    made.set_qform(turned.affine, code=1 if affine == "qform" else 0)
    return made.to_bytes()


@pytest.mark.parametrize(
    ("axes", "how"),
    [
        ("RAS", {}),
        ("LPS", {"affine": "qform"}),
        ("LAS", {"affine": "qform", "dtype": np.int16}),
        ("PSR", {"dtype": np.float64}),
        ("AIL", {"big_endian": True}),
        ("SLA", {"affine": "qform"}),
    ],
)
def test_every_orientation_is_the_same_scan(ask, case, flair, axes, how):
    answer = ask(("a_flair.nii.gz", gzip.compress(stored(flair, axes, **how), 1)))
    assert answer["kind"] == "scan", answer
    scan = answer["scan"]
    image = case.volume[3]
    box = brain_box(image[None])
    assert scan["shape"] == list(case.shape)
    assert scan["box"] == [[span.start, span.stop] for span in box]
    np.testing.assert_allclose(scan["spacing"], case.spacing, rtol=1e-6)
    np.testing.assert_allclose(scan["affine"], case.grid.ras_affine[:3], atol=1e-4)
    [modality] = scan["modalities"]
    greys, window = _to_grey(image[box].transpose(2, 1, 0).copy())
    found = np.frombuffer(base64.b64decode(modality["bytes"]), np.uint8)
    assert modality["name"] == "flair"
    np.testing.assert_allclose(modality["window"], window, rtol=1e-6)
    assert np.abs(found.astype(int) - greys.ravel()).max() <= 1  # float32 there, float64 here
    assert np.array_equal(found == 0, greys.ravel() == 0)


def test_names_of_every_brats_release_and_no_truth(ask, flair):
    content = stored(flair, "RAS")
    names = ["a-t1n.nii", "a-t1c.nii", "a-t2w.nii", "a-t2f.nii", "a-seg.nii"]
    answer = ask(*((name, content) for name in names))
    assert [m["name"] for m in answer["scan"]["modalities"]] == ["t1", "t1c", "t2", "flair"]


def oblique(image):
    tilted = image.affine.copy()
    tilted[1, 2] = 0.3
    return nib.Nifti1Image(np.asarray(image.dataobj), tilted).to_bytes()


def refusals(image):
    whole = stored(image, "RAS")
    voxels = np.asarray(image.dataobj)
    four = nib.Nifti1Image(np.stack([voxels, voxels], -1), image.affine)
    flat = nib.Nifti1Image(np.full((8, 8, 8), 7, np.int16), image.affine)
    smaller = nib.Nifti1Image(voxels[:-1], image.affine)
    huge = bytearray(whole)
    huge[42:48] = np.array([30_000] * 3, "<i2").tobytes()
    unplaced = stored(image, "RAS", affine="none")
    return {
        "does not say what it is": [("patient.nii", whole)],
        "are the same modality": [("a_t1c.nii", whole), ("a_t1ce.nii", whole)],
        "no image among these": [("a_seg.nii", whole)],
        "scanned at an angle": [("a_t1.nii", oblique(image))],
        "does not hold one volume": [("a_t1.nii", four.to_bytes())],
        "holds one value only": [("a_t1.nii", flat.to_bytes())],
        "another grid": [("a_t1.nii", whole), ("a_t2.nii", smaller.to_bytes())],
        "not a scan of a head": [("a_t1.nii", bytes(huge))],
        "not a whole NIfTI file": [("a_t1.nii", whole[: len(whole) // 2])],
        "is damaged": [("a_t1.nii.gz", gzip.compress(whole)[:2000] + b"x" * 2000)],
        "not a NIfTI-1 file": [("a_t1.nii", b"a cat" * 200)],
        "where left and right are": [("a_t1.nii", unplaced)],
    }


def test_what_cannot_be_used_is_refused_in_one_sentence(ask, flair):
    for expected, files in refusals(flair).items():
        answer = ask(*files)
        assert answer["kind"] == "refused", expected
        sentence = answer["sentence"]
        assert expected in sentence
        assert sentence.endswith(".")
        assert files[-1][0] in sentence or "among these" in sentence
