"""Files of other kinds are refused together, in a sentence that says what would be right."""

import pytest

from tests.workspace.desk.drops import Upload, laid, uploads, zipped
from workspace.desk.unknown_files import without_strangers
from workspace.session.uploads_on_disk import kept

DICOM = bytes(128) + b"DICM" + bytes(300)


def refused(*dropped: Upload) -> list[str]:
    return without_strangers([kept(upload) for upload in dropped])[1]


def test_a_stranger_is_said_to_be_what_it_is():
    assert refused(Upload("letter of referral.pdf", b"%PDF-1.7 " + bytes(99))) == [
        "letter of referral.pdf is a PDF; "
        "give NIfTI, MetaImage, NRRD, .mgz, PNG, JPEG, TIFF or .npy."
    ]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("notes.txt", b"hello", "is a text file; give NIfTI"),
        ("empty", b"", "is empty; give NIfTI"),
        ("IM0001", DICOM, "is a DICOM file; drop the DICOM files of a study by themselves"),
        ("scan.bin", bytes(range(256)), "is of no kind read here; give NIfTI"),
        ("no.zip", b"hello", "is a text file; give NIfTI"),
    ],
)
def test_its_name_is_not_believed(name, content, what):
    [sentence] = refused(Upload(name, content))
    assert sentence.startswith(f"{name} {what}")


def test_a_folder_of_dicom_slices_is_one_sentence():
    slices = [Upload(f"IM{n:04}.dcm", DICOM) for n in range(1, 313)]
    assert refused(*slices, Upload("DICOMDIR", DICOM)) == [
        "Each of these 313 files is a DICOM file: IM0001.dcm, IM0002.dcm, IM0003.dcm and 310 more; "
        "drop the DICOM files of a study by themselves, on the Open page."
    ]


def test_two_are_both_named():
    [sentence] = refused(Upload("a.txt", b"hello"), Upload("b.txt", b"hello"))
    assert "Each of these 2 files is a text file: a.txt, b.txt; give" in sentence


def test_a_name_of_several_lines_stays_on_one():
    [sentence] = refused(Upload("a\nb.txt", b"hello"))
    assert sentence.startswith("a?b.txt is a text file")


def test_scans_and_zips_are_let_through(small_case_folder, tmp_path):
    empty = Upload("empty.zip", b"PK\x05\x06" + bytes(18))
    files = [*uploads(small_case_folder), zipped(small_case_folder, tmp_path), empty]
    files = [kept(upload) for upload in files]
    assert without_strangers(files) == (files, [])


def test_what_can_be_read_beside_them_is_laid_on_the_desk(small_case_folder):
    on = laid(Upload("IM0001.dcm", DICOM), *uploads(small_case_folder, "*_t1.*"))
    assert [row.role for row in on.rows] == ["t1"]
    assert len(on.refused) == 1
