"""nnU-Net's files are taken together: what they are is asked once, or stated beside them."""

import json
import zipfile

import pytest

from common.vocabulary import MODALITIES
from inference.io.case_reader import read_case
from tests.workspace.desk.drops import Upload, laid, roles, uploads
from workspace.desk.desk import NOT_USED, case_files, problem, set_role
from workspace.desk.numbered_files import ORDERS, asks_for_order, numbered_rows, take_order

ENDS = ("t1", "t1ce", "t2", "flair", "seg")


@pytest.fixture
def dropped(small_case_folder):
    """The files of a case under the names of nnU-Net, in the order of ``MODALITIES``."""

    def drop(*, stem="case", truth=False):
        places = [next(small_case_folder.glob(f"*_{end}.*")) for end in ENDS]
        names = [*(f"{stem}_{n:04d}.nii.gz" for n in range(4)), f"{stem}.nii.gz"]
        files = [Upload(n, place.read_bytes()) for n, place in zip(names, places, strict=True)]
        return files if truth else files[:4]

    return drop


def described(*names):
    channels = {str(number): name for number, name in enumerate(names)}
    return Upload("dataset.json", json.dumps({"channel_names": channels}).encode())


def test_one_question_for_all(dropped):
    on = laid(*dropped())
    assert asks_for_order(on)
    assert roles(on) == [None] * 4
    take_order(on, MODALITIES)
    assert not asks_for_order(on)
    assert roles(on) == list(MODALITIES)
    assert problem(on) is None
    with case_files(on) as files:
        assert read_case(files).present == MODALITIES


def test_the_order_of_the_decathlon(dropped):
    on = laid(*dropped())
    take_order(on, ORDERS[1])
    by_name = {row.name: row.role for row in on.rows}
    assert by_name["case_0000.nii.gz"] == "flair"
    assert by_name["case_0003.nii.gz"] == "t2"


def test_the_description_of_the_data_set_answers_it(dropped):
    on = laid(*dropped(), described("T2w", "FLAIR", "T1w", "T1Gd"))
    assert not asks_for_order(on)
    by_name = {row.name: row.role for row in on.rows}
    assert [by_name[f"case_000{n}.nii.gz"] for n in range(4)] == ["t2", "flair", "t1", "t1c"]
    assert on.refused == []


def test_the_description_may_come_later(dropped):
    from workspace.desk.arrival.uploads import take_in

    on = laid(*dropped())
    take_in(on, [described("T1", "T1ce", "T2", "ADC")])
    by_name = {row.name: row.role for row in on.rows}
    assert by_name["case_0003.nii.gz"] == NOT_USED
    assert by_name["case_0001.nii.gz"] == "t1c"


def test_a_label_map_called_like_the_case_is_its_truth(dropped):
    on = laid(*dropped(truth=True), described("T1", "T1ce", "T2", "FLAIR"))
    assert {row.name: row.role for row in on.rows}["case.nii.gz"] == "truth"


def test_what_the_visitor_has_said_stays(dropped):
    on = laid(*dropped())
    set_role(on.rows[2], NOT_USED)
    take_order(on, MODALITIES)
    assert roles(on)[2] == NOT_USED


def test_two_cases_and_names_that_say_more_are_no_question_of_order(dropped):
    assert numbered_rows(laid(*dropped()[:2], *dropped(stem="other")[2:])) == []
    assert numbered_rows(laid(*dropped(stem="t1")[:2])) == []
    assert numbered_rows(laid(dropped()[0])) == []


def test_a_zip_of_a_data_set_is_read_in_the_order_that_it_states(small_case_folder, tmp_path):
    ends = ("flair", "t1", "t1ce", "t2")
    names = dict(enumerate(["FLAIR", "T1", "T1ce", "T2"]))
    archive = tmp_path / "set.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("set/dataset.json", json.dumps({"channel_names": names}))
        for number, end in enumerate(ends):
            [upload] = uploads(small_case_folder, f"*_{end}.*")
            packed.writestr(f"set/imagesTr/G_1_000{number}.nii.gz", upload.content)
    on = laid(Upload(archive.name, archive.read_bytes()))
    assert not on.refused
    assert {row.name: row.role for row in on.rows} == {
        f"G_1_000{number}.nii.gz": role for number, role in enumerate(("flair", "t1", "t1c", "t2"))
    }
