"""Names survive: in every script, from every archiver, on the page and on paper."""

import unicodedata
import zipfile

import pytest

from inference.io.cases.case_files import open_cases
from inference.io.names.file_names import case_name
from inference.io.names.owners import two_owners
from inference.io.names.wording import shown_name
from report.drawing.fonts import markup


class Unsaid(zipfile.ZipInfo):
    """An entry whose name is written as it is, without a word on its encoding."""

    def _encodeFilenameFlags(self):  # noqa: N802 - zipfile calls it
        return self.filename.encode("cp437"), 0


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("राम_t1.nii", "राम"),
        ("रिम_t1.nii", "रिम"),
        (unicodedata.normalize("NFD", "Müller_t1.nii"), "Müller"),
        (unicodedata.normalize("NFD", "Đặng Thị_t1.nii"), "Đặng_Thị"),
        ("สมชาย ใจดี_t1.nii", "สมชาย_ใจดี"),
        ("محمد_t1.nii", "محمد"),
        ("😀_t1.nii", "😀"),
        ("😀a_t1.nii", "😀a"),
        ("t1_w😀.nii", "w😀"),
        ("a/b:c*_t1.nii", "a_b_c"),
    ],
)
def test_a_case_keeps_its_name(file, name):
    assert case_name([file]) == name


def test_vowels_tell_two_patients_apart():
    assert two_owners(["राम_t1.nii", "रिम_t2.nii"])
    assert not two_owners(["राम_t1.nii", "राम_t2.nii"])
    assert not two_owners(["Müller_t1.nii", unicodedata.normalize("NFD", "Müller_t2.nii")])
    assert case_name(["राम_t1.nii", "रिम_t2.nii"], fallback="P1") == "P1"


@pytest.mark.parametrize(
    ("encoding", "patient"),
    [
        ("gbk", "病人李明"),
        ("gbk", "王小红"),
        ("gbk", "赵敏"),
        ("euc_kr", "박지성"),
        ("cp932", "患者田中太郎"),
        ("big5", "病患王小明"),
        ("euc_kr", "환자김철수"),
        ("cp866", "Пациент Иванов"),
        ("cp1251", "Пациент Иванов"),
        ("cp437", "Müller"),
        ("cp1252", "Müller"),
        ("utf-8", "李明"),
    ],
)
def test_a_zip_of_any_country_keeps_its_names(write_nifti, tmp_path, encoding, patient):
    scan = write_nifti("scan.nii").read_bytes()
    path = tmp_path / "scans.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for kind in ("T1", "T2", "FLAIR"):
            raw = f"{patient}/{patient}_{kind}.nii".encode(encoding)
            archive.writestr(Unsaid(raw.decode("cp437")), scan)
    with open_cases([path]) as (files,):
        assert set(files.modalities) == {"t1", "t2", "flair"}
        assert files.name == patient.replace(" ", "_")


def test_a_zip_that_says_utf_8_is_believed(write_nifti, tmp_path):
    with zipfile.ZipFile(tmp_path / "scans.zip", "w") as archive:
        archive.write(write_nifti("scan.nii"), "李明_T1.nii")
    with open_cases([tmp_path / "scans.zip"]) as (files,):
        assert files.name == "李明"


def test_a_name_from_the_right_does_not_turn_its_sentence():
    assert shown_name("محمد_t1.nii") == "\u2068محمد_t1.nii\u2069"
    assert shown_name("Müller_t1.nii") == "Müller_t1.nii"


@pytest.mark.parametrize(
    ("name", "paper"),
    [
        ("राम", "ram"),
        ("สมชาย", "smchay"),
        ("محمد", "mhmd"),
        ("שלום", "slvm"),
        ("🫠", ":melting_face:"),
        ("Müller", "Müller"),
    ],
)
def test_paper_has_glyphs_or_latin_letters(name, paper):
    assert markup(name) == paper
