"""The formats that people in this field have are the same scan as NIfTI, or a sentence."""

import gzip
import tarfile
import zipfile

import nibabel as nib
import numpy as np
import pytest
import SimpleITK

from common.errors import InputError
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles, open_cases
from inference.io.export import write_labels
from inference.io.inspection import inspect_file
from inference.io.volumes.checked_file import check_file

# Oblique, anisotropic, and with an origin: whatever is lost shows.
TURN = nib.eulerangles.euler2mat(z=0.2, y=-0.1, x=0.15)
AFFINE = nib.affines.from_matvec(TURN @ np.diag([-1.0, -1.1, 2.0]), [31.0, -12.5, 7.0])
SHAPE = (20, 24, 9)
VOXELS = (np.random.default_rng(1).integers(0, 900, SHAPE) * (np.indices(SHAPE)[0] > 3)).astype(
    np.int16
)
FLIP = np.diag([-1.0, -1.0, 1.0])


def itk_image(voxels=VOXELS, affine=AFFINE, *, vector=False):
    image = SimpleITK.GetImageFromArray(voxels.transpose(2, 1, 0, *range(3, voxels.ndim)), vector)
    spacing = nib.affines.voxel_sizes(affine)
    image.SetSpacing(spacing.tolist())
    image.SetDirection((FLIP @ affine[:3, :3] / spacing).ravel().tolist())
    image.SetOrigin((FLIP @ affine[:3, 3]).tolist())
    return image


def by_itk(path, *, packed=False, **options):
    SimpleITK.WriteImage(itk_image(**options), str(path), packed)


def by_nibabel(path, kind=nib.Nifti1Image):
    nib.save(kind(VOXELS, AFFINE), path)


def as_mgh(path):
    nib.save(nib.MGHImage(VOXELS.astype(np.int32), AFFINE), path)


FORMATS = {
    "a_flair.mha": by_itk,
    "packed_flair.mha": lambda path: by_itk(path, packed=True),
    "a_flair.mhd": by_itk,
    "packed_flair.mhd": lambda path: by_itk(path, packed=True),
    "a_flair.nrrd": by_itk,
    "packed_flair.nrrd": lambda path: by_itk(path, packed=True),
    "a_flair.nhdr": by_itk,
    "a_flair.mgz": as_mgh,
    "a_flair.mgh": as_mgh,
    "a_flair.hdr": lambda path: by_nibabel(path.with_suffix(".img"), nib.Nifti1Pair),
    "A_FLAIR.NRRD": lambda path: (
        by_itk(path.with_suffix(".nrrd")) or path.with_suffix(".nrrd").rename(path)
    ),
}


@pytest.fixture(params=FORMATS)
def scan(request, tmp_path):
    """A folder with one scan in some format, and the name of its file."""
    folder = tmp_path / "P1"
    folder.mkdir()
    FORMATS[request.param](folder / request.param)
    return folder, request.param


@pytest.fixture
def expected(tmp_path):
    by_nibabel(tmp_path / "x_flair.nii")
    with open_cases([tmp_path / "x_flair.nii"]) as (files,):
        return read_case(files)


def is_the_same(case, expected):
    np.testing.assert_allclose(case.volume, expected.volume)
    np.testing.assert_allclose(case.grid.affine, expected.grid.affine, atol=1e-4)
    assert case.present == expected.present
    assert case.voxel_size_known


def test_every_format_is_the_same_scan(scan, expected):
    folder, name = scan
    for given in (folder, folder / name):
        with open_cases([given]) as (files,):
            assert files.notes == ()
            is_the_same(read_case(files), expected)


def test_every_format_in_a_zip_and_a_tar(scan, expected, tmp_path):
    folder, _ = scan
    with zipfile.ZipFile(tmp_path / "scan.zip", "w") as packed:
        for file in folder.iterdir():
            packed.write(file, f"P1/{file.name}")
    with tarfile.open(tmp_path / "scan.tar.gz", "w:gz") as packed:
        packed.add(folder, "P1")
    for archive in ("scan.zip", "scan.tar.gz"):
        with open_cases([tmp_path / archive]) as (files,):
            assert files.notes == ()
            is_the_same(read_case(files), expected)


