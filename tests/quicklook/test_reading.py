"""The browser reads files as the server does, or says in one sentence why it does not."""

import base64
import gzip

import nibabel as nib
import numpy as np
import pytest
from nibabel.orientations import axcodes2ornt, io_orientation, ornt_transform

from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.preprocess import brain_box
from quicklook.component import _BROWSER
from viewer.bundle import bundle
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


BRIGHTNESS = {
    "-9 around": lambda im: np.where(im != 0, im / 100 - 2, -9),
    "plus 1000": lambda im: im + 1000,
    "inverted": lambda im: im.max() - im,
    "negative": lambda im: -im,
    "tiny": lambda im: im * 1e-7,
    "stray voxels": lambda im: stray(im),
}


def stray(image):
    damaged = image.copy()
    empty = np.flatnonzero(image.ravel() == 0)
    damaged.ravel()[np.random.default_rng(0).choice(empty, 30, replace=False)] = 32767
    return damaged


@pytest.mark.parametrize("how", BRIGHTNESS)
def test_brightness_is_put_right_as_on_the_server(ask, flair, tmp_path, how):
    voxels = BRIGHTNESS[how](np.asarray(flair.dataobj, np.float32)).astype(np.float32)
    given = stored(nib.Nifti1Image(voxels, flair.affine), "RAS")
    (tmp_path / "a_flair.nii").write_bytes(given)
    with open_cases([tmp_path]) as (files,):
        image = read_case(files).volume[3]
    box = brain_box(image[None])
    [modality] = ask(("a_flair.nii", given))["scan"]["modalities"]
    greys, window = _to_grey(image[box].transpose(2, 1, 0).copy())
    found = np.frombuffer(base64.b64decode(modality["bytes"]), np.uint8)
    np.testing.assert_allclose(modality["window"], window, rtol=1e-5, atol=1e-5)
    assert np.abs(found.astype(int) - greys.ravel()).max() <= 1
    assert np.array_equal(found == 0, greys.ravel() == 0)


@pytest.mark.parametrize(
    "pack",
    [
        lambda b: gzip.compress(b[:5000]) + gzip.compress(b[5000:]),
        lambda b: b"".join(gzip.compress(b[n : n + 65280]) for n in range(0, len(b), 65280)),
        lambda b: gzip.compress(b) + bytes(512),
        lambda b: gzip.compress(b[:352]) + gzip.compress(b[352:]) + bytes(3),
        lambda b: gzip.compress(b) + gzip.compress(b"") + bytes(1),
        lambda b: gzip.compress(b[:5000]) + bytes(700) + gzip.compress(b[5000:]) + bytes(2),
        lambda b: called(gzip.compress(b[:5000])) + called(gzip.compress(b[5000:])),
        lambda b: gzip.compress(b[:400], 0) + bytes(1) + gzip.compress(b[400:], 0),
    ],
    ids=[
        *("two members", "blocks", "zeros behind", "both", "an empty member"),
        *("zeros between", "with names", "not compressed"),
    ],
)
def test_every_gzip_that_the_server_reads(ask, flair, tmp_path, pack):
    content = stored(flair, "RAS")
    (tmp_path / "a_flair.nii.gz").write_bytes(pack(content))
    with open_cases([tmp_path]) as (files,):
        read_case(files)
    assert ask(("a_flair.nii.gz", pack(content))) == ask(("a_flair.nii", content))


def called(member):
    """A member of gzip with fields of its own, a name and a comment."""
    flags = 4 | 8 | 16
    fields = len(GZIP_INSIDE).to_bytes(2, "little") + GZIP_INSIDE + b"a.nii\0a word\0"
    return member[:3] + bytes([flags]) + member[4:10] + fields + member[10:]


# What looks like the start of a member, and is none.
GZIP_INSIDE = gzip.compress(b"no voxels")[:12]


def test_names_of_every_brats_release_and_no_truth(ask, flair):
    names = ["a-t1n.nii", "a-t1c.nii", "a-t2w.nii", "a-t2f.nii", "a-seg.nii"]
    answer = ask(*((name, brighter(flair, by)) for by, name in enumerate(names)))
    assert [m["name"] for m in answer["scan"]["modalities"]] == ["t1", "t1c", "t2", "flair"]
    assert answer["scan"]["copies"] == []


