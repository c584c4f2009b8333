import os

import pytest

from common import processor
from common.processor import (
    has_graphics_card,
    processor_features,
    processor_name,
    usable_cores,
)


@pytest.fixture(autouse=True)
def nobody_asks(monkeypatch, tmp_path):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(processor, "_QUOTA", tmp_path / "cpu.max")


def test_all_cores_that_the_process_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    assert usable_cores() == 6


@pytest.mark.parametrize(
    ("text", "cores"),
    [("200000 100000", 2), ("50000 100000", 1), ("max 100000", 6), ("nonsense", 6)],
)
def test_no_more_than_a_container_was_given(monkeypatch, tmp_path, text, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    (tmp_path / "cpu.max").write_text(text)
    assert usable_cores() == cores


@pytest.mark.parametrize(("asked", "cores"), [("1", 1), ("3", 3), ("4,2", 4), ("0", 6), ("", 6)])
def test_as_many_as_the_environment_says(monkeypatch, asked, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert usable_cores() == cores


def test_without_a_driver_there_is_no_graphics_card(monkeypatch, tmp_path):
    monkeypatch.setattr(processor, "_DRIVERS", (str(tmp_path / "nvidiactl"),))
    assert not has_graphics_card()


def test_a_driver_alone_is_not_enough(monkeypatch, tmp_path):
    (tmp_path / "nvidiactl").touch()
    monkeypatch.setattr(processor, "_DRIVERS", (str(tmp_path / "nvidiactl"),))
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert not has_graphics_card()
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    assert has_graphics_card()
    monkeypatch.setattr(processor, "find_spec", lambda _: None)
    assert not has_graphics_card()


@pytest.fixture
def facts(monkeypatch, tmp_path):
    def write(flags):
        file = tmp_path / "cpuinfo"
        file.write_text(f"processor : 0\nmodel name\t: Some Processor\nflags\t\t: fpu {flags}\n")
        monkeypatch.setattr(processor, "_FACTS", file)

    monkeypatch.delenv("ONEDNN_MAX_CPU_ISA", raising=False)
    return write


@pytest.mark.parametrize(
    ("flags", "features"),
    [
        ("sse4_2", ()),
        ("avx2 fma", ("AVX2",)),
        ("avx2 avx_vnni", ("AVX2", "VNNI")),
        ("avx2 avx512f avx512bw", ("AVX2", "AVX-512")),
        (
            "avx2 avx512f avx512_vnni avx512_bf16 amx_bf16 amx_int8",
            ("AVX2", "AVX-512", "VNNI", "bfloat16", "AMX"),
        ),
    ],
)
def test_the_features_that_speed_depends_on(facts, flags, features):
    facts(flags)
    assert processor_features() == features
    assert processor_name() == "Some Processor"


@pytest.mark.parametrize(
    ("limit", "features"),
    [
        ("AVX512_CORE", ("AVX2", "AVX-512")),
        ("avx512_core_vnni", ("AVX2", "AVX-512", "VNNI")),
        ("default", ("AVX2", "AVX-512", "VNNI", "bfloat16", "AMX")),
    ],
)
def test_what_is_forbidden_in_a_measurement_is_left_out(facts, monkeypatch, limit, features):
    facts("avx2 avx512f avx512_vnni avx512_bf16 amx_int8")
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", limit)
    assert processor_features() == features


def test_a_system_that_does_not_tell_has_no_features(monkeypatch, tmp_path):
    monkeypatch.setattr(processor, "_FACTS", tmp_path / "nowhere")
    assert processor_features() == ()
    assert processor_name()
