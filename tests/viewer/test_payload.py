"""What travels to the browser, decoded here as browser/received/volumes.js decodes it."""

import zlib

import numpy as np
import pytest

from common.vocabulary import MODALITIES
from tests.viewer.compare_case import PRESENT, SHAPE, SPACING, make_labels, make_volume
from viewer import (
    Panel,
    QuickLook,
    labels_payload,
    panels_payload,
    probability_payload,
    scan_payload,
)
from viewer.parcel import bounding_box, pack, read_header, unpack
from viewer.scan import MARGIN


def decode_scan(parcel):
    """Return the header and the whole (X, Y, Z) greys of each modality."""
    header, blobs = unpack(parcel)
    volumes = {}
    for modality, blob in zip(header["modalities"], blobs, strict=True):
        differences = place(zlib.decompress(blob), header["box"])
        volumes[modality["name"]] = spread(np.cumsum(differences, axis=0, dtype=np.uint8), header)
    return header, volumes


def decode_labels(parcel):
    header, (blob,) = unpack(parcel)
    return header, spread(place(zlib.decompress(blob), header["box"]), header)


def place(raw, box):
    x, y, z = (stop - start for start, stop in box)
    return np.frombuffer(raw, np.uint8).reshape(z, y, x)


def spread(cropped, header):
    whole = np.zeros(header["shape"], np.uint8)
    whole[tuple(slice(*span) for span in header["box"])] = cropped.transpose(2, 1, 0)
    return whole


def one_voxel(position, shape=(9, 7, 5), value=100.0):
    volume = np.zeros((4, *shape), np.float32)
    volume[(0, *position)] = value
    return volume


class TestParcel:
    def test_round_trip(self):
        header, blobs = unpack(pack({"name": "Œdème"}, [b"abc", b"", b"\0\1"]))
        assert header["name"] == "Œdème"
        assert blobs == [b"abc", b"", b"\0\1"]

    def test_the_hash_names_the_content(self):
        hashes = {
            read_header(pack(header, blobs))["hash"]
            for header, blobs in [
                ({"a": 1}, [b"x"]),
                ({"a": 2}, [b"x"]),
                ({"a": 1}, [b"y"]),
                ({"a": 1}, [b"x", b""]),
            ]
        }
        assert len(hashes) == 4

    def test_a_number_the_browser_cannot_read_is_refused(self):
        with pytest.raises(ValueError, match="Out of range float"):
            pack({"a": float("nan")}, [])