def test_an_export_lies_on_the_same_grid(scan, tmp_path):
    folder, _ = scan
    with open_cases([folder]) as (files,):
        case = read_case(files)
    labels = (case.volume[3] > 500).astype(np.uint8)
    write_labels(case, labels, tmp_path / "out.nii.gz")
    written = nib.load(tmp_path / "out.nii.gz")
    np.testing.assert_allclose(written.affine, AFFINE, atol=1e-4)
    np.testing.assert_array_equal(np.asarray(written.dataobj), VOXELS > 500)


def test_every_format_is_looked_at_on_the_desk(scan):
    folder, name = scan
    [found] = inspect_file(folder / name)
    assert found.guess == "flair"
    assert found.grid.shape == SHAPE


def test_every_format_can_be_dropped(scan):
    from tests.workspace.desk.drops import laid, roles, uploads
    from workspace.desk.desk import case_files

    folder, _ = scan
    on = laid(*uploads(folder))
    assert on.refused == []
    assert roles(on) == ["flair"]
    with case_files(on) as files:
        assert read_case(files).shape == SHAPE


@pytest.mark.parametrize("name", ["seg.nrrd", "a.seg.nrrd", "a_seg.mha", "a_truth.mgz"])
def test_a_truth_may_be_of_any_format(tmp_path, name):
    by_nibabel(tmp_path / "a_flair.nii")
    marked = np.zeros(SHAPE, np.uint8)
    marked[8:12, 8:12, 3:6] = 2
    marked[9:11, 9:11, 4] = 3
    if name.endswith("mgz"):
        nib.save(nib.MGHImage(marked, AFFINE), tmp_path / name)
    else:
        by_itk(tmp_path / name, voxels=marked)
    with open_cases([tmp_path]) as (files,):
        case = read_case(files)
    np.testing.assert_array_equal(case.grid.to_native(case.truth), marked)


# --- several images in one file ----------------------------------------------------------------


def four():
    return np.stack([VOXELS + 10 * n for n in range(4)], -1).astype(np.float32)


def five_axes(path):
    image = nib.Nifti1Image(four()[..., None, :], AFFINE)
    image.header.set_intent("vector")
    nib.save(image, path)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("scan.nii", five_axes),
        ("scan.nii.gz", five_axes),
        ("scan.nii", lambda p: nib.save(nib.Nifti1Image(np.moveaxis(four(), 3, 0), AFFINE), p)),
        ("scan.nrrd", lambda p: by_itk(p, voxels=four(), vector=True)),
        ("scan.mha", lambda p: by_itk(p, voxels=four(), vector=True)),
        ("scan.mgz", lambda p: nib.save(nib.MGHImage(four(), AFFINE), p)),
    ],
    ids=["5D", "5D packed", "channel first", "NRRD", "MetaImage", "MGZ"],
)
def test_four_images_in_one_file(tmp_path, name, write):
    write(tmp_path / name)
    with open_cases([tmp_path / name]) as (files,):
        case = read_case(files)
    assert case.present == ("t1", "t1c", "t2", "flair")
    for channel in range(4):
        np.testing.assert_allclose(
            case.grid.to_native(case.volume[channel]), four()[..., channel], atol=1e-4
        )
    np.testing.assert_allclose(case.grid.affine, AFFINE, atol=1e-4)


@pytest.mark.parametrize("place", ["sform", "none"])
def test_a_flat_nifti_is_a_slice(tmp_path, place):
    image = nib.Nifti1Image(VOXELS[..., 4], AFFINE)
    if place == "none":
        image.set_sform(None, 0)
        image.set_qform(None, 0)
    nib.save(image, tmp_path / "a_flair.nii")
    with open_cases([tmp_path]) as (files,):
        case = read_case(files)
    assert sorted(case.shape) == sorted((*SHAPE[:2], 1))


def test_analyze_is_read_without_a_side(tmp_path):
    image = nib.AnalyzeImage(VOXELS, np.diag([2.0, 2, 2, 1]))
    nib.save(image, tmp_path / "a_flair.img")
    with open_cases([tmp_path]) as (files,):
        case = read_case(files)
    assert case.spacing == (2.0, 2.0, 2.0)
    assert any("do not state which side is left" in note for note in case.notes)


# --- what is refused ----------------------------------------------------------------------------


META = """ObjectType = Image
NDims = 3
DimSize = {size}
ElementType = MET_SHORT
ElementSpacing = 1 1 1
ElementDataFile = {data}
"""
NRRD = """NRRD0004
type: short
dimension: 3
sizes: {size}
endian: little
encoding: {encoding}
{data}

"""


