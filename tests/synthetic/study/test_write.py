import shutil
import subprocess

import pydicom
import pytest

from synthetic.study import write
from synthetic.study.exam import examine
from synthetic.study.write import VARIANTS, write_exam
from tests.synthetic.study.conftest import datasets


def _bytes(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(head, plain, tmp_path):
    write_exam(examine(head, seed=0), tmp_path / "again")
    assert _bytes(tmp_path / "again") == _bytes(plain)


def test_the_truth_lies_beside_the_study_not_in_it(exam, head, tmp_path, monkeypatch):
    """What is written there is seen to in ``test_loose.py``."""
    monkeypatch.setattr(write, "examine", lambda *_, **__: exam)
    monkeypatch.setattr(write, "write_truth", lambda _, folder: [folder / "t1c.nii.gz"])
    files = write.write_study(tmp_path / "mine", variant="nifti", head=head)
    assert (tmp_path / "mine-truth" / "t1c.nii.gz") in files
    assert len(list((tmp_path / "mine").iterdir())) == 8


def test_slices_come_twice_as_they_are_and_once_under_another_number(plain):
    t2, flair = datasets(plain, 3), datasets(plain, 4)
    assert len(t2) - len({data.SOPInstanceUID for data in t2}) == 2
    assert len({data.SOPInstanceUID for data in flair}) == len(flair)
    places = [tuple(data.ImagePositionPatient) for data in flair]
    assert len(places) - len(set(places)) == 1


def test_one_flair_slice_is_missing_inside(plain, written):
    folder = written("missing-slice")
    have = {tuple(d.ImagePositionPatient) for d in datasets(folder, 4)}
    whole = [tuple(d.ImagePositionPatient) for d in datasets(plain, 4)]
    assert [number for number, place in enumerate(whole) if place not in have] == [12]
    assert len(datasets(folder, 7)) == len(datasets(plain, 7))


@pytest.mark.parametrize(
    ("variant", "family", "ideographic"),
    [("latin1", "Muster", ""), ("japanese", "Yamada", "山田^太郎")],
)
def test_names_are_stored_in_their_character_set(written, variant, family, ideographic):
    folder = written(variant)
    data = datasets(folder, 2)[0]
    assert data.PatientName.family_name == family
    assert data.PatientName.ideographic == ideographic
    if variant == "latin1":
        assert data.PatientName.given_name == "Jürgen"
        assert data.SeriesDescription == "T1 sagittal Schädel"
        raw = (folder / "PA000000/ST000000/SE000002/IM000001").read_bytes()
        assert "Muster^Jürgen".encode("latin-1") in raw


def test_variants_are_different_studies(plain, enhanced):
    assert datasets(plain, 7)[0].StudyInstanceUID != datasets(enhanced, 7)[0].StudyInstanceUID


def test_an_unknown_variant_lists_the_known(exam, tmp_path):
    with pytest.raises(KeyError, match=r"'torn'.*plain, missing-slice"):
        write_exam(exam, tmp_path, variant="torn")
    assert "nifti" in VARIANTS


@pytest.mark.skipif(not shutil.which("dciodvfy"), reason="dicom3tools is not installed")
@pytest.mark.parametrize("variant", ["plain", "enhanced", "latin1", "japanese"])
def test_files_are_valid(written, variant):
    for folder in sorted((written(variant) / "PA000000/ST000000").iterdir()):
        path = min(folder.iterdir())
        said = subprocess.run(["dciodvfy", "-new", path], capture_output=True, text=True)
        lines = (said.stdout + said.stderr).splitlines()
        assert not [line for line in lines if line.startswith("Error")], path
        assert pydicom.dcmread(path).SOPInstanceUID.is_valid
