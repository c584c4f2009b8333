"""The data sets that models learn from: how their table is called, and what a card says of them."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class DataSet:
    """A public set of patients with expert masks.

    Args:
        key: What the configuration of weights calls it.
        table: The file that lists its patients and their split.
        column: The column of that table with the patients' names.
        title: What it is called in a sentence.
        patients: Who they are.
        images: What their images are, and what a user's must be.
        not_for: Scans of another kind than these.
        licence: What its licence means for weights that were trained on it.
        licence_name: The licence as the Hub names it.
        tags: How it is found on the Hub.
        datasets: The Hub's field of that name.
        colours: The modalities in red, green and blue of its pictures, which may all be the same
            image where the others were missing; None where a file is one modality.
    """

    key: str
    table: str
    column: str
    title: str
    patients: str
    images: str
    not_for: str
    licence: str
    licence_name: str
    tags: tuple[str, ...]
    datasets: tuple[str, ...]
    colours: tuple[str, ...] | None = None


BRATS: Final = DataSet(
    key="brats",
    table="cases.csv",
    column="case",
    title="BraTS 2018 and 2021",
    patients="adult glioma before surgery, high and low grade",
    images="Skull-stripped, co-registered, about 1 mm",
    not_for="scans with the skull still on, after surgery, of children, of metastases or of other "
    "tumours",
    licence="The BraTS data may be used for research only and not be passed on. The weights were "
    "trained on them and inherit the first: research and teaching, not commercial use. They hold "
    "no scan. Cite Menze et al. 2015, Bakas et al. 2017 and Baid et al. 2021 with whatever you "
    "publish.",
    licence_name="brats-research-only",
    tags=("brats", "glioma"),
    datasets=("brats2018", "brats2021"),
)
LGG: Final = DataSet(
    key="lgg",
    table="patients.csv",
    column="patient",
    title="TCGA-LGG with masks of the FLAIR abnormality",
    patients="lower-grade glioma",
    images="With the skull on, 256×256, slices 3 to 6 mm apart; where a sequence was missing, a "
    "copy of FLAIR stands for it",
    not_for="scans after surgery, of children, of metastases or of other tumours, and glioma of "
    "high grade, of which it has seen none",
    licence="TCGA-LGG with the masks of Buda, Saha and Mazurowski 2019 is CC BY-NC-SA 4.0: "
    "research use, not commercial, and what is made of it is passed on alike. That holds for these "
    "weights. They hold no scan. Cite Buda et al. 2019 with whatever you publish.",
    licence_name="cc-by-nc-sa-4.0",
    tags=("lgg", "tcga", "glioma"),
    datasets=("tcga-lgg",),
    colours=("t1", "flair", "t1c"),
)

DATA_SETS: Final = {each.key: each for each in (BRATS, LGG)}
