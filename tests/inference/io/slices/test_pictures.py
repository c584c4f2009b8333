"""Pictures: a slice stands as it is looked at; a photograph is refused."""

import contextlib
import struct
import zlib

import nibabel as nib
import numpy as np
import pytest
import tifffile
from PIL import Image

from common.errors import InputError
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles, open_cases
from inference.io.names.file_names import recognise
from inference.io.slices.pictures import MAX_SIDE, MIN_SIDE, read_picture
from inference.network.preprocess import to_slices
from synthetic import make_case


@pytest.fixture(scope="module")
def brain():
    """(4, 160, 160) uint8: a slice of a synthetic case in its four modalities."""
    case = make_case(shape=(160, 160, 24), seed=3)
    return to_slices(case.volume)[int(case.truth.any(axis=(0, 1)).argmax()) + 2]


def photograph(seed=0, shape=(240, 320)):
    """Something bright and colourful up to its edges, with soft shapes and noise."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[: shape[0], : shape[1]] / 100
    phases = random.uniform(0, 6, 6)
    colours = [130 + 60 * np.sin(x * (1 + i) + phases[i]) + 40 * np.cos(y + phases[i + 3])
               for i in range(3)]  # fmt: skip
    noisy = np.stack(colours, -1) + random.normal(0, 6, (*shape, 3))
    return noisy.clip(0, 255).astype(np.uint8)


@pytest.fixture
def save(tmp_path):
    def write(pixels, name="x_t1.png", *, mode=None, **options):
        image = Image.fromarray(pixels)
        path = tmp_path / name
        (image.convert(mode) if mode else image).save(path, **options)
        return path

    return write


def pixels_of(path):
    """The channels of a picture as they are looked at, (H, W, channels)."""
    return read_picture(path).voxels[:, :, 0].swapaxes(0, 1)


def refused(path, *words):
    with pytest.raises(InputError) as caught:
        read_picture(path)
    message = str(caught.value)
    assert path.name in message
    assert message.endswith(".")
    for word in words:
        assert word in message
    return message


# --- what is right ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x_t1.png", "x_t1.tif", "x_t1.tiff"])
@pytest.mark.parametrize("mode", [None, "RGB", "RGBA", "LA"])
def test_a_grey_slice_is_one_image_however_it_is_saved(save, brain, name, mode):
    np.testing.assert_array_equal(pixels_of(save(brain[0], name, mode=mode))[..., 0], brain[0])
    assert read_picture(save(brain[0], name, mode=mode)).volumes == 1


@pytest.mark.parametrize("name", ["x_t1.png", "x_t1.tif"])
def test_16_bits_are_kept(save, brain, name):
    deep = brain[0].astype(np.uint16) * 257
    np.testing.assert_array_equal(pixels_of(save(deep, name))[..., 0], deep)


def test_a_tiff_of_fractions(save, brain):
    soft = brain[0].astype(np.float32) / 7
    np.testing.assert_array_equal(pixels_of(save(soft, "x_t1.tif"))[..., 0], soft)


@pytest.mark.parametrize("mode", [None, "RGB"])
def test_a_jpeg_is_close_and_its_background_is_0(save, brain, mode):
    path = save(brain[0], "x_t1.jpg", mode=mode, quality=85)
    file = read_picture(path)
    assert file.volumes == 1
    pixels = pixels_of(path)[..., 0].astype(int)
    assert np.abs(pixels - brain[0]).mean() < 4
    assert (pixels[:5] == 0).all()
    assert (pixels == 0).mean() > 0.4


def test_three_modalities_in_red_green_and_blue(save, brain):
    colours = np.stack([brain[0], brain[3], brain[1]], -1)
    file = read_picture(save(colours, "slice.png"))
    assert (file.volumes, file.colour) == (3, True)
    np.testing.assert_array_equal(pixels_of(file.path), colours)


def test_a_small_mark_in_colour_leaves_a_slice_grey(save, brain):
    marked = np.stack([brain[0]] * 3, -1)
    marked[5:9, 5:20] = (255, 255, 0)
    file = read_picture(save(marked))
    assert file.volumes == 1
    assert "marks in colour" in file.notes[0]


def test_a_slice_reaches_the_network_the_way_it_is_looked_at(save, brain):
    case = read_case(CaseFiles("x", {"t1": save(brain[0])}))
    assert case.shape == (160, 160, 1)
    np.testing.assert_array_equal(to_slices(case.volume)[0, 0], brain[0])
    assert case.grid.axis_codes == "LPS"
    assert not case.voxel_size_known
    assert np.isnan(case.voxel_volume_ml)
    assert any("size of a pixel is not known" in note for note in case.notes)


def test_a_label_map_keeps_its_numbers_in_colours_too(save, brain):
    labels = (brain[0] > 40).astype(np.uint8) + (brain[0] > 90)
    image = Image.fromarray(labels)
    image.putpalette(bytes.fromhex("000000 56B4E9 F0E442 D55E00"))
    path = save(brain[0], "x_seg.png")
    image.save(path)
    np.testing.assert_array_equal(pixels_of(path)[..., 0], labels)


def test_a_camera_that_was_held_sideways(save, brain):
    exif = Image.Exif()
    exif[0x0112] = 6  # the viewer turns it by 90° clockwise
    upright = brain[0, 20:140]
    path = save(np.rot90(upright).copy(), "x_t1.jpg", quality=98, exif=exif)
    assert np.abs(pixels_of(path)[..., 0].astype(int) - upright).mean() < 4


def test_what_is_seen_through_is_black(save, brain):
    see_through = np.dstack([np.full_like(brain[0], 255)] * 3 + [(brain[0] > 0) * np.uint8(255)])
    pixels = pixels_of(save(see_through))[..., 0]
    np.testing.assert_array_equal(pixels, (brain[0] > 0) * 255)


# --- what is wrong ----------------------------------------------------------------------------


def png_that_claims(width, height):
    def chunk(kind, content):
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10**6))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def tiff_that_claims(width, height):
    tags = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1),
            (278, height), (279, 100)]  # fmt: skip
    entries = b"".join(struct.pack("<2H2I", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


@pytest.mark.parametrize("claims", [png_that_claims, tiff_that_claims])
@pytest.mark.parametrize("side", [MAX_SIDE + 1, 30_000, 200_000])
def test_a_bomb_is_refused_by_what_it_claims(tmp_path, claims, side):
    path = tmp_path / "x_t1.tif"
    path.write_bytes(claims(side, side))
    refused(path)


def test_the_size_is_named(tmp_path):
    path = tmp_path / "x_t1.png"
    path.write_bytes(png_that_claims(9000, 9000))
    refused(path, "9000×9000 pixels")


def test_a_stamp_is_refused(save):
    refused(save(np.zeros((8, 8), np.uint8)), "8×8 pixels")


@pytest.mark.parametrize(
    ("name", "options"),
    [("x.png", {}), ("x.jpg", {}), ("x.tif", {}), ("x.tif", {"compression": "tiff_lzw"})],
)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_a_cut_picture_is_refused_in_a_sentence(save, brain, name, options, share):
    path = save(brain[0], name, **options)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    message = refused(path)
    assert "cut off" in message or "damaged" in message


def test_damage_is_never_a_traceback(save, brain):
    random = np.random.default_rng(0)
    for name in ("x.png", "x.jpg", "x.tif"):
        whole = save(brain[0], name).read_bytes()
        for _ in range(40):
            content = bytearray(whole)
            for place in random.integers(4, min(len(whole), 400), 3):
                content[place] = random.integers(256)
            (path := save(brain[0], name)).write_bytes(content)
            with contextlib.suppress(InputError):
                read_picture(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"hello", "is a text file"),
        (b"%PDF-1.7" + bytes(99), "is a PDF"),
        (b"\x89PNG" + bytes(99), "is damaged"),
        (b"GIF89a" + bytes(99), "is a GIF picture"),
        (b"RIFF\x24\0\0\0WEBPVP8 " + bytes(99), "is a WebP picture"),
        (b"\0\0\0\x18ftypheic" + bytes(99), "is a HEIC picture"),
    ],
)
def test_what_is_no_picture_is_called_what_it_is(tmp_path, content, words):
    path = tmp_path / "x_t1.png"
    path.write_bytes(content)
    refused(path, words)


def test_a_picture_that_is_not_there(tmp_path):
    refused(tmp_path / "absent.png", "cannot be opened")


def test_print_colours_are_refused(save):
    refused(save(photograph(), "x.jpg", mode="CMYK"), "made for print (CMYK)")


@pytest.mark.parametrize("name", ["x_t1.tif", "x_t1.png"])
def test_several_pages_are_no_slice(tmp_path, brain, name):
    pages = [Image.fromarray(image) for image in brain]
    pages[0].save(tmp_path / name, save_all=True, append_images=pages[1:])
    refused(tmp_path / name, "holds several pictures")


# --- photographs ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("grey", [False, True])
def test_a_photograph_is_refused(save, seed, grey):
    refused(
        save(photograph(seed), "cat.jpg", mode="L" if grey else None), "looks like a photograph"
    )


def framed(pixels):
    """In a black frame, as a screenshot or a video has it."""
    return np.pad(pixels, ((40, 40), (60, 60), (0, 0)))


def darkened(pixels):
    """Towards its corners, as a lens or a filter does."""
    y, x = (np.linspace(-1, 1, side) for side in pixels.shape[:2])
    light = np.clip(1.15 - np.hypot(*np.meshgrid(x, y)), 0, 1)
    return (pixels * light[..., None]).astype(np.uint8)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ["cat.png", "cat.jpg"])
@pytest.mark.parametrize("changed", [framed, darkened])
def test_neither_a_black_frame_nor_dark_corners_make_a_photograph_a_slice(
    save, seed, name, changed
):
    refused(save(changed(photograph(seed)), name), "looks like a photograph or drawing in colour")


@pytest.fixture(scope="module")
def thin_case():
    return make_case(shape=(120, 120, 40), seed=4)


@pytest.mark.parametrize("name", ["slice.png", "slice.jpg"])
@pytest.mark.parametrize("tight", [False, True])
def test_three_modalities_in_colours_are_no_photograph(save, name, tight, thin_case):
    for z in np.flatnonzero(thin_case.volume[0].any(axis=(0, 1)))[::4]:
        colours = to_slices(thin_case.volume)[z, [0, 3, 1]].transpose(1, 2, 0).astype(np.uint8)
        rows, columns = (np.flatnonzero(colours.any(axis=(axis, 2))) for axis in (1, 0))
        box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        cut = colours[box] if tight else colours
        if min(cut.shape[:2]) >= MIN_SIDE:
            read_picture(save(np.ascontiguousarray(cut), name))


def test_no_real_slice_in_colours_is_a_photograph(real_data, save):
    [folder, *_] = sorted(real_data.glob("Brats18_TCIA01_378_1"))
    channels = []
    for end in ("t1", "flair", "t1ce"):
        [path] = folder.glob(f"*_{end}.nii.gz")
        volume = np.asarray(nib.load(path).dataobj).astype(np.float32)
        channels.append(np.clip(volume / np.percentile(volume[volume > 0], 99.9) * 255, 0, 255))
    for z in range(20, 140, 20):
        colours = np.stack([channel[..., z].T for channel in channels], -1).astype(np.uint8)
        for name in ("x.png", "x.jpg"):
            assert read_picture(save(colours, name)).volumes == 3


@pytest.mark.parametrize("tight", [False, True])
@pytest.mark.parametrize("options", [{"name": "x.jpg"}, {"name": "x.jpg", "mode": "RGB"}, {}])
def test_a_slice_is_no_photograph(save, brain, tight, options):
    for image in brain:
        rows, columns = (np.flatnonzero((image > 0).any(axis=axis)) for axis in (1, 0))
        cut = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if tight else image
        assert read_picture(save(np.ascontiguousarray(cut), **options)).volumes == 1


def test_no_slice_of_a_real_patient_is_a_photograph(real_data, save):
    [folder, *_] = sorted(real_data.glob("Brats18_TCIA01_378_1"))
    for path in folder.glob("*.nii.gz"):
        if recognise(path.name) == "truth":
            continue
        volume = np.asarray(nib.load(path).dataobj).astype(np.float32)
        scaled = np.clip(volume / np.percentile(volume[volume > 0], 99.9) * 255, 0, 255)
        for z in range(20, 140, 20):
            image = scaled[..., z].T.astype(np.uint8)
            for mode in ("L", "RGB"):
                assert read_picture(save(image, "x.jpg", mode=mode)).volumes == 1


# --- a case of pictures -----------------------------------------------------------------------


def test_pictures_and_their_truth_are_a_case(save, brain):
    for image, end in zip(brain, ("t1", "t1ce", "t2", "flair"), strict=True):
        save(image, f"P7_{end}.png")
    labels = (brain[0] > np.percentile(brain[0], 90)).astype(np.uint8) * 2
    folder = save(labels, "P7_seg.png").parent
    with open_cases([folder]) as [files]:
        case = read_case(files)
    assert case.name == "P7"
    assert len(case.present) == 4
    np.testing.assert_array_equal(to_slices(case.truth[None])[0, 0], labels)


def test_pictures_of_two_sizes_are_refused(save, brain):
    small, large = save(brain[0], "x_t1.png"), save(brain[1][:, 10:], "x_t2.png")
    with pytest.raises(InputError, match=r"x_t2\.png has 150×160 pixels and x_t1\.png 160×160"):
        read_case(CaseFiles("x", {"t1": small, "t2": large}), resampled=True)


def test_a_picture_and_a_volume_are_refused(save, brain, write_nifti):
    files = CaseFiles("x", {"t1": save(brain[0], "x_t1.png"), "t2": write_nifti("x_t2.nii")})
    with pytest.raises(InputError, match="give files of one kind"):
        read_case(files)


def test_a_preview_beside_a_scan_is_left_alone(write_case, brain):
    folder = write_case()
    Image.fromarray(brain[0]).save(folder / "P1_t1.png")
    with open_cases([folder]) as [files]:
        assert files.modalities["t1"].name == "P1_t1.nii.gz"


def test_a_large_head_is_told(save, brain):
    large = np.asarray(Image.fromarray(brain[0]).resize((800, 800)))
    [note] = [n for n in read_case(CaseFiles("x", {"t1": save(large)})).notes if "pixels long" in n]
    assert "see the picture at that size" in note


def deep_png(shape, kind):
    """A PNG of 16 bits a sample, which Pillow cannot write: dark, with a bright square."""
    height, width = shape
    samples = {2: 3, 4: 2, 6: 4}[kind]
    pixels = np.zeros((height, width, samples), ">u2")
    pixels[20:40, 20:40] = np.arange(1, samples + 1) * 1000
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("kind", [2, 4, 6], ids=["RGB", "grey with alpha", "RGBA"])
def test_colours_of_16_bits_are_refused_before_they_lose_half_of_them(tmp_path, kind):
    path = tmp_path / "x_t1.png"
    path.write_bytes(deep_png((64, 64), kind))
    refused(path, "16 bits a colour", "save each modality as a grey picture of 16 bits")


def test_so_are_those_of_a_tiff(tmp_path):
    path = tmp_path / "slice.tif"
    pixels = np.zeros((64, 64, 3), np.uint16)
    pixels[20:40, 20:40] = (4000, 2000, 1000)
    tifffile.imwrite(path, pixels, photometric="rgb")
    refused(path, "16 bits a colour")
