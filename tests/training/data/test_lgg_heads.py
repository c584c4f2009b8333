import pytest

from common.errors import InputError
from training.data.lgg_heads import SAME_PERSON, TABLE, head_names, read_head

HEADER = "patient,lgg_split,may_train_brats,why,brain_ml,tumour_outside"


def table_of(folder, *rows):
    (folder / TABLE).write_text("\n".join([HEADER, *rows]) + "\n")
    return folder


@pytest.mark.parametrize("who", ["train,no", "val,yes", "test,yes", "val,no"])
def test_one_who_must_not_train_is_refused_by_name(tmp_path, who):
    folder = table_of(tmp_path, "good,train,yes,,1400,0", f"bad,{who},,1400,0")
    with pytest.raises(InputError, match="bad, who must not train a network of BraTS"):
        head_names(folder)


def test_apart_nobody_is_there_twice(tmp_path):
    twice = f"twice,train,yes,{SAME_PERSON}: keep both in one fold,1400,0"
    folder = table_of(tmp_path, "once,train,yes,,1400,0.02", twice)
    assert head_names(folder) == ["once", "twice"]
    assert head_names(folder, apart=True) == ["once"]


def test_a_folder_that_is_not_finished_is_not_learned_from(tmp_path):
    with pytest.raises(InputError, match=r"heads\.csv is missing; python -m training prepare-lgg"):
        head_names(tmp_path)


def test_a_head_that_is_missing_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone\.npz is missing; heads\.csv lists it"):
        read_head(table_of(tmp_path, "gone,train,yes,,1400,0"), "gone")
