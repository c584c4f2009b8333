"""The voxels of a file whose header has passed the guard, a few planes at a time.

The file may still hold less or more than it claims, and is unpacked no further than its claim.
"""

import threading
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from io import BufferedIOBase, BufferedReader, RawIOBase
from typing import TYPE_CHECKING

import numpy as np

from common.errors import InputError
from inference.io.names.wording import cut_off, damaged, shown
from inference.io.packed_stream import DAMAGE, open_unpacked
from inference.io.slices.decoded_file import DecodedFile
from inference.io.volumes.checked_file import CheckedFile
from inference.io.volumes.itk_file import ItkFile
from inference.io.volumes.nifti_guard import NiftiFile
from inference.io.volumes.shrunk_file import ShrunkFile, averager, scaled

if TYPE_CHECKING:
    from typing_extensions import Buffer as WriteableBuffer

_PACKED_BYTES = 1 << 16
_PIECE_BYTES = 1 << 20
_BLOCK_BYTES = 8 * 1024**2
# Some writers pad the end of a file.
_MAX_TRAILING_BYTES = 1024**2
# A label map has five, one of greys a few more.
_FEW_VALUES = 16
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Block:
    """Neighbouring planes of one volume, as they are stored.

    Args:
        volume: Which volume of the file.
        start: The first plane along the third axis.
        voxels: (X, Y, planes) in the dtype of the file.
    """

    volume: int
    start: int
    voxels: np.ndarray

    @property
    def planes(self) -> slice:
        """The place of the block along the third axis."""
        return slice(self.start, self.start + self.voxels.shape[2])


def read_blocks(file: CheckedFile) -> Iterator[Block]:
    """Read the numbers as they are stored, before slope and intercept, a few planes at a time.

    Nothing is kept but one block, so memory grows with what the caller keeps of it.

    Raises:
        InputError: where the file holds less, or much more, than its header claims, or is damaged.
            For a gzipped file this, and a wrong checksum, may only show after the last block.
    """
    if isinstance(file, DecodedFile):
        yield from (Block(v, 0, file.voxels[..., v]) for v in range(file.volumes))
    elif isinstance(file, ItkFile):
        yield from _itk_blocks(file)
    elif isinstance(file, ShrunkFile):
        yield from _shrunk_blocks(file)
    else:
        yield from _read_nifti(file)


def few_values(file: CheckedFile) -> bool:
    """Whether a file holds so few values that it may be a label map; of an image few are read."""
    found = np.zeros(0)
    for block in read_blocks(file):
        voxels = block.voxels[block.voxels != 0]
        found = np.union1d(found, voxels)
        if found.size > _FEW_VALUES:
            return False
    return True


def _itk_blocks(file: ItkFile) -> Iterator[Block]:
    plane_bytes = file.shape[0] * file.shape[1] * file.header.get_data_dtype().itemsize
    for volume, start, voxels in file.read(max(1, _BLOCK_BYTES // plane_bytes)):
        yield Block(volume, start, voxels)


def _shrunk_blocks(file: ShrunkFile) -> Iterator[Block]:
    """Single planes of larger voxels, each as soon as its last one was unpacked."""
    # ITK unpacks a file whole: of several large ones, one after the other.
    with _one_at_a_time if isinstance(file.stored, ItkFile) else nullcontext():
        yield from _larger_voxels(file)


def _larger_voxels(file: ShrunkFile) -> Iterator[Block]:
    takers = [averager(file) for _ in range(file.volumes)]
    given = [0] * file.volumes
    for block in read_blocks(file.stored):
        for plane in scaled(block.voxels, file.stored.header):
            finished = takers[block.volume].add(plane)
            if finished is not None:
                yield Block(block.volume, given[block.volume], finished[..., None])
                given[block.volume] += 1


def _read_nifti(nifti: NiftiFile) -> Iterator[Block]:
    try:
        with nifti.path.open("rb") as stream:
            source = _from_first_voxel(stream, nifti)
            yield from _blocks(source, nifti)
            trailing = len(source.read(_MAX_TRAILING_BYTES + 1))
    except EOFError as error:
        raise cut_off(nifti.path) from error
    except DAMAGE as error:
        raise damaged(nifti.path) from error
    if trailing > _MAX_TRAILING_BYTES:
        raise InputError(f"{shown(nifti.path)} holds more than its header states; export it again.")


def _from_first_voxel(stream: BufferedReader, nifti: NiftiFile) -> BufferedIOBase:
    if nifti.deflated:
        stream.seek(nifti.offset)
        return BufferedReader(Inflated(stream), _PIECE_BYTES)
    if not nifti.compressed:
        stream.seek(nifti.offset)
        return stream
    source = open_unpacked(stream)
    _exactly(source, nifti.offset)
    return source


class Inflated(RawIOBase):
    """What a stream holds that zlib compressed, from where the stream stands.

    Args:
        stream: Of a file; bytes behind what is compressed are passed over.
    """

    def __init__(self, stream: BufferedIOBase) -> None:
        self._stream, self._zlib = stream, zlib.decompressobj()

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill a buffer, as far as one piece goes."""
        view = memoryview(buffer).cast("B")
        while not self._zlib.eof:
            packed = self._zlib.unconsumed_tail or self._stream.read(_PACKED_BYTES)
            if not packed:
                raise EOFError
            unpacked = self._zlib.decompress(packed, min(len(view), _PIECE_BYTES))
            if unpacked:
                view[: len(unpacked)] = unpacked
                return len(unpacked)
        return 0


def _blocks(source: BufferedIOBase, nifti: NiftiFile) -> Iterator[Block]:
    if nifti.interleaved:
        yield from _interleaved_blocks(source, nifti)
        return
    columns, rows, planes = nifti.shape
    dtype = nifti.header.get_data_dtype()
    at_once = max(1, _BLOCK_BYTES // nifti.plane_bytes)
    for volume in range(nifti.volumes):
        for start in range(0, planes, at_once):
            count = min(at_once, planes - start)
            content = _exactly(source, count * nifti.plane_bytes)
            voxels = np.frombuffer(content, dtype).reshape((columns, rows, count), order="F")
            yield Block(volume, start, voxels)


def _interleaved_blocks(source: BufferedIOBase, nifti: NiftiFile) -> Iterator[Block]:
    columns, rows, planes = nifti.shape
    dtype = nifti.header.get_data_dtype()
    of_all = nifti.plane_bytes * nifti.volumes
    at_once = max(1, _BLOCK_BYTES // of_all)
    for start in range(0, planes, at_once):
        count = min(at_once, planes - start)
        content = _exactly(source, count * of_all)
        shape = (nifti.volumes, columns, rows, count)
        voxels = np.frombuffer(content, dtype).reshape(shape, order="F")
        yield from (Block(volume, start, voxels[volume]) for volume in range(nifti.volumes))


def _exactly(source: BufferedIOBase, count: int) -> bytes:
    content = source.read(count)
    if len(content) < count:
        raise EOFError
    return content
