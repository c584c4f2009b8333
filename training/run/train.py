"""The training loop. A step depends on nothing but the configuration, the data and its number.

A resumed run sees what an unbroken one would have seen, and reaches the same losses.
"""

import shutil
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn
from torch.optim.lr_scheduler import LRScheduler
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

from common.errors import InputError
from inference.network.precision import autocast, best_device
from inference.network.slice_adapter import slice_adapter_of
from model_zoo.weights.folder import earlier_stages
from model_zoo.weights.loading import read_config as read_weights_config
from model_zoo.weights.tensors import save_weights
from training.cards.card import write_card
from training.config import TrainingConfig
from training.data.bank import SliceBank
from training.data.batches import step_batch
from training.data.learners import (
    donors_of,
    heads_of,
    training_cases,
    training_names,
    weight_of_cases,
)
from training.data.patients import data_set_in, partial_cases, split_cases
from training.data.slices import Learned, build_bank, regions_of_truth
from training.data.volume.copies import looks_of
from training.log import NoLog, RunLog, read_log, write_log
from training.run.best import is_best, since_best
from training.run.checkpoint import load_checkpoint, save_checkpoint
from training.run.distillation import regions_of_teachers
from training.run.encoder_start import start_encoder
from training.run.kept_bank import KeptBank
from training.run.losses import region_loss
from training.run.optimisation import make_optimiser, make_schedule
from training.run.processes import ALONE, Processes, all_processes
from training.run.start import start_from, untrained
from training.run.validation import Validation


@dataclass
class Run:
    """All that changes from step to step, and who shares the work.

    Args:
        model: The network.
        average: The moving average of its weights.
        optimiser: What moves them.
        schedule: How fast.
        device: Where they are.
        step: How many have been made.
        processes: Who make them together.
        shared: The model as all of them train it; None where there is one process.
    """

    model: nn.Module
    average: AveragedModel
    optimiser: torch.optim.Optimizer
    schedule: LRScheduler
    device: torch.device
    step: int = 0
    processes: Processes = ALONE
    shared: nn.Module | None = None

    def state(self) -> dict:
        """All that a checkpoint needs to go on from this step."""
        return {"step": self.step} | {part: getattr(self, part).state_dict() for part in _PARTS}

    def restore(self, state: dict) -> None:
        """Go on from what :meth:`state` returned."""
        self.step = state["step"]
        for part in _PARTS:
            getattr(self, part).load_state_dict(state[part])


LOG, FIRST_LOG = "log.jsonl", "log_first_stage.jsonl"
_PARTS = ("model", "average", "optimiser", "schedule")


def train(
    config: TrainingConfig, data: Path, *, resume: bool = False, kept: Path | None = None
) -> None:
    """Train a model to the end of its schedule and write its weights.

    Args:
        config: What to train and how.
        data: Folder with ``cases.csv`` and the cases.
        resume: Go on from the run's checkpoint, if there is one; otherwise begin anew.
        kept: Folder in which the slices of each patient are kept, for this training and others;
            None to have them in memory.

    Raises:
        InputError: if a batch has fewer slices than there are processes, or the configuration
            names teachers of folds.
    """
    if config.fold_teachers:
        raise InputError(
            "fold_teachers teach where patients are dealt into folds (cross-validate); for one "
            "training give teachers."
        )
    with all_processes() as processes:
        if config.batch < processes.count:
            raise InputError(
                f"A batch of {config.batch} slices cannot be shared by {processes.count} "
                "processes; give the configuration a larger batch, or start fewer."
            )
        run = _train(config, data, processes, resume=resume, kept=kept)
        if processes.is_first:
            _write_weights(run, config, data)


def _train(
    config: TrainingConfig, data: Path, processes: Processes, *, resume: bool, kept: Path | None
) -> Run:
    checkpoint = config.run_folder / "checkpoint.pt"
    run = start_run(config, processes)
    resumed = resume and checkpoint.exists()
    if resumed:
        run.restore(load_checkpoint(checkpoint))
    log = RunLog(config.run_folder / LOG, step=run.step) if processes.is_first else NoLog()
    validation = Validation(config, data, processes, in_memory=kept is None)
    bank = _bank(run, config, data, kept)
    if not resumed:
        begin_run(run, bank, config)
    bar = tqdm(
        total=config.steps,
        initial=run.step,
        desc=config.model,
        unit="step",
        disable=not processes.is_first,
    )
    while run.step < config.steps:
        begin = time.perf_counter()
        loss = train_step(run, bank, config)
        rate = run.optimiser.param_groups[0]["lr"]
        seconds = round(time.perf_counter() - begin, 3)
        log.write(step=run.step, loss=loss, learning_rate=rate, seconds=seconds)
        bar.update()
        bar.set_postfix(loss=f"{loss:.3f}")
        if run.step % config.validate_every == 0 or run.step == config.steps:
            log.write(step=run.step, validation_dice=validation.dice(run.average.module))
            if _has_stopped_learning(run, config):
                break
        if run.step % config.checkpoint_every == 0 or run.step == config.steps:
            _save(run, run.state(), checkpoint)
    bar.close()
    processes.wait()
    if config.patience is not None:
        run.average.load_state_dict(load_checkpoint(_best(config))["average"])
    return run


