"""Converts ncnn models (.param and .bin) of the Real-ESRGAN video family to ONNX.

The .param file lists layers as text, `Type name inputs outputs blobs... key=value...`; the .bin file holds their weights
one after the other, with no index. What the keys mean is in ncnn's own list of operators (docs/developer-guide).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

from .half_precision import make_half_constant
from .onnx_file import (
    UnsupportedError,
    float_value,
    make_model,
    rename_values,
    serialize_checked,
)

HALF_FLOAT_TAG = 0x01306B47
MIN_HALF_VALUES = 512
BINARY_OPERATORS = {0: "Add", 1: "Sub", 2: "Mul", 3: "Div"}
NEAREST = 1


@dataclass
class Layer:
    """One line of the .param file."""

    kind: str
    inputs: list[str]
    outputs: list[str]
    settings: dict[int, float]


class WeightReader:
    """Reads the .bin file from front to back."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.offset = 0

    def read(self, kind: type, count: int) -> np.ndarray:
        """Returns the next `count` values of a kind."""
        values: np.ndarray = np.frombuffer(self.data, kind, count, self.offset)
        self.offset += values.nbytes
        return values

    def read_tagged(self, count: int) -> np.ndarray:
        """Returns float32 weights stored behind a tag that says in which precision they are."""
        tag = int(self.read(np.uint32, 1)[0])
        if tag == 0:
            return self.read(np.float32, count)
        if tag != HALF_FLOAT_TAG:
            raise UnsupportedError(f"ncnn weights with tag {tag:#x}")
        values = self.read(np.float16, count).astype(np.float32)
        self.offset += -self.offset % 4
        return values


class NcnnGraph:
    """The ONNX graph that grows while the layers are read."""

    def __init__(self, weights: bytes) -> None:
        self.weights = WeightReader(weights)
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, values: np.ndarray) -> str:
        """Adds a constant and returns its name."""
        name = f"c{len(self.constants) + 1}"
        if values.dtype == np.float32 and values.size >= MIN_HALF_VALUES:
            stored, cast = make_half_constant(values, name, f"{name}h")
            self.constants.append(stored)
            self.nodes.append(cast)
        else:
            self.constants.append(numpy_helper.from_array(values, name))
        return name

    def add(self, operator: str, inputs: list[str], layer: Layer, **attributes: Any) -> None:
        """Adds the node that makes a layer's output."""
        self.nodes.append(helper.make_node(operator, inputs, layer.outputs[:1], **attributes))


def convert_ncnn(sources: Sequence[bytes], rename: dict[str, str]) -> bytes:
    """Converts `[param, bin]`: `input` [1,3,h,w] -> `sr` [1,3,H,W]."""
    text, weights = sources
    graph = NcnnGraph(weights)
    for layer in read_layers(text.decode()):
        if layer.kind not in LAYERS:
            raise UnsupportedError(f"ncnn layer {layer.kind}")
        LAYERS[layer.kind](graph, layer)
    if graph.weights.offset != len(weights):
        raise UnsupportedError(f"{len(weights) - graph.weights.offset} bytes of ncnn weights were not used")
    graph.nodes.append(helper.make_node("Identity", [graph.nodes[-1].output[0]], ["sr"]))
    inputs, outputs = [float_value("data", [1, 3, "h", "w"])], [float_value("sr", [1, 3, "H", "W"])]
    model = make_model(graph.nodes, graph.constants, inputs, outputs, graph_name="ncnn")
    rename_values(model, {"data": "input", **rename})
    return serialize_checked(model)


def read_layers(text: str) -> list[Layer]:
    """Reads the layers of a .param file; copies (`Split`) and the input are resolved and left out."""
    copied_from: dict[str, str] = {}
    layers = []
    for line in text.splitlines()[2:]:
        words = line.split()
        if not words or words[0] == "Input":
            continue
        count_in, count_out = int(words[2]), int(words[3])
        blobs, pairs = words[4 : 4 + count_in + count_out], words[4 + count_in + count_out :]
        inputs = [copied_from.get(blob, blob) for blob in blobs[:count_in]]
        if words[0] == "Split":
            copied_from.update(dict.fromkeys(blobs[count_in:], inputs[0]))
            continue
        settings = {int(key): float(value) for key, value in (pair.split("=", 1) for pair in pairs)}
        layers.append(Layer(words[0], inputs, blobs[count_in:], settings))
    return layers


def add_convolution(graph: NcnnGraph, layer: Layer) -> None:
    """0 outputs, 1 kernel side, 3 stride, 4 padding, 5 has a bias, 6 number of weights."""
    setting = {key: int(value) for key, value in layer.settings.items()}
    outputs, side, weight_count = setting[0], setting[1], setting[6]
    kernel = graph.weights.read_tagged(weight_count).reshape(outputs, -1, side, side)
    inputs = [layer.inputs[0], graph.constant(kernel)]
    if setting.get(5):
        inputs.append(graph.constant(graph.weights.read(np.float32, outputs)))
    if setting.get(9):
        raise UnsupportedError("ncnn convolution with a fused activation")
    strides, pads = [setting.get(3, 1)] * 2, [setting.get(4, 0)] * 4
    graph.add("Conv", inputs, layer, kernel_shape=[side, side], strides=strides, pads=pads)


def add_prelu(graph: NcnnGraph, layer: Layer) -> None:
    """0 number of slopes, one a channel."""
    slopes = graph.weights.read(np.float32, int(layer.settings[0])).reshape(-1, 1, 1)
    graph.add("PRelu", [layer.inputs[0], graph.constant(slopes)], layer)


def add_pixel_shuffle(graph: NcnnGraph, layer: Layer) -> None:
    """0 factor."""
    graph.add("DepthToSpace", layer.inputs, layer, blocksize=int(layer.settings[0]), mode="CRD")


def add_interpolation(graph: NcnnGraph, layer: Layer) -> None:
    """0 method, 1 and 2 factors of height and width."""
    if layer.settings[0] != NEAREST:
        raise UnsupportedError(f"ncnn interpolation {layer.settings[0]}")
    factors = graph.constant(np.array([1, 1, layer.settings[1], layer.settings[2]], np.float32))
    rounding = {"nearest_mode": "floor", "coordinate_transformation_mode": "asymmetric"}
    graph.add("Resize", [layer.inputs[0], "", factors], layer, mode="nearest", **rounding)


def add_binary(graph: NcnnGraph, layer: Layer) -> None:
    """0 operator, 1 has a number for its second input."""
    if layer.settings.get(1):
        raise UnsupportedError("ncnn binary operator with a number")
    graph.add(BINARY_OPERATORS[int(layer.settings.get(0, 0))], layer.inputs, layer)


LAYERS: dict[str, Callable[[NcnnGraph, Layer], None]] = {
    "Convolution": add_convolution,
    "PReLU": add_prelu,
    "PixelShuffle": add_pixel_shuffle,
    "Interp": add_interpolation,
    "BinaryOp": add_binary,
}