def refused(path):
    with pytest.raises(InputError) as caught:
        read_case(CaseFiles("x", {"flair": path}))
    sentence = str(caught.value)
    assert sentence.endswith(".")
    return sentence


@pytest.mark.parametrize("where", ["/etc/passwd", "../secret.raw", "a\\b.raw"])
def test_a_header_may_not_name_a_file_elsewhere(tmp_path, where):
    (tmp_path / "x.mhd").write_text(META.format(size="4 4 4", data=where))
    assert "names a file in another folder" in refused(tmp_path / "x.mhd")
    nrrd = NRRD.format(size="4 4 4", encoding="raw", data=f"data file: {where}")
    (tmp_path / "x.nhdr").write_text(nrrd)
    assert "names a file in another folder" in refused(tmp_path / "x.nhdr")


def test_a_header_that_names_no_file_is_refused(tmp_path):
    (tmp_path / "x.mhd").write_text(META.format(size="4 4 4", data=""))
    assert "has a damaged header" in refused(tmp_path / "x.mhd")


@pytest.mark.parametrize("named", [".", "..", "a\0b", "/", "x.raw/"])
def test_a_name_that_is_none_of_a_file_is_refused(tmp_path, named):
    (tmp_path / "x.mhd").write_text(META.format(size="4 4 4", data=named))
    nrrd = NRRD.format(size="4 4 4", encoding="raw", data=f"data file: {named}")
    (tmp_path / "x.nhdr").write_text(nrrd)
    assert refused(tmp_path / "x.mhd")
    assert refused(tmp_path / "x.nhdr")


@pytest.mark.parametrize("data", ["LIST\nslice1.raw", "slice%03d.raw 1 9 1"])
def test_a_header_of_many_files_is_refused(tmp_path, data):
    (tmp_path / "x.mhd").write_text(META.format(size="4 4 4", data=data))
    assert "several files" in refused(tmp_path / "x.mhd")


def test_a_header_without_its_numbers_is_refused(tmp_path):
    (tmp_path / "x.mhd").write_text(META.format(size="4 4 4", data="x.raw"))
    assert "has its voxels in x.raw; give both files" in refused(tmp_path / "x.mhd")
    nib.save(nib.Nifti1Pair(VOXELS, AFFINE), tmp_path / "y.img")
    (tmp_path / "y.img").unlink()
    assert "y.hdr is a header without its .img" in refused(tmp_path / "y.hdr")


def test_what_claims_too_much_is_refused_before_anything_is_read(tmp_path):
    big = "2000 2000 2000"
    (tmp_path / "x.mha").write_text(META.format(size=big, data="LOCAL") + "abc")
    assert "claims 2000×2000×2000 voxels" in refused(tmp_path / "x.mha")
    (tmp_path / "x.nrrd").write_text(NRRD.format(size=big, encoding="gzip", data="content: x"))
    assert "claims 2000×2000×2000 voxels" in refused(tmp_path / "x.nrrd")
    head = bytearray(nib.MGHImage(VOXELS.astype(np.int32), AFFINE).to_bytes()[:400])
    head[4:16] = np.array([2000] * 3, ">i4").tobytes()
    (tmp_path / "x.mgz").write_bytes(gzip.compress(bytes(head)))
    assert "claims 2000×2000×2000 voxels" in refused(tmp_path / "x.mgz")


def test_a_header_that_puts_all_voxels_in_one_place_is_refused(tmp_path):
    text = META.format(size="12 11 10", data="LOCAL")
    text = text.replace("ElementSpacing", "TransformMatrix = 1 0 0 1 0 0 0 0 1\nElementSpacing")
    (tmp_path / "x.mha").write_bytes(text.encode() + bytes(2 * 12 * 11 * 10))
    assert "x.mha " in refused(tmp_path / "x.mha")


def test_a_few_missing_voxels_are_missed(tmp_path):
    by_itk(tmp_path / "x.mha")
    content = (tmp_path / "x.mha").read_bytes()
    (tmp_path / "x.mha").write_bytes(content[:-10])
    assert "is cut off" in refused(tmp_path / "x.mha")


