"""Tables of patients as people save them, and what a table must not say."""

import shutil

import pytest

from common.errors import InputError
from training.data.patients import read_grades, read_split, split_cases


@pytest.fixture
def table(tmp_path):
    """Writes ``cases.csv``; its folder."""

    def write(content: str | bytes):
        content = content.encode() if isinstance(content, str) else content
        (tmp_path / "cases.csv").write_bytes(content)
        return tmp_path

    return write


@pytest.mark.parametrize("second", ["train", "test"])
def test_a_patient_who_stands_there_twice_is_refused(table, second):
    """In two splits it would be a leak; in one, counted twice by slices and once by patients."""
    data = table(f"case,split\na,train\nb,test\na,{second}\n")
    with pytest.raises(InputError, match=r"cases\.csv lists a twice"):
        split_cases(data, "test")


@pytest.mark.parametrize("line", ["b", "b,", ",test", " ,test"])
def test_a_line_without_a_case_or_a_split_is_named(table, line):
    with pytest.raises(InputError, match=r"Line 3 of .*cases\.csv needs a case and its split"):
        split_cases(table(f"case,split\na,test\n{line}\nc,train\n"), "dev")


def test_a_table_as_a_spreadsheet_saves_it_is_read(table):
    data = table("\ufeffcase,split,grade\r\na,test,HGG\r\nb,test,\r\n")
    assert split_cases(data, "test") == ["a", "b"]
    assert read_grades(data) == {"a": "HGG"}


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_table_in_another_encoding_is_told(table, encoding):
    with pytest.raises(InputError, match=r"cases\.csv is no text in UTF-8"):
        split_cases(table("case,split,site\na,test,Zürich\n".encode(encoding)), "test")


def test_a_case_without_a_folder_is_named_with_its_place(table):
    data = table("case,split\nnowhere,test\n")
    with pytest.raises(InputError, match=r"nowhere is missing; cases\.csv lists it") as refused:
        list(read_split(data, "test"))
    assert str(data / "nowhere") in str(refused.value)


def test_truths_that_tell_of_other_regions_are_not_scored_together(table, data_folder):
    """The mean of a region would be over other patients than the table says."""
    import nibabel as nib

    data = table("case,split\na,test\nb,test\n")
    for name in ("a", "b"):
        shutil.copytree(data_folder / name, data / name)
    (file,) = (data / "b").glob("*seg*")
    truth = nib.load(file)
    one_mask = (truth.get_fdata() > 0).astype("uint8") * 255
    nib.save(nib.Nifti1Image(one_mask, truth.affine), file)
    with pytest.raises(InputError, match=r"truth of b marks WT, that of a WT, TC, ET"):
        list(read_split(data, "test"))
