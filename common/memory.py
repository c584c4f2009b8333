"""The heap of this process."""

import ctypes


def trim_heap() -> None:
    """Give back to the system what is free, where the C library can.

    Arrays of a size that malloc keeps for later, and what threads have freed, stay with a process
    otherwise: after a scan was prepared some 150 MB.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it
    if trim is not None:
        trim(0)