class TestScan:
    def test_equal_content_gives_equal_bytes(self):
        volume = make_volume()
        assert scan_payload(volume, PRESENT, SPACING) == scan_payload(
            volume.copy(), PRESENT[::-1], SPACING
        )

    def test_header(self):
        header, _ = decode_scan(scan_payload(make_volume(), PRESENT, SPACING))
        assert header["shape"] == list(SHAPE)
        assert header["spacing"] == list(SPACING)
        assert [modality["name"] for modality in header["modalities"]] == list(PRESENT)

    @pytest.mark.parametrize("position", [(0, 0, 0), (8, 6, 4), (7, 1, 3), (2, 5, 1)])
    def test_a_voxel_arrives_where_it_was(self, position):
        _, volumes = decode_scan(scan_payload(one_voxel(position), ("t1",), (1, 1, 1)))
        assert [tuple(hit) for hit in np.argwhere(volumes["t1"])] == [position]

    def test_the_order_is_x_fastest_then_y_then_z(self):
        volume = one_voxel((5, 3, 2), shape=(20, 20, 20))
        header, (blob,) = unpack(scan_payload(volume, ("t1",), (1, 1, 1)))
        size = 2 * MARGIN + 1
        (x, _), (y, _), (z, _) = header["box"]
        # Only the slice of the voxel and the one above differ from the one below them.
        differences = np.frombuffer(zlib.decompress(blob), np.uint8)
        first = int(np.flatnonzero(differences)[0])
        width, height = (stop - start for start, stop in header["box"][:2])
        assert first == ((2 - z) * height + (3 - y)) * width + (5 - x)
        assert max(width, height) <= size

    def test_greys_follow_the_intensities_inside_the_window(self):
        volume = make_volume()
        header, volumes = decode_scan(scan_payload(volume, PRESENT, SPACING))
        low, high = header["modalities"][2]["window"]
        flair = volume[MODALITIES.index("flair")]
        expected = np.round(1 + (np.clip(flair, low, high) - low) * 254 / (high - low))
        tissue = flair != 0
        error = np.abs(volumes["flair"][tissue].astype(int) - expected[tissue])
        assert error.max() <= 1
        assert error.mean() < 0.01

    def test_the_window_leaves_out_the_tails(self):
        volume = make_volume()
        tissue = volume[0][volume[0] != 0]
        header, _ = decode_scan(scan_payload(volume, ("t1",), SPACING))
        low, high = header["modalities"][0]["window"]
        assert tissue.min() < low < np.percentile(tissue, 2)
        assert np.percentile(tissue, 98) < high < tissue.max()

    def test_background_is_0_and_tissue_is_not_even_where_it_is_negative(self):
        volume = make_volume()
        volume[0][volume[0] != 0] -= 900
        _, volumes = decode_scan(scan_payload(volume, ("t1",), SPACING))
        assert np.array_equal(volumes["t1"] == 0, volume[0] == 0)

    def test_the_box_holds_the_brain_and_a_margin(self):
        volume = one_voxel((50, 60, 70), shape=(100, 100, 72))
        header = read_header(scan_payload(volume, ("t1",), (1, 1, 1)))
        assert header["box"] == [
            [50 - MARGIN, 51 + MARGIN],
            [60 - MARGIN, 61 + MARGIN],
            [70 - MARGIN, 72],
        ]

    def test_a_flat_and_an_empty_modality_are_no_error(self):
        volume = one_voxel((1, 2, 3))
        _, volumes = decode_scan(scan_payload(volume, ("t1", "t2"), (1, 1, 1)))
        assert volumes["t1"].max() > 0
        assert volumes["t2"].max() == 0
        empty = scan_payload(np.zeros((4, 5, 6, 7), np.float32), ("t1",), (1, 1, 1))
        assert read_header(empty)["box"] == [[0, 5], [0, 6], [0, 7]]

    def test_the_volume_is_left_as_it_was(self):
        volume = make_volume()
        before = volume.copy()
        scan_payload(volume, PRESENT, SPACING)
        assert np.array_equal(volume, before)

    @pytest.mark.parametrize("shape", [(3, 5, 5, 5), (4, 5, 5)])
    def test_a_wrong_shape_is_named(self, shape):
        with pytest.raises(ValueError, match=r"expected \(4, X, Y, Z\)"):
            scan_payload(np.zeros(shape, np.float32), ("t1",), (1, 1, 1))

    def test_an_unknown_modality_is_named_with_the_known(self):
        with pytest.raises(ValueError, match=r"\['dwi'\].*'flair'"):
            scan_payload(one_voxel((0, 0, 0)), ("dwi",), (1, 1, 1))


