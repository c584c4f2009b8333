import nibabel as nib
import numpy as np
import pytest
import SimpleITK

from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles
from inference.io.export import label_image, write_labels, write_probability, write_whole
from inference.network.segmentation import Segmentation
from tests.inference.geometry.test_native_grid import ALL_48, OBLIQUE


def scan(path, *, codes="LPS", qform=1, sform=2, units=("mm", "sec"), kind=nib.Nifti1Image):
    """A small oblique scan whose voxels are all different."""
    shape = (7, 9, 5)
    turned = nib.orientations.axcodes2ornt(codes)
    affine = np.diag([1.5, 1.0, 2.0, 1.0]) @ nib.orientations.inv_ornt_aff(turned, shape)
    affine[:3, :3] = nib.eulerangles.euler2mat(0.1, 0.05, -0.08) @ affine[:3, :3]
    voxels = np.arange(1, 1 + np.prod(shape), dtype=np.int16).reshape(shape)
    image = kind(voxels, affine)
    image.set_qform(affine, qform)
    image.set_sform(affine, sform)
    image.header.set_xyzt_units(*units)
    nib.save(image, path)
    return path


def read(path):
    return read_case(CaseFiles("case", modalities={"flair": path}))


@pytest.mark.parametrize("codes", ["LPS", "RAS", "PIR", "SAL"])
@pytest.mark.parametrize(("qform", "sform"), [(1, 2), (0, 1), (4, 0)])
def test_an_export_lies_on_its_input(tmp_path, codes, qform, sform):
    source = scan(tmp_path / "a_flair.nii.gz", codes=codes, qform=qform, sform=sform)
    case = read(source)
    labels = (case.volume[3] % 4).astype(np.uint8)
    write_labels(case, labels, tmp_path / "out.nii.gz")
    given, written = nib.load(source), nib.load(tmp_path / "out.nii.gz")
    assert written.get_data_dtype() == np.uint8
    np.testing.assert_array_equal(np.asarray(written.dataobj), np.asarray(given.dataobj) % 4)
    np.testing.assert_array_equal(written.affine, given.affine)
    for form in ("get_qform", "get_sform"):
        mine, code = getattr(written.header, form)(coded=True)
        theirs, expected = getattr(given.header, form)(coded=True)
        assert code == expected
        if expected:
            np.testing.assert_array_equal(mine, theirs)
    assert written.header.get_xyzt_units() == given.header.get_xyzt_units()
    assert written.header.get_zooms() == given.header.get_zooms()


@pytest.mark.parametrize("codes", ["LPS", "RAS", "PIR", "SAL", "ASR", "ILP"])
@pytest.mark.parametrize(("qform", "sform"), [(1, 2), (4, 0)])
def test_a_probability_lies_on_its_input(tmp_path, codes, qform, sform):
    source = scan(tmp_path / "a_flair.nii.gz", codes=codes, qform=qform, sform=sform)
    case = read(source)
    # Every voxel has a probability of its own; the box leaves a border of 0 around.
    box = (slice(1, 6), slice(0, 4), slice(1, 4)) if codes == "RAS" else (slice(0, 4),) * 3
    whole = (case.volume[3] / 1024).astype(np.float16)
    inside = np.stack([whole[box] / 4, whole[box] / 2, whole[box]])
    segmentation = Segmentation("unet", np.zeros(case.shape, np.uint8), inside, box)
    write_probability(case, segmentation, "et", tmp_path / "et.nii.gz")
    given, written = nib.load(source), nib.load(tmp_path / "et.nii.gz")
    expected = np.zeros(case.shape, np.float32)
    expected[box] = whole[box]
    assert written.get_data_dtype() == np.float32
    voxels = np.asarray(written.dataobj)
    np.testing.assert_array_equal(voxels, case.grid.to_native(expected))
    lit = voxels > 0
    np.testing.assert_array_equal(voxels[lit] * 1024, np.asarray(given.dataobj)[lit])
    np.testing.assert_array_equal(written.affine, given.affine)
    for form in ("get_qform", "get_sform"):
        mine, theirs = (getattr(image.header, form)(coded=True) for image in (written, given))
        assert mine[1] == theirs[1]
        if theirs[1]:
            np.testing.assert_array_equal(mine[0], theirs[0])
    assert written.header.get_xyzt_units() == given.header.get_xyzt_units()


def test_scaling_of_the_input_does_not_reach_the_labels(tmp_path):
    path = tmp_path / "a_flair.nii"
    image = nib.load(scan(tmp_path / "raw_flair.nii.gz"))
    image.header.set_slope_inter(0.5, 10)
    nib.save(nib.Nifti1Image(np.asarray(image.dataobj), image.affine, image.header), path)
    case = read(path)
    labels = np.full(case.shape, 3, np.uint8)
    write_labels(case, labels, tmp_path / "out.nii.gz")
    assert (nib.load(tmp_path / "out.nii.gz").get_fdata() == 3).all()


