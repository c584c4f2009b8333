"""What this machine's processor and graphics card can do; known without torch."""

import os
import platform
from importlib.util import find_spec
from pathlib import Path
from typing import Final

# What the drivers of NVIDIA (also inside WSL) and AMD leave behind where there is a card.
_DRIVERS: Final = (
    "/dev/nvidiactl",
    "/usr/lib/wsl/lib/libcuda.so.1",
    "/dev/kfd",
    "C:/Windows/System32/nvcuda.dll",
)
# What a container may use of the processor: microseconds, of each period of so many.
_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")
_FACTS: Final = Path("/proc/cpuinfo")
# The flags of Linux that each needs one of.
_FLAGS: Final = {
    "AVX2": {"avx2"},
    "AVX-512": {"avx512f"},
    "VNNI": {"avx512_vnni", "avx_vnni"},
    "bfloat16": {"avx512_bf16", "amx_bf16"},
    "AMX": {"amx_int8"},
}
# What oneDNN, which OpenVINO and PyTorch calculate with, leaves of them if it is limited so.
_ALLOWED: Final = {
    "AVX2": ("AVX2",),
    "AVX2_VNNI": ("AVX2", "VNNI"),
    "AVX512_CORE": ("AVX2", "AVX-512"),
    "AVX512_CORE_VNNI": ("AVX2", "AVX-512", "VNNI"),
    "AVX512_CORE_BF16": ("AVX2", "AVX-512", "VNNI", "bfloat16"),
}


def usable_cores() -> int:
    """How many cores a network shall use: those of ``OMP_NUM_THREADS``, else all it may have."""
    asked = os.environ.get("OMP_NUM_THREADS", "").split(",")[0]
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(there or 1, _granted(_QUOTA)))


def _granted(quota: Path) -> int:
    """The cores that a container was given, at least one; very many where it was given no limit."""
    try:
        share, period = quota.read_text(encoding="ascii").split()
        return max(1, round(int(share) / int(period)))
    except (OSError, ValueError):  # no such file, or "max"
        return 1 << 16


def has_graphics_card() -> bool:
    """Whether PyTorch is there and can use a graphics card; it is imported only if that may be."""
    if find_spec("torch") is None or not any(Path(driver).exists() for driver in _DRIVERS):
        return False
    import torch

    return torch.cuda.is_available()


def processor_features() -> tuple[str, ...]:
    """Which of AVX2, AVX-512, VNNI, bfloat16 and AMX the processor has and may be used.

    Empty where the system does not tell. VNNI multiplies eight-bit integers, AMX whole tiles of
    them or of bfloat16. What ``ONEDNN_MAX_CPU_ISA`` forbids, as in a measurement, is left out.
    """
    try:
        lines = _FACTS.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ()
    flags = set(next((line for line in lines if line.startswith("flags")), "").split())
    allowed = features_left_by(os.environ.get("ONEDNN_MAX_CPU_ISA", ""))
    return tuple(name for name in _FLAGS if name in allowed and flags & _FLAGS[name])


def features_left_by(limit: str) -> frozenset[str]:
    """Which of them a value of ``ONEDNN_MAX_CPU_ISA`` leaves a processor that has all."""
    return frozenset(_ALLOWED.get(limit.upper(), tuple(_FLAGS)))


def processor_name() -> str:
    """What the processor calls itself."""
    # platform.processor() is empty on most Linux systems.
    lines = _FACTS.read_text(encoding="utf-8").splitlines() if _FACTS.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
