"""The quick look: the visitor's browser reads, segments and shows a scan by itself.

The server sends the small model and what runs it (ONNX Runtime Web, ``assets/onnxruntime``); no
voxel comes back. ``browser/`` does what :mod:`inference.network.preprocess`,
:mod:`inference.network.engine` and :mod:`inference.network.postprocess` do, and a test holds its
label map against theirs.
"""

from quicklook.component import is_available, quick_look

__all__ = ["is_available", "quick_look"]
