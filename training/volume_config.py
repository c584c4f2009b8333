"""How whole scans are changed, before they are cut into slices, for a network to learn from."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class VolumeConfig:
    """What happens to copies of a patient's scan; nothing unless there are copies.

    The original stays beside its copies. Each change but ``share`` is the probability that a copy
    has it.

    Args:
        copies: Changed copies of each patient; each takes the memory of the patient.
        share: Share of the draws of a patient that are of its copies.
        thick_slices: Slices of 3 to 6 mm, interpolated back.
        mask_errors: A rim of skull left, or a bite taken out of the brain.
        misalign: Each modality but one moved by 1 to 2 mm.
        histogram: A monotone change of each modality's intensities.
        bias_field: A smooth field over each modality, as of a coil.
        carvemix: A lesion of another patient whom the network learns from.
        weak_enhancement: A tenth to six tenths of the tumour's enhancement left.
    """

    copies: int = 0
    share: float = 0.5
    thick_slices: float = 0.0
    mask_errors: float = 0.0
    misalign: float = 0.0
    histogram: float = 0.0
    bias_field: float = 0.0
    # Not in the text that copies are drawn by: those without them stay what they were.
    carvemix: float = field(default=0.0, repr=False)
    weak_enhancement: float = field(default=0.0, repr=False)

    def __post_init__(self) -> None:
        if self.copies < 0:
            raise ValueError(f"volume.copies is 0 or more, not {self.copies}")
        chances = {key: value for key, value in vars(self).items() if key != "copies"}
        wrong = [key for key, value in chances.items() if not 0 <= value <= 1]
        if wrong:
            raise ValueError(f"volume.{wrong[0]} is from 0 to 1, not {chances[wrong[0]]}")
