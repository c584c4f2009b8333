"""Several processes that share one training: each makes and sees its part of every batch.

``torchrun`` starts them, and tells each which it is by the variables that
``torch.distributed.init_process_group`` reads. What they compute is what one process computes of
the whole batch, up to the order of its sums.
"""

import contextlib
import datetime
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

# While one of them prepares a data set or reads a patient, the others wait.
_PATIENCE: Final = datetime.timedelta(hours=6)


@dataclass(frozen=True)
class Processes:
    """Which of how many processes this is.

    Args:
        rank: From 0 on; the first one writes.
        count: How many there are.
    """

    rank: int = 0
    count: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this is the one that writes."""
        return self.rank == 0

    @property
    def part(self) -> slice:
        """Which slices of a batch, or patients of a list, are this one's."""
        return slice(self.rank, None, self.count)

    def together(self, of_part: Tensor) -> Tensor:
        """The sum over all processes; gradients go back to the part of each."""
        return of_part if self.count == 1 else _Summed.apply(of_part)

    def said_by_first(self, value: Any) -> Any:
        """What the first process has, for all."""
        if self.count == 1:
            return value
        said = [value]
        distributed.broadcast_object_list(said)
        return said[0]

    def joined(self, of_part: list) -> list:
        """A list of which each process has its :attr:`part`."""
        if self.count == 1:
            return of_part
        parts: list[Any] = [None] * self.count
        distributed.all_gather_object(parts, of_part)
        whole: list[Any] = [None] * sum(map(len, parts))
        for rank, part in enumerate(parts):
            whole[slice(rank, None, self.count)] = part
        return whole

    def wait(self) -> None:
        """Until all have come here."""
        if self.count > 1:
            distributed.barrier()

    def sharing(self, model: nn.Module, device: torch.device) -> nn.Module:
        """What all processes train together: the model itself where there is one.

        Its batch normalisation is over the batch of all.
        """
        if self.count == 1:
            return model
        if device.type == "cuda":
            model = nn.SyncBatchNorm.convert_sync_batchnorm(model)
        else:
            for module in model.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.__class__ = _BatchNormOfAll
        return DistributedDataParallel(model, forward_sync_buffers=False)


ALONE: Final = Processes()


@contextlib.contextmanager
def all_processes() -> Iterator[Processes]:
    """Meet the other processes of this training, if ``torchrun`` has started any."""
    begun = distributed.is_initialized()
    if not begun and int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield ALONE
        return
    cards = torch.cuda.is_available()
    if cards:
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    if not begun:
        distributed.init_process_group("nccl" if cards else "gloo", timeout=_PATIENCE)
    try:
        yield Processes(distributed.get_rank(), distributed.get_world_size())
    finally:
        if not begun:
            distributed.destroy_process_group()


class _Summed(torch.autograd.Function):
    """The sum over all processes. Each computes the same loss of it, so gradients add up too;
    DistributedDataParallel then takes the mean, which makes each count once."""

    @staticmethod
    def forward(_: Any, of_part: Tensor) -> Tensor:
        """Sum of a tensor that every process has one of."""
        whole = of_part.clone()
        distributed.all_reduce(whole)
        return whole

    @staticmethod
    def backward(_: Any, gradient: Tensor) -> Tensor:
        """Sum of the gradients of every process."""
        whole = gradient.clone()
        distributed.all_reduce(whole)
        return whole


class _BatchNormOfAll(nn.BatchNorm2d):
    """Batch normalisation over the batches of all processes, on processors.

    PyTorch has its own for graphics cards, ``nn.SyncBatchNorm``.
    """

    def forward(self, images: Tensor) -> Tensor:
        """(N, C, H, W) to the same, normalised."""
        if not self.training:
            return super().forward(images)
        values, over = images.float(), (0, 2, 3)
        count = _Summed.apply(values.new_tensor(float(values.numel() // values.shape[1])))
        mean = _Summed.apply(values.sum(over)) / count
        centred = values - mean[:, None, None]
        variance = _Summed.apply((centred**2).sum(over)) / count
        with torch.no_grad():
            self.num_batches_tracked += 1
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * count / (count - 1), self.momentum)
        scale = self.weight * (variance + self.eps).rsqrt()
        normal = centred * scale[:, None, None] + self.bias[:, None, None]
        return normal.to(images.dtype)
