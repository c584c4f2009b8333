import pytest
import torch

from training.config import TrainingConfig


@pytest.fixture(autouse=True)
def _one_thread():
    """Small batches gain nothing from a second thread, and the order of sums stays the same."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def tiny_config(tmp_path) -> TrainingConfig:
    return TrainingConfig(
        model="edge_unet",
        learning_rate=1e-3,
        run_folder=tmp_path / "run",
        weights_folder=tmp_path / "weights" / "edge_unet",
        steps=8,
        batch=2,
        crop=(32, 32),
        validate_every=4,
        checkpoint_every=2,
    )
