"""What every converter ends with: nodes and constants become a checked ONNX model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import onnx
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper

# Old enough for every ONNX Runtime in use, new enough for HardSwish and GridSample.
OPSET = 16
IR_VERSION = 8


class UnsupportedError(Exception):
    """A source model uses something that the converters do not know: a new model needs new code."""


def float_value(name: str, shape: Sequence[int | str] | None) -> ValueInfoProto:
    """Describes a float32 input or output; a name in place of a number is a dimension that may vary."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def batched_value(name: str, shape: Sequence[int]) -> ValueInfoProto:
    """Describes the input or output of a source model that takes one picture a run: here it takes any number."""
    if shape[0] != 1:
        raise UnsupportedError(f"{name} holds {shape[0]} pictures instead of one")
    return float_value(name, ["batch", *shape[1:]])


def make_model(
    nodes: Iterable[NodeProto],
    constants: Iterable[TensorProto],
    inputs: Sequence[ValueInfoProto],
    outputs: Sequence[ValueInfoProto],
    *,
    graph_name: str,
    **extras: str,
) -> ModelProto:
    """Assembles a model in the project's operator set and file version."""
    graph = helper.make_graph(list(nodes), graph_name, inputs, outputs, list(constants))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], **extras)
    model.ir_version = IR_VERSION
    return model


def rename_values(model: ModelProto, names: dict[str, str]) -> None:
    """Gives values the names that portrait knows them by, in nodes, inputs and outputs."""
    for node in model.graph.node:
        for values in (node.input, node.output):
            values[:] = [names.get(value, value) for value in values]
    for value in (*model.graph.input, *model.graph.output):
        value.name = names.get(value.name, value.name)


def serialize_checked(model: ModelProto, *, infer_shapes: bool = False) -> bytes:
    """Checks a model against the ONNX specification and returns the bytes of its file."""
    onnx.checker.check_model(model, full_check=infer_shapes)
    return model.SerializeToString()
