import pytest
import torch

from common.vocabulary import MODALITIES, REGIONS
from training.data.draws import Draws
from training.data.enhancement import remove_enhancement

T1, T1C = MODALITIES.index("t1"), MODALITIES.index("t1c")
SIZE = 48


def ring() -> tuple[torch.Tensor, torch.Tensor]:
    """Six stacks of three slices: a dark core in a rim that is bright on T1c, in oedema."""
    y, x = torch.meshgrid(torch.arange(SIZE), torch.arange(SIZE), indexing="ij")
    radius = ((x - 24) ** 2 + (y - 24) ** 2).sqrt()
    whole, core, inner = radius < 12, radius < 7, radius < 4
    rim = core & ~inner
    target = torch.stack([whole, core, rim]).float().expand(6, 3, -1, -1)
    image = torch.zeros(6, 3, len(MODALITIES), SIZE, SIZE)
    image[:] = 1.0
    image[:, :, T1] -= core.float()
    image[:, :, T1C] += 2.0 * rim
    image[:, :, T1C] -= inner.float()
    return image, target


def removed(share: float, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    return remove_enhancement(
        *ring(), share=share, random=Draws(torch.Generator().manual_seed(seed))
    )


def test_the_rim_is_gone_and_the_core_stays():
    slices, target = ring()
    without, answer = removed(1.0)
    rim = target[:, REGIONS.index("et")] > 0
    assert (slices[:, 1, T1C][rim] > 2.5).all()
    torch.testing.assert_close(without[:, 1, T1C][rim], slices[:, 1, T1][rim])
    assert not answer[:, REGIONS.index("et")].any()
    for region in ("wt", "tc"):
        kept = REGIONS.index(region)
        assert torch.equal(answer[:, kept], target[:, kept])


def test_only_t1c_near_the_core_changes_and_in_all_slices_of_a_stack():
    slices, _ = ring()
    without, _ = removed(1.0)
    changed = slices != without
    assert changed[:, :, T1C].any()
    others = [index for index in range(len(MODALITIES)) if index != T1C]
    assert not changed[:, :, others].any()
    assert not changed[..., :8, :].any()
    assert torch.equal(changed[:, 0], changed[:, 1])


def test_a_share_of_a_batch_and_the_batch_itself_is_left_alone():
    slices, target = ring()
    before = slices.clone(), target.clone()
    chosen = {
        int((removed(0.5, seed)[1][:, 2].flatten(1).sum(dim=1) == 0).sum()) for seed in range(8)
    }
    assert chosen & set(range(1, 6)), "all or nothing of a batch is no share of it"
    remove_enhancement(slices, target, share=1.0, random=Draws(torch.Generator()))
    assert torch.equal(slices, before[0])
    assert torch.equal(target, before[1])
    assert torch.equal(removed(0.0)[0], slices)


def test_without_t1_nothing_stands_for_t1c():
    slices, target = ring()
    slices[:3, :, T1] = 0
    random = Draws(torch.Generator().manual_seed(0))
    without, answer = remove_enhancement(slices, target, share=1.0, random=random)
    assert torch.equal(without[:3], slices[:3])
    assert torch.equal(answer[:3], target[:3])
    assert not answer[3:, REGIONS.index("et")].any()


def test_a_network_of_fewer_channels_cannot():
    slices, target = ring()
    with pytest.raises(ValueError, match="reads and answers all"):
        remove_enhancement(slices[:, :, :3], target, share=1.0, random=Draws(torch.Generator()))