def test_nifti_2_stays_nifti_2(tmp_path):
    case = read(scan(tmp_path / "a_flair.nii.gz", kind=nib.Nifti2Image))
    assert isinstance(label_image(case, np.zeros(case.shape, np.uint8)), nib.Nifti2Image)


def test_the_same_labels_give_the_same_bytes(tmp_path):
    case = read(scan(tmp_path / "a_flair.nii.gz"))
    for name in ("one.nii.gz", "two.nii.gz"):
        write_labels(case, np.ones(case.shape, np.uint8), tmp_path / name)
    assert (tmp_path / "one.nii.gz").read_bytes() == (tmp_path / "two.nii.gz").read_bytes()


def test_a_write_that_breaks_off_leaves_nothing(tmp_path):
    def break_off(file):
        file.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "out" / "labels.nii.gz", break_off)
    assert list((tmp_path / "out").iterdir()) == []


def test_others_may_read_the_file(tmp_path):
    write_whole(tmp_path / "a.json", lambda file: file.write_text("{}"))
    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o644


def corners_by_simpleitk(path):
    """The voxels, and where each corner of the volume lies, by a reader that is not nibabel."""
    image = SimpleITK.ReadImage(path)
    size = image.GetSize()
    corners = [
        tuple(int(last * at) for last, at in zip(np.subtract(size, 1), corner, strict=True))
        for corner in np.ndindex(2, 2, 2)
    ]
    places = [image.TransformIndexToPhysicalPoint(corner) for corner in corners]
    return SimpleITK.GetArrayFromImage(image), np.array(places)


@pytest.mark.parametrize(
    ("affine", "qform", "sform"),
    [
        *((affine, 1, 1) for affine in ALL_48),
        *((affine, 1, 0) for affine in OBLIQUE[::8]),
        *((affine, 0, 1) for affine in OBLIQUE[::8]),
    ],
)
def test_another_reader_sees_an_export_lie_on_its_image(tmp_path, affine, qform, sform):
    """Whatever nibabel wrote it would read back: this is how ITK-SNAP and 3D Slicer place it."""
    voxels = np.arange(1, 61, dtype=np.int16).reshape(3, 4, 5)
    image = nib.Nifti1Image(voxels, affine)
    image.set_qform(affine, qform)
    image.set_sform(affine, sform)
    nib.save(image, tmp_path / "a_flair.nii.gz")
    case = read(tmp_path / "a_flair.nii.gz")
    drawn = case.volume[3]
    probabilities = np.repeat((drawn / 64).astype(np.float16)[None], 3, axis=0)
    segmentation = Segmentation("unet", drawn, probabilities, tuple(map(slice, case.shape)))
    write_labels(case, (drawn % 4).astype(np.uint8), tmp_path / "labels.nii.gz")
    write_probability(case, segmentation, "wt", tmp_path / "probability.nii.gz")
    given, places = corners_by_simpleitk(tmp_path / "a_flair.nii.gz")
    labels, of_labels = corners_by_simpleitk(tmp_path / "labels.nii.gz")
    probability, of_probability = corners_by_simpleitk(tmp_path / "probability.nii.gz")
    np.testing.assert_array_equal(of_labels, places)
    np.testing.assert_array_equal(of_probability, places)
    np.testing.assert_array_equal(labels, given % 4)
    np.testing.assert_array_equal(probability * 64, given)


@pytest.mark.parametrize("kind", [nib.Nifti1Image, nib.Nifti2Image])
def test_no_words_of_the_header_are_written(tmp_path, kind):
    source = scan(tmp_path / "a_flair.nii", kind=kind)
    image = nib.load(source)
    for field in ("descrip", "aux_file", "intent_name", "db_name", "data_type"):
        if field in image.header:
            image.header[field] = b"MEIER"
    image.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"MEIER^HANS"))
    nib.save(image, source)
    case = read(source)
    assert b"MEIER" in source.read_bytes()
    segmentation = Segmentation(
        "unet",
        np.zeros(case.shape, np.uint8),
        np.zeros((3, 1, 1, 1), np.float16),
        (slice(0, 1),) * 3,
    )
    write_labels(case, segmentation.labels, tmp_path / "labels.nii")
    write_probability(case, segmentation, "et", tmp_path / "et.nii")
    for name in ("labels.nii", "et.nii"):
        assert b"MEIER" not in (tmp_path / name).read_bytes()
