"""The slices that a configuration learns from, on the disk in place of in memory."""

import hashlib
import inspect
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import cached_property, partial
from pathlib import Path
from types import ModuleType
from typing import Final

import torch
from torch import Tensor
from tqdm import tqdm

from common.errors import InputError
from inference import case as case_module
from inference.case import Case
from inference.io import case_reader
from inference.network import head_mask, preprocess, resizing, slice_adapter, working_scale
from inference.network.slice_adapter import SliceAdapter
from model_zoo.weights.loading import load_network
from training.config import TrainingConfig
from training.data import kept_slices, slices
from training.data.bank import SliceBank
from training.data.kept_slices import Cut, KeptImages, KeptPatient, KeptStack, kept_patient
from training.data.learners import Learner, listed_learners, weight_of_cases
from training.data.patients import check_alike
from training.data.slices import Learned, stacks_of
from training.data.volume.copies import looks_of
from training.run.processes import Processes

# What decides how a scan is cut: where the code of one of these is another, so are its slices.
_CUT_BY: Final[tuple[ModuleType, ...]] = (
    *(slices, kept_slices, case_module, case_reader),
    *(head_mask, preprocess, resizing, slice_adapter, working_scale),
)
_DIGITS: Final = 16


class KeptBank:
    """Where the slices of patients are kept that are cut in one way.

    Nobody's copy holds another's lesion there: it would be of two patients, and is known by one.

    Args:
        config: Says how.
        reading: What the network sees of a slice.
        learned: Gives what it is to answer; is called when the first patient has to be cut.
        folder: Of all ways; trainings that cut alike share what is in it.

    Raises:
        InputError: if the configuration says ``carvemix``.
    """

    def __init__(
        self,
        config: TrainingConfig,
        reading: SliceAdapter,
        learned: Callable[[], Learned],
        folder: Path,
    ) -> None:
        if config.volume.carvemix:
            raise InputError("CarveMix needs the slices in memory; train without --bank.")
        self._config, self._reading = config, reading
        self._make_learned = learned
        self.folder = folder / self._digest()

    def bank(self, data: Path, processes: Processes) -> SliceBank:
        """As of :func:`training.data.slices.build_bank`, bit for bit, but not in memory.

        Args:
            data: Folder with ``cases.csv`` and the cases.
            processes: Who cut what is missing, each its part.

        Raises:
            InputError: as of :func:`training.data.learners.learners`.
        """
        everyone = listed_learners(self._config, data)
        bar = tqdm(
            everyone[processes.part], desc="cut", unit="case", disable=not processes.is_first
        )
        patients = processes.joined([self._kept(learner) for learner in bar])
        alike = [
            (n.name, p.truth_regions) for n, p in zip(everyone, patients, strict=True) if n.alike
        ]
        for name, regions in alike:
            check_alike(data, alike[0], (name, regions))
        often = weight_of_cases(self._config, data)
        return bank_of(patients, [often(learner.name) for learner in everyone])

    def _kept(self, learner: Learner) -> KeptPatient:
        return kept_patient(self.folder, learner.name, learner.files(), partial(self._cut, learner))

    def _cut(self, learner: Learner) -> tuple[tuple[str, ...], Iterator[Cut]]:
        case = learner.read()
        return tuple(case.truth_regions), self._stacks(case)

    def _stacks(self, case: Case) -> Iterator[Cut]:
        looks = looks_of(self._config.volume, seed=self._config.seed)
        for share, look in looks(case):
            for stack in stacks_of(look, self._config.planes, self._reading, self._learned):
                facts = {
                    "share": share,
                    "plane_share": stack.plane_share,
                    "known": tuple(stack.known),
                    "apart": stack.apart if math.isfinite(stack.apart) else None,
                }
                yield stack.slices, stack.targets, facts

    @cached_property
    def _learned(self) -> Learned:
        return self._make_learned()

    def _digest(self) -> str:
        """Of all that decides how a patient is cut, beside the patient."""
        config = self._config
        settings = {
            "planes": config.planes,
            "reading": repr(self._reading),
            "teachers": [(name, load_network(name)[1].sha256) for name in config.teachers],
            "teacher_share": config.teacher_share if config.teachers else None,
            "volume": asdict(config.volume) if config.volume.copies else None,
            "seed": config.seed if config.volume.copies else None,
            "code": [inspect.getsource(module) for module in _CUT_BY],
        }
        return hashlib.sha256(json.dumps(settings).encode()).hexdigest()[:_DIGITS]


def bank_of(patients: Sequence[KeptPatient], often: Sequence[float]) -> SliceBank:
    """The bank of some patients who are kept.

    Args:
        patients: In the order in which they are counted.
        often: How often each is drawn, relative to the others.
    """
    pairs = [(n, stack) for n, patient in enumerate(patients) for stack in patient.stacks]
    stacks = [stack for _, stack in pairs]
    counts = torch.tensor([stack.shape[0] for stack in stacks])
    size = max(stack.shape[1] for stack in stacks), max(stack.shape[2] for stack in stacks)
    weights = torch.tensor([often[n] * s.share * s.plane_share for n, s in pairs]) / counts

    def images(which: int) -> KeptImages:
        files = [patients[n].folder / stack.files[which] for n, stack in pairs]
        return KeptImages(files, counts.tolist(), size)

    def of_slices(values: list) -> Tensor:
        return torch.tensor(values).repeat_interleave(counts, dim=0)

    return SliceBank(
        images(0),
        images(1),
        of_slices([stack.known for stack in stacks]),
        of_slices([n for n, _ in pairs]),
        weights.repeat_interleave(counts),
        torch.arange(len(counts)).repeat_interleave(counts),
        of_slices([math.inf if stack.apart is None else stack.apart for stack in stacks]),
        torch.cat([_with_tumour(stack) for stack in stacks]),
    )


def _with_tumour(stack: KeptStack) -> Tensor:
    holds = torch.zeros(stack.shape[0], dtype=torch.bool)
    holds[list(stack.with_tumour)] = True
    return holds