def begin_run(run: Run, bank: SliceBank, config: TrainingConfig) -> None:
    """What has to be done with slices at hand, before the first step.

    All by the first batch, which every process takes whole, so that they start alike.

    Raises:
        InputError: where the encoder cannot start as the configuration says.
    """
    if config.encoder_start:
        batch = step_batch(bank, config, 0)
        start_encoder(run.model, config.encoder_start, batch.slices.to(run.device))


def _save(run: Run, state: dict, file: Path) -> None:
    if run.processes.is_first:
        save_checkpoint(state, file)


def _bank(run: Run, config: TrainingConfig, data: Path, kept: Path | None) -> SliceBank:
    reading = slice_adapter_of(run.model)
    if kept is not None:
        there = KeptBank(config, reading, lambda: _learned(config), kept)
        return there.bank(data, run.processes)
    learned = _learned(config)
    return build_bank(
        tqdm(training_cases(config, data), desc="read", unit="case"),
        weight=weight_of_cases(config, data),
        planes=config.planes,
        reading=reading,
        learned=learned,
        looks=looks_of(
            config.volume,
            seed=config.seed,
            donors=donors_of(config, data, [training_names(config, data)]),
        ),
    )


def _learned(config: TrainingConfig) -> Learned:
    if not config.teachers:
        return regions_of_truth
    kept = config.run_folder.parent / "teachers"
    return regions_of_teachers(config.teachers, share=config.teacher_share, kept=kept)


def _has_stopped_learning(run: Run, config: TrainingConfig) -> bool:
    """Keep the weights of the best validation; return whether its last is too long ago."""
    if config.patience is None:
        return False
    stopped = False
    if run.processes.is_first:
        log = read_log(config.run_folder / LOG)
        if is_best(log):
            save_checkpoint({"average": run.average.state_dict()}, _best(config))
        stopped = since_best(log) >= config.patience
    return run.processes.said_by_first(stopped)


def _best(config: TrainingConfig) -> Path:
    return config.run_folder / "best.pt"


def start_run(config: TrainingConfig, processes: Processes = ALONE) -> Run:
    """A run at step 0, its weights drawn from the seed.

    Args:
        config: What to train.
        processes: Who train it together.
    """
    torch.manual_seed(config.seed)
    device = best_device()
    options = {"encoder_weights": config.encoder_weights} if config.encoder_weights else {}
    model = untrained(config, **options)
    if config.start_from:
        start_from(model, config.start_from, name=config.model)
    model = model.to(device, memory_format=torch.channels_last)
    average = AveragedModel(
        model, multi_avg_fn=get_ema_multi_avg_fn(config.average), use_buffers=True
    )
    optimiser = make_optimiser(model, config)
    shared = processes.sharing(model, device) if processes.count > 1 else None
    schedule = make_schedule(optimiser, config)
    return Run(model, average, optimiser, schedule, device, processes=processes, shared=shared)


def train_step(run: Run, bank: SliceBank, config: TrainingConfig) -> float:
    """One optimiser step on one batch, of which this process sees its part; returns its loss."""
    batch = step_batch(bank, config, run.step, part=run.processes.part)
    slices = batch.slices.to(run.device, memory_format=torch.channels_last)
    run.model.train()
    with autocast(run.device):
        logits = (run.shared or run.model)(slices)
    target, known = batch.target.to(run.device), batch.known.to(run.device)
    loss = region_loss(logits, target, config.loss, known=known, together=run.processes.together)
    run.optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(run.model.parameters(), 1.0)
    run.optimiser.step()
    run.schedule.step()
    run.average.update_parameters(run.model)
    run.step += 1
    return float(loss.detach())


def _write_weights(run: Run, config: TrainingConfig, data: Path) -> None:
    settings = asdict(config) | {
        key: str(getattr(config, key)) for key in ("run_folder", "weights_folder", "start_from")
    }
    for key in ("lgg_heads", "encoder_start"):
        settings[key] = str(file) if (file := getattr(config, key)) else None
    first = read_weights_config(config.start_from, config.model) if config.start_from else None
    save_weights(
        run.average.module,
        config.weights_folder,
        name=config.model,
        revision=_revision(),
        training=settings,
        first_stage=first,
        data=data_set_in(data).key,
        patients=_patients(config, data),
        torch=torch.__version__,
    )
    if first and (before := _log_before(config.start_from, first)):
        write_log(before, config.weights_folder / FIRST_LOG)
    shutil.copy(config.run_folder / LOG, config.weights_folder / LOG)
    write_card(config.weights_folder, config.model)


def _patients(config: TrainingConfig, data: Path) -> dict[str, int]:
    """How many were learned from and validated on; who lacks something is among the first."""
    names = training_names(config, data)
    beside = {
        "partial": len(set(partial_cases(data, "train")) & set(names)),
        "lgg_heads": len(heads_of(config)),
    }
    counts = {"train": len(names), "val": len(split_cases(data, "val"))}
    return counts | {key: count for key, count in beside.items() if count}


def _log_before(folder: Path, config: dict) -> list[dict]:
    """All records of the training of a weights folder, those of its earlier stages too."""
    before = sum(stage["training"]["steps"] for stage in earlier_stages(config))
    last = [each | {"step": before + each["step"]} for each in read_log(folder / LOG)]
    return read_log(folder / FIRST_LOG) + last


def _revision() -> str:
    """The commit the code stands at, so that a result can be traced to what made it."""
    answer = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() or "unversioned"
