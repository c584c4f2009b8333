"""The images of a case as they came, on disk: in memory they would take more than all else."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from inference.io.scan_images import ScanImage
from workspace.kept_file import KeptFile

_NOTHING: Final = np.zeros(1, np.float32)


class ImagesOnDisk(Mapping[str, ScanImage]):
    """Images by modality; each is read anew when it is asked for, and nothing may be written in it.

    Args:
        images: What is laid on disk.
    """

    def __init__(self, images: Mapping[str, ScanImage]) -> None:
        self._bare = {
            name: replace(image, voxels=np.broadcast_to(_NOTHING, image.voxels.shape))
            for name, image in images.items()
        }
        self._dtypes = {name: image.voxels.dtype for name, image in images.items()}
        self._files = {
            name: KeptFile.of(memoryview(np.ascontiguousarray(image.voxels)).cast("B"))
            for name, image in images.items()
        }

    def __getitem__(self, modality: str) -> ScanImage:
        bare = self._bare[modality]
        numbers = np.frombuffer(self._files[modality].read(), self._dtypes[modality])
        return replace(bare, voxels=numbers.reshape(bare.voxels.shape))

    def __iter__(self) -> Iterator[str]:
        return iter(self._bare)

    def __len__(self) -> int:
        return len(self._bare)
