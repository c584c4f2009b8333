from synthetic.skull.tissues import SIGNAL, Tissue, signal_table


def test_every_tissue_has_a_signal_and_its_own_row():
    assert set(SIGNAL) == set(Tissue)
    for channel in range(4):
        table = signal_table(channel)
        assert table[Tissue.FAT] == SIGNAL[Tissue.FAT][channel]


def test_fat_is_brightest_on_t1_and_bone_dark_in_all():
    for channel in range(4):
        assert SIGNAL[Tissue.BONE][channel] < 0.25 * SIGNAL[Tissue.MARROW][channel]
    assert max(values[0] for values in SIGNAL.values()) == SIGNAL[Tissue.FAT][0]
