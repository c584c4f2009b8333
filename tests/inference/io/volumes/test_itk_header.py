"""What ITK's parsers could not bear is refused before they see it."""

import pytest

from common.errors import InputError
from inference.io.volumes.itk_file import check_itk

META = {
    "ObjectType": "Image",
    "NDims": "3",
    "BinaryData": "True",
    "TransformMatrix": "1 0 0 0 1 0 0 0 1",
    "Offset": "0 0 0",
    "ElementSpacing": "1 1 1",
    "DimSize": "4 4 4",
    "ElementType": "MET_SHORT",
}
NRRD = {
    "type": "short",
    "dimension": "3",
    "space": "left-posterior-superior",
    "sizes": "4 4 4",
    "space directions": "(1,0,0) (0,1,0) (0,0,1)",
    "kinds": "domain domain domain",
    "endian": "little",
    "encoding": "raw",
    "space origin": "(0,0,0)",
}
VOXELS = bytes(128)


def meta(**changed):
    lines = [f"{key} = {value}\n" for key, value in (META | changed).items()]
    return "".join([*lines, "ElementDataFile = LOCAL\n"]).encode() + VOXELS


def nrrd(changed):
    lines = [f"{key}: {value}\n" for key, value in (NRRD | changed).items()]
    return "".join(["NRRD0004\n", *lines, "\n"]).encode() + VOXELS


# The first four of each ended the process.
META_FAULTS = [
    {"NDims": "1000000"},
    {"NDims": "100", "DimSize": "1 " * 100},
    {"NDims": "-1"},
    {"DimSize": "4 " * 9000},
    {"DimSize": "4 4"},
    {"DimSize": "-4 4 4"},
    {"DimSize": "4294967297 4 4"},
    {"TransformMatrix": "1 0"},
    {"ElementType": "M" * 20_000},
    {"Comment": "x" * 300},
    {"HeaderSize": "-9999"},
    {"Comment": "x\x0bNDims = 1000000"},
    {"Comment": "x\0y"},
    {" ElementDataFile": "/etc/passwd"},
    {"ElementNumberOfChannels": "1e9"},
]
NRRD_FAULTS = [
    {"sizes": "4 " * 9000},
    {"space directions": f"({'1,' * 9000}0)"},
    {"dimension": "17"},
    {"sizes": "4 4"},
    {"kinds": "domain"},
    {"block size": "1000000"},
    {"byte skip": "99999999"},
    {"encoding": "mp3"},
    {"sizes": "4 " * 9000 + ":="},
    {" data file": "/etc/passwd"},
    {"content": "x" * 2000},
    {"labels": '"a" "b" "c" "d"'},
]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *(("x_t1.mha", meta(**fault)) for fault in META_FAULTS),
        *(("x_t1.nrrd", nrrd(fault)) for fault in NRRD_FAULTS),
    ],
)
def test_a_header_that_breaks_the_rules_is_refused(tmp_path, name, content, capfd):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match="has a damaged header"):
        check_itk(path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x_t1.mha", meta()),
        ("x_t1.mha", meta(Comment="a word", SomethingElse="x" * 300)),
        ("x_t1.nrrd", nrrd({})),
        ("x_t1.nrrd", nrrd({"content": "a word", "labels": '"x" "y" "z"'})),
    ],
)
def test_a_header_that_keeps_them_is_read(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    assert check_itk(path).shape == (4, 4, 4)


def test_a_name_that_no_disk_has_is_refused(tmp_path):
    path = tmp_path / "x.mhd"
    path.write_bytes(meta().replace(b"LOCAL", b"x" * 300))
    with pytest.raises(InputError, match="give both files"):
        check_itk(path)