def test_one_image_as_two_modalities_is_one_of_them_as_on_the_server(ask, flair):
    files = {"a_t1.nii": 0, "a_t1ce.nii": 1, "a_t2.nii": 0, "a_flair.nii": 0}
    answer = ask(*((name, brighter(flair, by)) for name, by in files.items()))
    assert [m["name"] for m in answer["scan"]["modalities"]] == ["t1c", "flair"]
    copies = [{"copy": copy, "kept": "flair"} for copy in ("t2", "t1")]
    assert answer["scan"]["copies"] == copies


def brighter(image, by):
    """The bytes of an image whose tissue is brighter."""
    voxels = np.asarray(image.dataobj, np.float32)
    made = nib.Nifti1Image(voxels + by * (voxels != 0), image.affine)
    return stored(made, "RAS")


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
    metres = nib.Nifti1Image(voxels, np.diag([1000.0, 1000.0, 1000.0, 1.0]))
    nowhere = bytearray(whole)
    nowhere[280:296] = np.full(4, np.nan, "<f4").tobytes()
    second = nib.Nifti2Image(voxels, image.affine).to_bytes()
    half = bytearray(whole)
    half[344:347] = b"ni1"
    return {
        "does not state its modality": [("patient.nii", whole)],
        "are the same modality": [("a_t1c.nii", whole), ("a_t1ce.nii", whole)],
        "no image among these": [("a_seg.nii", whole)],
        "scanned at an angle": [("a_t1.nii", oblique(image))],
        "does not hold one volume": [("a_t1.nii", four.to_bytes())],
        "holds one value only": [("a_t1.nii", flat.to_bytes())],
        "another grid": [("a_t1.nii", whole), ("a_t2.nii", smaller.to_bytes())],
        "30000×30000×30000 voxels, more than the 20 million": [("a_t1.nii", bytes(huge))],
        "voxels of 1000×1000×1000 mm; a scan has between 0.05 and 50": [
            ("a_t1.nii", metres.to_bytes())
        ],
        "does not state where its voxels lie": [("a_t1.nii", bytes(nowhere))],
        "not a whole NIfTI file": [("a_t1.nii", whole[: len(whole) // 2])],
        "is damaged": [("a_t1.nii.gz", gzip.compress(whole)[:2000] + b"x" * 2000)],
        "is damaged; copy": [("a_t1.nii.gz", gzip.compress(whole)[:-9] + bytes(300))],
        "is no NIfTI file; choose the scan's own": [("a_t1.nii", b"a cat" * 200)],
        "is NIfTI-2, which is not read here; choose “On the server”": [("a_t1.nii", second)],
        "is half of a pair of .hdr and .img; convert": [("a_t1.nii", bytes(half))],
        "is no NIfTI file; “On the server” reads other formats": [("a_flair.PNG", b"\x89PNG")],
        "is no NIfTI file; “On the server” reads": [("a_flair.nrrd", b"NRRD0004")],
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


# As ASK in conftest.py, with the files that a person chose.
ASK_OF_CHOSEN = """(script) => new Promise((resolve) => {
    const url = URL.createObjectURL(new Blob([script], {type: "text/javascript"}));
    const worker = new Worker(url, {type: "module"});
    worker.onmessage = ({data}) => resolve(data);
    worker.postMessage({files: [...document.querySelector("input").files]});
})"""


def test_a_file_that_is_gone_by_then_is_named(blank, small_case_folder, tmp_path):
    """As a folder is, which BraTS may call like the file in it."""
    file = tmp_path / "a_flair.nii.gz"
    file.write_bytes(next(small_case_folder.glob("*_flair.*")).read_bytes())
    blank.set_content("<input type=file>")
    blank.locator("input").set_input_files(file)
    file.unlink()
    answer = blank.evaluate(ASK_OF_CHOSEN, bundle("worker.js", folder=_BROWSER))
    assert answer == {
        "kind": "refused",
        "sentence": "a_flair.nii.gz cannot be opened; choose the file itself, where it lies now.",
    }


def test_a_negative_voxel_size_is_read_as_nibabel_does(ask, flair):
    content = bytearray(stored(flair, "RAS", affine="qform"))
    size = np.frombuffer(content, "<f4", 1, 80)
    content[80:84] = (-size).astype("<f4").tobytes()
    expected = nib.Nifti1Image.from_bytes(bytes(content)).affine
    answer = ask(("a_flair.nii", bytes(content)))
    np.testing.assert_allclose(answer["scan"]["affine"], expected[:3], atol=1e-4)
