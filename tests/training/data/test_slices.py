from dataclasses import replace

import numpy as np
import pytest
import torch

from common.planes import PLANES
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.engine import predict
from inference.network.preprocess import normalise, prepare, with_neighbours
from inference.network.slice_adapter import SliceAdapter, slice_adapter_of
from inference.preparation.template import grid_of
from model_zoo.factory import create_model
from training.data.bank import draw_batch
from training.data.draws import Draws
from training.data.patients import read_split, split_cases
from training.data.slices import build_bank, training_slices


def at_1_mm(cases):
    """The same voxels, as if they were as large as those of BraTS."""
    return [replace(case, grid=grid_of(case.shape, np.eye(4))) for case in cases]


def read(folder):
    with open_cases([folder]) as (files,):
        return read_case(files)


class Recorder(torch.nn.Module):
    """A model that keeps what it was shown."""

    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(1))
        self.seen = []

    def forward(self, slices):
        self.seen.append(slices.clone())
        return slices[:, :3]


def assert_shown(trained_on, seen):
    """Batch by batch, the network was shown the slices of training, cut to where tissue is."""
    occupied = torch.from_numpy(trained_on[trained_on.any(axis=(1, 2, 3))])
    assert len(occupied)
    for batch, shown in zip(occupied.split(len(seen[0])), seen, strict=True):
        rows, columns = SliceAdapter().window(batch.numpy())
        assert torch.equal(shown, batch[..., rows, columns])
        assert torch.count_nonzero(shown) == torch.count_nonzero(batch)


def test_training_and_inference_read_identical_tensors(small_case_folder):
    """Train/serve parity: what the network is shown is the same to the last bit."""
    trained_on, _ = training_slices(read(small_case_folder))
    recorder = Recorder()
    predict(recorder, prepare(read(small_case_folder)).slices)
    assert_shown(trained_on, recorder.seen)


def test_parity_on_a_real_patient(real_data):
    case = read(real_data / "Brats18_TCIA01_378_1")
    trained_on, _ = training_slices(case)
    recorder = Recorder()
    predict(recorder, prepare(case).slices)
    assert_shown(trained_on, recorder.seen)


def test_targets_lie_on_their_slices(small_case_folder):
    case = read(small_case_folder)
    slices, targets = training_slices(case)
    assert targets.shape == (len(slices), 3, *slices.shape[2:])
    assert targets[:, 0].sum() == np.count_nonzero(case.truth)
    assert (slices[:, 3][targets[:, 2]] != 0).all(), "enhancing tumour outside the brain"


def test_bank_pads_to_one_size_and_keeps_every_slice(data_folder):
    cases = list(read_split(data_folder, "train"))
    bank = build_bank(cases)
    parts = [training_slices(case)[0] for case in cases]
    assert len(bank.slices) == sum(map(len, parts))
    assert bank.slices.sum(dtype=torch.float64) == pytest.approx(
        sum(part.sum(dtype=np.float64) for part in parts), abs=1e-2
    )
    assert bank.slices.shape[2:] == bank.targets.shape[2:]


def test_batches_hold_tumour_free_slices_too(data_folder):
    bank = build_bank(read_split(data_folder, "train"))
    random = Draws(torch.Generator().manual_seed(0))
    drawn = [
        draw_batch(bank, count=10, tumour_share=0.6, slice_normalise=0, random=random)[1]
        for _ in range(20)
    ]
    with_tumour = torch.stack([target[:, 0].flatten(1).any(dim=1) for target in drawn])
    assert with_tumour[:, :6].all()
    assert not with_tumour[:, 6:].all()


def test_a_slice_can_be_normalised_by_itself(data_folder):
    bank = build_bank(read_split(data_folder, "train"))
    draws = [
        draw_batch(
            bank,
            count=4,
            tumour_share=1.0,
            slice_normalise=share,
            random=Draws(torch.Generator().manual_seed(3)),
        )[0]
        for share in (0.0, 1.0)
    ]
    for by_volume, by_slice in zip(*draws, strict=True):
        np.testing.assert_array_equal(by_slice[0].numpy(), normalise(by_volume[0].numpy()))


def test_training_and_inference_stack_the_same_neighbours(data_folder):
    """Each slice of each patient, at the ends as well, and never one of another patient."""
    coarse = list(read_split(data_folder, "train"))
    cases = [*coarse, *at_1_mm(coarse)]
    bank = build_bank(cases)
    offsets = (-2, 0, 2)
    chosen = torch.arange(len(bank.slices))
    stacked = bank.slices[bank.neighbours(chosen, offsets)].flatten(1, 2)
    for patient, case in enumerate(cases):
        own = bank.slices[bank.patients == patient].numpy()
        steps = prepare(case).sampling.offsets(offsets)
        shown = with_neighbours(own, np.arange(len(own)), steps)
        np.testing.assert_array_equal(stacked[bank.patients == patient].numpy(), shown)