class TestPanels:
    def test_label_maps_round_trip(self):
        labels = make_labels()
        labels[0, 0, 0] = 1  # outside the brain, still not lost
        header, (parcel,) = unpack(panels_payload([Panel("a", "A", "#fff", labels)]))
        label_header, decoded = decode_labels(parcel)
        assert np.array_equal(decoded, labels)
        assert header["panels"][0]["labels"] == label_header["hash"]

    def test_an_empty_label_map(self):
        payload = panels_payload([Panel("a", "A", "#fff", np.zeros(SHAPE, np.uint8))])
        _, (parcel,) = unpack(payload)
        _, decoded = decode_labels(parcel)
        assert not decoded.any()

    def test_progress_leaves_the_label_maps_of_others_alone(self):
        done = Panel("a", "A", "#fff", make_labels())
        steps = [
            unpack(panels_payload([done, Panel("b", "B", "#fff", status="running", progress=p)]))
            for p in (0.1, 0.2)
        ]
        assert steps[0][0]["hash"] != steps[1][0]["hash"]
        assert steps[0][1] == steps[1][1]

    def test_equal_label_maps_travel_once(self):
        panels = [Panel(key, key, "#fff", make_labels()) for key in "ab"]
        header, parcels = unpack(panels_payload(panels))
        assert len(parcels) == 1
        assert header["panels"][0]["labels"] == header["panels"][1]["labels"]

    def test_a_quick_look_travels_once_and_is_no_panels_own(self):
        look = QuickLook("Hasty", labels_payload(make_labels()))
        waiting = [Panel(key, key, "#fff", status="waiting", quick_look=look) for key in "ab"]
        header, (parcel,) = unpack(panels_payload(waiting))
        label_header, decoded = decode_labels(parcel)
        assert np.array_equal(decoded, make_labels())
        for described in header["panels"]:
            assert described["quickLook"] == {"name": "Hasty", "labels": label_header["hash"]}
            assert described["labels"] is None

    def test_a_panel_with_labels_of_its_own_has_no_quick_look(self):
        look = QuickLook("Hasty", labels_payload(make_labels()))
        with pytest.raises(ValueError, match="'a' has labels of its own"):
            Panel("a", "A", "#fff", make_labels(), quick_look=look)

    def test_numbers_that_are_none_or_nan_travel_as_null(self):
        panel = Panel("a", "A", "#fff", dice={"wt": float("nan"), "tc": 0.5}, seconds=None)
        (described,) = unpack(panels_payload([panel]))[0]["panels"]
        assert described["dice"] == {"wt": None, "tc": 0.5, "et": None}
        assert described["seconds"] is None
        assert described["volume_ml"] is None

    def test_an_unknown_status_is_named_with_the_known(self):
        with pytest.raises(ValueError, match=r"'ready'.*'waiting'"):
            Panel("a", "A", "#fff", status="ready")

    @pytest.mark.parametrize("labels", [np.zeros(SHAPE, np.int64), np.zeros((2, 2), np.uint8)])
    def test_labels_of_another_kind_are_refused(self, labels):
        with pytest.raises(ValueError, match="expected uint8"):
            Panel("a", "A", "#fff", labels)

    def test_keys_must_be_unique(self):
        with pytest.raises(ValueError, match="unique"):
            panels_payload([Panel("a", "A", "#fff"), Panel("a", "B", "#fff")])


class TestProbability:
    BOX = (slice(2, 8), slice(1, 6), slice(3, 7))
    WHOLE = (10, 9, 8)

    def decoded(self, values):
        header, blobs = unpack(probability_payload(values, self.BOX, self.WHOLE))
        return header, [
            spread(place(zlib.decompress(blob), header["box"]), header) for blob in blobs
        ]

    def test_each_region_arrives_where_it_was_to_a_byte(self):
        values = np.random.default_rng(1).uniform(0, 1, (3, 6, 5, 4)).astype(np.float16)
        header, regions = self.decoded(values)
        assert header["regions"] == ["wt", "tc", "et"]
        for sent, region in zip(values, regions, strict=True):
            whole = np.zeros(self.WHOLE)
            whole[self.BOX] = np.where(sent < 0.0177, 0, sent)
            assert np.abs(region / 255 - whole).max() <= 0.5 / 255 + 1e-3

    def test_what_is_below_two_per_cent_is_not_sent(self):
        values = np.full((3, 6, 5, 4), 0.015, np.float16)
        values[0, 5, 4, 3] = 0.5
        header, (whole, core, _) = self.decoded(values)
        assert header["box"] == [[7, 8], [5, 6], [6, 7]]
        assert np.argwhere(whole).tolist() == [[7, 5, 6]]
        assert not core.any()

    def test_nothing_at_all_is_no_error(self):
        _, regions = self.decoded(np.zeros((3, 6, 5, 4), np.float16))
        assert not any(region.any() for region in regions)

    def test_a_wrong_shape_is_named(self):
        with pytest.raises(ValueError, match=r"expected \(3, x, y, z\)"):
            probability_payload(np.zeros((2, 6, 5, 4)), self.BOX, self.WHOLE)

    def test_the_panel_names_it_and_it_travels_with_the_label_map(self):
        parcel = probability_payload(np.ones((3, 6, 5, 4)), self.BOX, SHAPE)
        panel = Panel("a", "A", "#fff", make_labels(), probability=parcel)
        header, parcels = unpack(panels_payload([panel]))
        assert [read_header(each)["kind"] for each in parcels] == ["labels", "probability"]
        assert header["panels"][0]["probability"] == read_header(parcel)["hash"]


def test_the_box_of_nothing_is_none():
    assert bounding_box(np.zeros((3, 3, 3), bool)) is None
