"""Stores weights in 16 bits, which halves the file.

A Cast in the graph turns them back into 32 bits. ONNX Runtime does that once while loading, so that computing stays in
32 bits and costs nothing extra.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper

from .onnx_file import rename_values, serialize_checked

# Smaller constants are not worth a node.
MIN_VALUES = 64
# The largest 16-bit float is 65504.
MAX_MAGNITUDE = 60000


def convert_onnx(sources: Sequence[bytes], rename: dict[str, str]) -> bytes:
    """Converts an ONNX file to one whose weights take half the space."""
    model = onnx.load_from_string(sources[0])
    halve_weights(model)
    rename_values(model, rename)
    return serialize_checked(model)


def halve_weights(model: ModelProto) -> None:
    """Replaces every large float32 constant by a float16 one and a Cast under the old name."""
    graph = model.graph
    casts, constants = [], []
    for constant in graph.initializer:
        values = numpy_helper.to_array(constant)
        if values.dtype == np.float32 and values.size >= MIN_VALUES and np.abs(values).max() < MAX_MAGNITUDE:
            stored, cast = make_half_constant(values, constant.name, f"{constant.name}__h")
            casts.append(cast)
            constants.append(stored)
        else:
            constants.append(constant)
    nodes = casts + list(graph.node)
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(constants)
    graph.node.extend(nodes)
    _drop_unused_operator_sets(model)


def make_half_constant(values: np.ndarray, name: str, stored_name: str) -> tuple[TensorProto, onnx.NodeProto]:
    """Returns the constant in 16 bits, and the node that offers it in 32 bits as `name`."""
    stored = numpy_helper.from_array(values.astype(np.float16), stored_name)
    return stored, helper.make_node("Cast", [stored_name], [name], to=TensorProto.FLOAT)


def _drop_unused_operator_sets(model: ModelProto) -> None:
    """Exporters list operator sets that the graph does not use; some runtimes refuse those they do not know."""
    used = {"", *(node.domain for node in model.graph.node)}
    kept = [entry for entry in model.opset_import if entry.domain in used]
    del model.opset_import[:]
    model.opset_import.extend(kept)
