import numpy as np

from inference.network.pieces import pieces_of
from inference.network.slice_adapter import SliceAdapter


def some_slices():
    slices = np.zeros((11, 4, 100, 120), np.float32)
    slices[:8, :, 10:30, 20:60] = 1.0
    slices[8:, :, 10:90, 20:110] = 1.0
    return slices


def test_every_slice_is_in_one_piece_whose_window_holds_its_tissue():
    slices, occupied = some_slices(), np.arange(1, 11)
    pieces = pieces_of(SliceAdapter(), slices, occupied, batch=8, most=3)
    assert np.concatenate([piece.chosen for piece in pieces]).tolist() == occupied.tolist()
    assert [len(piece.chosen) for piece in pieces] == [3, 3, 2, 2]
    for piece in pieces:
        outside = slices[piece.chosen].copy()
        outside[..., *piece.window] = 0
        assert not outside.any()
        assert piece.size == (len(piece.chosen), *slices[0, 0][piece.window].shape)


def test_the_window_is_that_of_the_batch_however_many_share_it():
    slices, occupied = some_slices(), np.arange(11)
    windows = [
        {int(place): piece.window for piece in pieces for place in piece.chosen}
        for pieces in (
            pieces_of(SliceAdapter(), slices, occupied, batch=8, most=most) for most in (1, 4, 8)
        )
    ]
    assert windows[0] == windows[1] == windows[2]
    assert windows[0][0] != windows[0][10]