def test_a_slice_normalised_by_itself_is_its_own_neighbour(data_folder):
    bank = build_bank(read_split(data_folder, "train"))
    slices, *_ = draw_batch(
        bank,
        count=4,
        tumour_share=1.0,
        slice_normalise=1.0,
        random=Draws(torch.Generator().manual_seed(3)),
        offsets=(-2, 0, 2),
    )
    assert torch.equal(slices[:, 0], slices[:, 1])
    assert torch.equal(slices[:, 2], slices[:, 1])


def test_every_patient_is_drawn_alike_and_the_weighted_more_often(data_folder):
    names = split_cases(data_folder, "train")
    bank = build_bank(
        read_split(data_folder, "train"), weight=lambda name: 3.0 if name == names[0] else 1.0
    )
    shares = torch.bincount(bank.patients, weights=bank.weights)
    assert shares[0] == pytest.approx(3 * shares[1].item())


@pytest.mark.slow
def test_a_network_of_one_size_learns_from_what_it_will_be_shown(picture_folder):
    (case,) = read_split(picture_folder, "val")
    reading = slice_adapter_of(create_model("vgg16_unet"))
    bank = build_bank([case], reading=reading)
    assert bank.slices.shape == (11, 3, 256, 256)
    assert bank.targets.shape == (11, 1, 256, 256)
    assert bank.with_tumour.sum() == 8
    shown = reading.shown(prepare(case).slices, np.arange(11))
    assert torch.equal(torch.from_numpy(shown), bank.slices)


def test_a_bank_of_all_planes_holds_every_voxel_once_in_each(data_folder):
    cases = at_1_mm(read_split(data_folder, "train"))
    bank = build_bank(cases, planes=tuple(PLANES))
    axial = build_bank(cases)
    assert bank.stacks.unique().tolist() == list(range(3 * len(cases)))
    for planes, one in ((bank.targets, axial.targets), (bank.slices != 0, axial.slices != 0)):
        assert planes.sum() == 3 * one.sum()
    for patient, case in enumerate(cases):
        coronal = bank.slices[bank.stacks == 3 * patient + 1]
        sides = prepare(case).box
        assert len(coronal) == sides[1].stop - sides[1].start


def test_half_of_what_is_drawn_is_axial(data_folder):
    cases = at_1_mm(read_split(data_folder, "train"))
    bank = build_bank(cases, planes=tuple(PLANES))
    shares = torch.bincount(bank.stacks, weights=bank.weights).view(len(cases), 3)
    np.testing.assert_allclose(shares, [[0.5, 0.25, 0.25]] * len(cases), rtol=1e-5)


def test_no_neighbour_is_of_another_plane(data_folder):
    bank = build_bank(at_1_mm(read_split(data_folder, "train")), planes=tuple(PLANES))
    chosen = torch.arange(len(bank.slices))
    beside = bank.neighbours(chosen, (-2, 2))
    assert (bank.stacks[beside] == bank.stacks[:, None]).all()


def test_thick_slices_are_cut_in_their_own_plane_and_beside_their_nearest(data_folder):
    """As in inference: seen from the side they look like nothing a network learns from."""
    thin, thick = at_1_mm(read_split(data_folder, "train"))
    thick = replace(thick, grid=grid_of(thick.shape, np.diag([0.9, 0.9, 4.0, 1.0])))
    bank = build_bank([thin, thick], planes=tuple(PLANES))
    assert bank.stacks[bank.patients == 1].unique().numel() == 1
    shares = torch.bincount(bank.patients, weights=bank.weights)
    assert shares[0] == pytest.approx(shares[1].item(), rel=1e-4)
    for patient, offsets in ((0, (-3, 0, 3)), (1, (-1, 0, 1))):
        own = bank.patients == patient
        own &= bank.stacks == bank.stacks[own][0]
        middle = own.nonzero()[:, 0][10:-10]
        assert prepare((thin, thick)[patient]).sampling.offsets((-3, 0, 3)) == offsets
        expected = middle[:, None] + torch.tensor(offsets)
        assert torch.equal(bank.neighbours(middle, (-3, 0, 3)), expected)


def test_a_bank_knows_what_each_truth_states(data_folder):
    whole, one_mask = read_split(data_folder, "train")
    one_mask = replace(one_mask, truth_regions=("wt",))
    bank = build_bank([whole, one_mask])
    assert bank.known[bank.patients == 0].all()
    states = torch.tensor([True, False, False])
    assert (bank.known[bank.patients == 1] == states).all()
    reading = SliceAdapter(regions=("wt",))
    assert build_bank([whole, one_mask], reading=reading).known.all()


def test_a_case_is_shown_in_every_look_and_drawn_as_often_as_without(data_folder):
    first, second = read_split(data_folder, "train")
    bank = build_bank([first, second], looks=lambda case: [(0.75, case), (0.25, second)])
    assert bank.stacks.unique().numel() == 4
    shares = torch.bincount(bank.stacks, weights=bank.weights)
    np.testing.assert_allclose(shares, [0.75, 0.25, 0.75, 0.25], rtol=1e-5)
    assert bank.patients[bank.stacks == 1].unique().tolist() == [0]