@pytest.mark.parametrize("key", ["NDims", "DimSize", "ElementType"])
def test_a_header_without_what_it_needs_is_refused_without_a_word_on_stderr(tmp_path, key, capfd):
    text = META.format(size="4 4 4", data="LOCAL").replace(key, "Comment")
    (tmp_path / "x.mha").write_bytes(text.encode() + bytes(128))
    assert "damaged header" in refused(tmp_path / "x.mha")
    assert capfd.readouterr().err == ""


def test_a_bomb_is_refused(tmp_path):
    text = NRRD.format(size="360 360 360", encoding="gzip", data="content: x")
    text = text.replace("type: short", "type: double")
    (tmp_path / "x.nrrd").write_bytes(text.encode() + gzip.compress(bytes(10**6)))
    assert "which no scan does" in refused(tmp_path / "x.nrrd")


def test_what_ends_early_is_refused(scan):
    folder, name = scan
    file = max(folder.iterdir(), key=lambda each: each.stat().st_size)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    sentence = refused(folder / name)
    assert "cut off" in sentence or "damaged" in sentence


def test_something_else_under_the_name_is_refused(tmp_path):
    for name in ("x.mha", "x.nrrd", "x.mgz", "x.nhdr", "x.mhd"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n" + bytes(600))
        assert f"{name} is a PNG picture" in refused(tmp_path / name)


def test_complex_numbers_and_colours_are_refused(tmp_path):
    SimpleITK.WriteImage(
        SimpleITK.RealAndImaginaryToComplex(
            SimpleITK.Cast(itk_image(), SimpleITK.sitkFloat32),
            SimpleITK.Cast(itk_image(), SimpleITK.sitkFloat32),
        ),
        str(tmp_path / "x.mha"),
    )
    sentence = refused(tmp_path / "x.mha")
    assert "holds 2 volumes" in sentence or "plain number" in sentence


def test_numbers_without_a_header_are_named(tmp_path):
    by_nibabel(tmp_path / "a_flair.nii")
    (tmp_path / "b_t1.raw").write_bytes(bytes(100))
    (tmp_path / "b_t2.img").write_bytes(bytes(100))
    with open_cases([tmp_path]) as (files,):
        [note] = files.notes
    assert "b_t1.raw (numbers without the header" in note
    assert "b_t2.img (half of a .hdr/.img pair)" in note


# --- a tar ---------------------------------------------------------------------------------------


def tar_of(path, members):
    import io

    with tarfile.open(path, "w:gz") as packed:
        for info, content in members:
            info.size = len(content)
            packed.addfile(info, io.BytesIO(content))


@pytest.mark.parametrize("name", ["../out_t1.nii", "/etc/out_t1.nii"])
def test_a_tar_that_leads_out_is_refused(tmp_path, name):
    tar_of(tmp_path / "x.tar.gz", [(tarfile.TarInfo(name), b"x")])
    with pytest.raises(InputError, match="leads out of it"), open_cases([tmp_path / "x.tar.gz"]):
        pass


def test_a_tar_with_a_link_is_refused(tmp_path):
    link = tarfile.TarInfo("a_t1.nii")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    tar_of(tmp_path / "x.tar.gz", [(link, b"")])
    with pytest.raises(InputError, match="holds a link"), open_cases([tmp_path / "x.tar.gz"]):
        pass


def test_a_tar_that_claims_too_much_is_refused(tmp_path):
    info = tarfile.TarInfo("a_t1.nii")
    info.size = 10**11
    (tmp_path / "x.tar").write_bytes(info.tobuf() + bytes(2048))
    with (
        pytest.raises(InputError, match=r"unpacks to more than|damaged"),
        open_cases([tmp_path / "x.tar"]),
    ):
        pass


def test_a_cut_tar_is_refused(tmp_path):
    by_nibabel(tmp_path / "a_flair.nii")
    with tarfile.open(tmp_path / "x.tar.gz", "w:gz") as packed:
        packed.add(tmp_path / "a_flair.nii", "a_flair.nii")
    content = (tmp_path / "x.tar.gz").read_bytes()
    (tmp_path / "x.tar.gz").write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match="damaged tar"), open_cases([tmp_path / "x.tar.gz"]):
        pass


def test_a_plain_gzip_is_no_tar(tmp_path):
    nib.save(nib.Nifti1Image(VOXELS, AFFINE), tmp_path / "a_flair.nii.gz")
    assert check_file(tmp_path / "a_flair.nii.gz").compressed
    with open_cases([tmp_path / "a_flair.nii.gz"]) as (files,):
        assert read_case(files).present == ("flair",)
