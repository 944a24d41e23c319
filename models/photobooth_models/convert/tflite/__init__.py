"""Converts TFLite models with float weights, as MediaPipe ships them, to ONNX.

TFLite keeps pictures channels last, ONNX channels first. Inputs become [batch,channels,h,w]; outputs keep TFLite's
order. TFLite's models take one picture a run; the ONNX files take any number, each worked on as if it were alone.
Where the manifest renames outputs, those that it does not name are dropped, with every layer that only they need.
"""

from __future__ import annotations

from collections.abc import Sequence

from onnx import ModelProto

from ..onnx_file import (
    UnsupportedError,
    batched_value,
    make_model,
    rename_values,
    serialize_checked,
)
from .attention import ATTENTION_OPERATORS
from .layers import LAYER_OPERATORS
from .translation import Layout, Translation

OPERATORS = LAYER_OPERATORS | ATTENTION_OPERATORS


def convert_tflite(sources: Sequence[bytes], rename: dict[str, str]) -> bytes:
    """Converts `[model.tflite]`."""
    translation = Translation(sources[0])
    for operator in translation.operators():
        if operator.name not in OPERATORS:
            raise UnsupportedError(f"TFLite operator {operator.name}")
        OPERATORS[operator.name](translation, operator)
    model = _assemble(translation, rename)
    rename_values(model, rename)
    _drop_unused(model)
    _sort_nodes(model)
    return serialize_checked(model, infer_shapes=True)


def _assemble(translation: Translation, rename: dict[str, str]) -> ModelProto:
    inputs = []
    for tensor in translation.inputs:
        shape = translation.shape(tensor)
        if len(shape) == 4:
            shape = [shape[0], shape[3], shape[1], shape[2]]
        inputs.append(batched_value(translation.tensor_name(tensor), shape))
    names = {tensor: translation.tensor_name(tensor) for tensor in translation.outputs}
    kept = [tensor for tensor in translation.outputs if names[tensor] in rename] or translation.outputs
    outputs = []
    for tensor in kept:
        name = names[tensor]
        translation.add("Identity", [translation.value(tensor, Layout.AS_STORED)], name)
        outputs.append(batched_value(name, translation.shape(tensor)))
    constants = [constant for _, constant in translation.constants.values()]
    # The producer's name is part of the file and so of its pinned sha256.
    extras = {"graph_name": "tflite", "producer_name": "tflite2onnx-mini"}
    return make_model(translation.nodes, constants, inputs, outputs, **extras)


def _drop_unused(model: ModelProto) -> None:
    """Removes nodes and constants that no output depends on: weights that were folded leave some behind."""
    graph = model.graph
    needed = {output.name for output in graph.output}
    kept = []
    for node in reversed(graph.node):
        if needed.intersection(node.output):
            kept.append(node)
            needed.update(node.input)
    constants = [constant for constant in graph.initializer if constant.name in needed]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(reversed(kept))
    graph.initializer.extend(constants)


def _sort_nodes(model: ModelProto) -> None:
    """Puts every node behind those it depends on, changing the order no more than that needs."""
    graph = model.graph
    known = {"", *(value.name for value in graph.input), *(constant.name for constant in graph.initializer)}
    waiting, ordered = list(graph.node), []
    while waiting:
        postponed = []
        for node in waiting:
            if known.issuperset(node.input):
                ordered.append(node)
                known.update(node.output)
            else:
                postponed.append(node)
        if len(postponed) == len(waiting):
            raise UnsupportedError(f"nothing makes an input of {waiting[0].name or waiting[0].op_type}")
        waiting = postponed
    del graph.node[:]
    graph.node.extend(ordered)
