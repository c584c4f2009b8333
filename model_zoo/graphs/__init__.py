"""Each architecture once more, as a graph of OpenVINO's own operations, from its trained tensors.

A host that only runs the models needs no PyTorch then, and no second copy of the weights. Every
module here has the name of the one that trains (:mod:`model_zoo.unet`, …), and ``build``, which
makes the graph; a test holds the two against each other.
"""

from model_zoo.graphs.build import float_graph, has_graph

__all__ = ["float_graph", "has_graph"]
