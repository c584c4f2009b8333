"""Patients dealt into folds, and for each fold a network that never saw its patients."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn
from tqdm import tqdm

from common.errors import InputError
from inference.network.engine import ready_for_inference
from inference.network.slice_adapter import slice_adapter_of
from model_zoo.factory import create_model
from training.config import TrainingConfig, read_config
from training.data.bank import SliceBank
from training.data.learners import donors_of, fewer, heads_of, learners, weight_of_cases
from training.data.patients import partial_cases, read_grades
from training.data.slices import Learned, build_bank, regions_of_truth
from training.data.volume.copies import looks_of
from training.experiments.kept_fold import KeptFold
from training.run.distillation import answer_of, regions_of_answers
from training.run.start import untrained
from training.run.train import begin_run, start_run, train_step

# Settings that leave the network of a fold as it is.
_NO_RECIPE: Final = {
    "about",
    "checkpoint_every",
    "hold_out",
    "patience",
    "run_folder",
    "start_from",
    "validate_every",
    "weights_folder",
}


class Folds:
    """Patients dealt into folds, and for each fold a network that was trained on the others.

    A network that was trained before, by the same recipe, is read from the run's folder, and a
    training that was stopped goes on from its last checkpoint.

    Args:
        config: What to train and how; to the end of its steps, since stopping at the best
            validation would choose on the patients that are scored.
            Networks of ``fold_teachers`` are trained first, where they are not kept.
        data: Folder with ``cases.csv`` and the cases.
        names: The patients, who are whole. Those of the training split who lack something are
            never scored; where the configuration says ``partial``, every network learns from them,
            as it does from its LGG heads.
        count: Into how many folds they are dealt.

    Raises:
        InputError: if the configuration starts from weights or teachers that know patients of
            every fold, or there are fewer patients than folds; of :meth:`network`, if that in the
            folder is of other patients or another recipe.
    """

    def __init__(self, config: TrainingConfig, data: Path, names: list[str], count: int) -> None:
        if config.start_from or config.teachers:
            raise InputError(
                "Cross-validation needs a configuration without start_from and teachers: they were "
                "trained on patients that it would score."
            )
        self.dealt = deal(names, read_grades(data), count)
        self._config, self._data, self._names = config, data, names
        self._teachers = [
            Folds(read_config(Path(file)), data, names, count) for file in config.fold_teachers
        ]
        self._beside = partial_cases(data, "train") if config.partial else []
        self._heads = heads_of(config, apart=True)

    @cached_property
    def _bank(self) -> SliceBank:
        return self._built([*self._names, *self._beside], regions_of_truth)

    def _built(self, names: list[str], learned: Learned) -> SliceBank:
        """Of some patients, then of all LGG heads."""
        cases = learners(self._config, self._data, names, apart=True)
        return build_bank(
            tqdm(cases, desc="read", unit="case"),
            weight=weight_of_cases(self._config, self._data),
            planes=self._config.planes,
            reading=slice_adapter_of(create_model(self._config.model)),
            learned=learned,
            looks=looks_of(
                self._config.volume,
                seed=self._config.seed,
                donors=donors_of(self._config, self._data, [*self.dealt, self._beside]),
            ),
        )

    def network(self, fold: int) -> nn.Module:
        """The network that never saw the patients of a fold, counted from 1."""
        held_out = self.dealt[fold - 1]
        name = f"fold_{fold}_of_{len(self.dealt)}"
        kept = KeptFold(self._config.run_folder, name, held_out, self._recipe)
        if (tensors := kept.network()) is not None:
            model = untrained(self._config)
            model.load_state_dict(tensors)
            return ready_for_inference(model)
        title = f"fold {fold} of {len(self.dealt)}"
        model = _train(self._config, self._bank_of(fold), kept, title=title)
        kept.keep_network(model.state_dict())
        return model

    def _bank_of(self, fold: int) -> SliceBank:
        """What the network of a fold learns from."""
        if self._teachers:  # the others' would have learned from patients of this fold
            return self._built([*self.others(fold), *self._beside], self._taught(fold))
        learned_from = {*self.others(fold), *self._beside, *self._heads}
        everyone = [*self._names, *self._beside, *self._heads]
        away = torch.tensor([name not in learned_from for name in everyone])
        return without(self._bank, away)

    def _taught(self, fold: int) -> Learned:
        """Beside the truth what the teachers answer that have not seen the patients of a fold."""
        answers = []
        for teacher in self._teachers:
            name = f"fold_{fold}_of_{len(self.dealt)}_teacher_{teacher.recipe_sum}"
            answers.append(answer_of(teacher.network(fold), name, self._config.run_folder / name))
        return regions_of_answers(answers, share=self._config.teacher_share)

    def others(self, fold: int) -> list[str]:
        """The whole patients that the network of a fold has learned from."""
        held_out = self.dealt[fold - 1]
        others = [name for name in self._names if name not in held_out]
        return fewer(others, self._config, self._data)

    @cached_property
    def recipe_sum(self) -> str:
        """Names the recipe: what a network of another one answered is not taken for its own."""
        return hashlib.sha256(json.dumps(self._recipe, sort_keys=True).encode()).hexdigest()[:12]

    @cached_property
    def _recipe(self) -> dict[str, Any]:
        """All that makes a network what it is, as it can be kept beside it."""
        start = self._config.encoder_start
        beside = {
            "partial": self._beside,
            "lgg_heads": self._heads,
            "fold_teachers": [teacher.recipe_sum for teacher in self._teachers],
            "encoder_start": str(start) if start else None,
        }
        settings = asdict(self._config) | beside
        return json.loads(json.dumps({key: settings[key] for key in settings.keys() - _NO_RECIPE}))


def deal(names: Iterable[str], grades: Mapping[str, str], folds: int) -> list[list[str]]:
    """The patients in as many groups as there are folds, each grade spread over all of them.

    Raises:
        InputError: if a fold would be empty.
    """
    ordered = sorted(names, key=lambda name: (grades.get(name, ""), name))
    if not 2 <= folds <= len(ordered):
        raise InputError(f"{len(ordered)} patients cannot be dealt into {folds} folds.")
    return [ordered[first::folds] for first in range(folds)]


def without(bank: SliceBank, away: Tensor) -> SliceBank:
    """The same slices, of which those of some patients, (P,) bool, are never drawn."""
    return replace(bank, weights=bank.weights * ~away[bank.patients])


def _train(config: TrainingConfig, bank: SliceBank, kept: KeptFold, *, title: str) -> nn.Module:
    run = start_run(config)
    if (state := kept.progress()) is not None:
        run.restore(state)
    else:
        begin_run(run, bank, config)
    steps = range(run.step, config.steps)
    for _ in tqdm(steps, desc=title, unit="step", total=config.steps, initial=run.step):
        train_step(run, bank, config)
        if run.step % config.checkpoint_every == 0 and run.step < config.steps:
            kept.keep_progress(run.state())
    return ready_for_inference(run.average.module)
