"""A damaged MetaImage is one sentence: nothing of ITK's on stderr, and no garbage for an image."""

import zlib

import numpy as np
import pytest
import SimpleITK

from common.errors import InputError
from inference.io.volumes.checked_file import check_file
from inference.io.volumes.meta_header import meta_header
from inference.io.volumes.nifti_blocks import read_blocks

USUAL = {
    "ObjectType": "Image",
    "NDims": "3",
    "DimSize": "10 9 8",
    "ElementSpacing": "1 1 1",
    "ElementType": "MET_SHORT",
    "ElementDataFile": "LOCAL",
}
NUMBERS = np.arange(720, dtype="<i2")


def write(folder, changes=None, content=None, name="a_t1.mha"):
    lines = USUAL | (changes or {})
    head = "".join(f"{key} = {value}\n" for key, value in lines.items() if value is not None)
    path = folder / name
    path.write_bytes(head.encode() + (NUMBERS.tobytes() if content is None else content))
    return path


def stored(path):
    return np.concatenate([block.voxels for block in read_blocks(check_file(path))], axis=2)


@pytest.mark.parametrize(
    "changes",
    [
        {"NDims": "77"},
        {"NDims": "three"},
        {"DimSize": "10 9"},
        {"DimSize": "-10 9 8"},
        {"DimSize": None},
        {"ElementType": "MET_BANANA"},
        {"ElementType": None},
        {"ElementSpacing": "1 x 1"},
        {"ElementSpacing": "1 1"},
        {"Offset": "nan 0 0"},
        {"TransformMatrix": "1 0"},
        {"ElementNumberOfChannels": "none"},
        {"CompressedDataSize": "ata 84"},
        {"CompressedDataSize": ""},
        {"ID": "1e999"},
        {"ElementNBits": "nan"},
        {"ElementMax": "1e999"},
        {"Color": "1e999 0 0 0"},
        {"Color": "1"},
        {"SequenceID": "1"},
    ],
)
def test_a_damaged_header_is_one_sentence(tmp_path, capfd, changes):
    changes = changes | ({"ElementDataFile": "LOCAL"})
    order = {key: (USUAL | changes)[key] for key in [*(USUAL | changes)]}
    order["ElementDataFile"] = order.pop("ElementDataFile")
    path = tmp_path / "a_t1.mha"
    head = "".join(f"{key} = {value}\n" for key, value in order.items() if value is not None)
    path.write_bytes(head.encode() + NUMBERS.tobytes())
    with pytest.raises(InputError, match=r"^a_t1\.mha has a damaged header; copy or export it"):
        check_file(path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("line", [b"NDims =\xa03", b"DimSize = 10\xa0 9 8", b"HeaderSize =\x850"])
def test_a_byte_that_is_a_blank_in_one_encoding_is_none(tmp_path, capfd, line):
    key = line.split()[0].decode()
    head = write(tmp_path, {key: None}).read_bytes()
    before, after = head.split(b"ElementDataFile", 1)
    path = tmp_path / "b_t1.mha"
    path.write_bytes(before + line + b"\nElementDataFile" + after)
    with pytest.raises(InputError, match="has a damaged header"):
        check_file(path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"garbage" * 300, "is damaged"),
        (zlib.compress(NUMBERS.tobytes())[:-30], "is cut off"),
        (zlib.compress(NUMBERS.tobytes()[:100]), "is cut off"),
    ],
)
def test_damaged_numbers_are_one_sentence(tmp_path, capfd, content, words):
    changes = {"ElementDataFile": None, "CompressedData": "True"}
    path = write(tmp_path, changes | {"CompressedDataSize": str(len(content))}, b"")
    path.write_bytes(path.read_bytes() + b"ElementDataFile = LOCAL\n" + content)
    with pytest.raises(InputError, match=rf"^a_t1\.mha {words}"):
        stored(path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_numbers_are_those_that_itk_reads(tmp_path, big_endian, packed):
    content = NUMBERS.astype(">i2" if big_endian else "<i2").tobytes()
    content = zlib.compress(content) if packed else content
    changes = {
        "ElementDataFile": None,
        "BinaryData": "True",
        "BinaryDataByteOrderMSB": str(big_endian),
        "CompressedData": str(packed),
        "CompressedDataSize": str(len(content)) if packed else None,
    }
    path = write(tmp_path, changes, b"")
    path.write_bytes(path.read_bytes() + b"ElementDataFile = LOCAL\n" + content)
    expected = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path))).T
    np.testing.assert_array_equal(stored(path), expected)


@pytest.mark.parametrize("first", [b"\n\0", b"\n\n", b"  ", b"\r\n", b" \n"])
def test_numbers_may_begin_with_any_byte(tmp_path, first):
    content = first + NUMBERS.tobytes()[2:]
    path = write(tmp_path, content=content)
    assert stored(path).ravel("F").astype("<i2").tobytes() == content


@pytest.mark.parametrize("skipped", [0, 16, -1])
def test_numbers_in_a_file_of_their_own(tmp_path, skipped):
    (tmp_path / "a.raw").write_bytes(bytes(16 if skipped else 0) + NUMBERS.tobytes())
    changes = {"ElementDataFile": None, "HeaderSize": str(skipped)}
    path = write(tmp_path, changes, b"ElementDataFile = a.raw\n", "a_t1.mhd")
    np.testing.assert_array_equal(stored(path).ravel("F"), NUMBERS)


def test_numbers_written_as_text_are_refused(tmp_path, capfd):
    changes = {"ElementDataFile": None, "BinaryData": "False"}
    text = " ".join(map(str, NUMBERS)).encode()
    path = write(tmp_path, changes, b"ElementDataFile = LOCAL\n" + text)
    with pytest.raises(InputError, match="has its numbers written as text; save it in binary"):
        check_file(path)
    assert capfd.readouterr() == ("", "")


def test_the_lines_are_read():
    head = b"NDims = 2\nDimSize = 3 4\nElementType = MET_FLOAT\nElementByteOrderMSB = True\n"
    header = meta_header(head + b"ElementDataFile = LOCAL\n\0\0")
    assert header.dtype == np.dtype(">f4")
    assert header.big_endian
    assert (header.packed, header.binary, header.skipped) == (False, True, 0)


@pytest.mark.parametrize("ending", ["mha", "nrrd"])
@pytest.mark.parametrize(
    "line",
    [
        {"dim[0]": "3", "srow_x": "1 0 0 -9", "qform_code_name": "NIFTI_XFORM_SCANNER_ANAT"},
        {"0008|0060": "MR", "0010|0010": "M\xc3\xbcller^A", "0020|000d": "1.2.3"},
        {"my own line": "a = b : c", "Window-Center": "40"},
    ],
    ids=["of NIfTI", "of DICOM", "of others"],
)
def test_what_itk_carries_along_from_another_file_damages_nothing(tmp_path, capfd, ending, line):
    image = SimpleITK.GetImageFromArray(NUMBERS.reshape(8, 9, 10))
    for key, value in line.items():
        image.SetMetaData(key, value)
    path = tmp_path / f"a_t1.{ending}"
    SimpleITK.WriteImage(image, str(path))
    capfd.readouterr()
    np.testing.assert_array_equal(stored(path).ravel("F"), NUMBERS)
    assert capfd.readouterr() == ("", "")
