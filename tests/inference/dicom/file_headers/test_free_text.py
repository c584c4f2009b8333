import pytest

from inference.dicom.file_headers.free_text import without_persons


@pytest.mark.parametrize(
    ("text", "person", "left"),
    [
        ("T1 MEIER^HANS", "Meier^Hans", "T1"),
        ("Hans Meier T1 km", "MEIER^HANS", "T1 km"),
        ("t1_mprage_meier_tra", "Meier^Hans", "t1_mprage_tra"),
        ("T2 Muster Jurgen", "Muster^Jürgen", "T2"),
        ("T2 MUELLER ax", "Müller^Eva", "T2 ax"),
        ("T1MEIER", "Meier^Hans", "T1"),
        ("FLAIR P0012345", "P0012345", "FLAIR"),
        ("头颅T1李明", "Li^Ming=李^明", "头颅T1"),
        ("T1 山田太郎", "Yamada^Tarou=山田^太郎=やまだ^たろう", "T1"),
    ],
)
def test_words_of_a_person_are_taken_out(text, person, left):
    assert without_persons(text, [person]) == left


@pytest.mark.parametrize(
    "text",
    ["t2_tse_trans", "AX T1 +C", "T2 FLAIR (FS)", "t1_mprage_sag_p2_iso 0.9", " Sag T1 "],
)
def test_a_part_of_a_word_is_no_name_and_the_rest_stays_as_it_is(text):
    assert without_persons(text, ["Tran^T", "A^S", "ID7"]) == text


@pytest.mark.parametrize("date", ["19500403", "3.4.1950", "1950-04-03", "04/03/1950"])
def test_a_date_is_taken_out(date):
    assert without_persons(f"T1 {date}", []) == "T1"


@pytest.mark.parametrize("text", ["T1 0.9x0.9x1.2", "TE 94/188", "b1000 12345678", "2.5.1"])
def test_other_numbers_are_no_dates(text):
    assert without_persons(text, []) == text
