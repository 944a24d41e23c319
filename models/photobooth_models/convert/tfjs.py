"""Converts TensorFlow.js layers models, as nsfwjs packs them, to ONNX.

The description lists Keras layers in order, each naming the layers it takes its input from. Pictures are stored channels
last; in ONNX they are channels first, so only the kernels are turned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

from .half_precision import halve_weights
from .onnx_file import (
    UnsupportedError,
    batched_value,
    float_value,
    make_model,
    rename_values,
    serialize_checked,
)
from .tfjs_bundle import read_description, read_shard

Config = dict[str, Any]


class LayersGraph:
    """The ONNX graph that grows while the layers are read."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, values: np.ndarray) -> str:
        """Adds a constant and returns its name."""
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(values, order="C"), name))
        return name

    def add(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        """Adds a node and returns the name of what it makes."""
        output = f"{operator}_{len(self.nodes) + 1}"
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output


def convert_tfjs(sources: Sequence[bytes], rename: dict[str, str]) -> bytes:
    """Converts `[description, shard, ...]`, all nsfwjs modules: `input` [batch,3,h,w] in [0,1] -> `output`."""
    description = read_description(sources[0])
    entries = [entry for group in description["weightsManifest"] for entry in group["weights"]]
    weights = read_weights(entries, b"".join(read_shard(shard) for shard in sources[1:]))
    layers = description["modelTopology"]["model_config"]["config"]["layers"]
    graph = LayersGraph(weights)
    graph.nodes.append(helper.make_node("Identity", [add_layers(graph, layers)], ["output"]))
    _, height, width, channels = layers[0]["config"]["batch_input_shape"]
    inputs, outputs = [batched_value("input", [1, channels, height, width])], [float_value("output", None)]
    model = make_model(graph.nodes, graph.constants, inputs, outputs, graph_name="tfjs")
    model = onnx.shape_inference.infer_shapes(model)
    halve_weights(model)
    rename_values(model, rename)
    return serialize_checked(model)


def read_weights(entries: list[Config], data: bytes) -> dict[str, np.ndarray]:
    """Cuts the shards' bytes into named float32 weights; those in 8 bits are brought back to their range."""
    weights, offset = {}, 0
    for entry in entries:
        quantization = entry["quantization"]
        if quantization["dtype"] != "uint8":
            raise UnsupportedError(f"tfjs weights stored as {quantization['dtype']}")
        stored = np.frombuffer(data, np.uint8, int(np.prod(entry["shape"])), offset)
        offset += stored.nbytes
        values = stored.astype(np.float32) * quantization["scale"] + quantization["min"]
        weights[entry["name"]] = values.reshape(entry["shape"])
    return weights


def add_layers(graph: LayersGraph, layers: list[Config]) -> str:
    """Adds every layer in order and returns the name of the last one's output."""
    made: dict[str, str] = {}
    output = "input"
    for layer in layers:
        kind, config = layer["class_name"], layer["config"]
        if kind not in LAYERS:
            raise UnsupportedError(f"tfjs layer {kind}")
        inputs = [made[source[0]] for node in layer["inbound_nodes"][:1] for source in node]
        output = made[config["name"]] = LAYERS[kind](graph, config, inputs or ["input"])
    return output


def pass_through(_graph: LayersGraph, _config: Config, inputs: list[str]) -> str:
    """The input, and Dropout, which only matters in training."""
    return inputs[0]


def add_zero_padding(graph: LayersGraph, config: Config, inputs: list[str]) -> str:
    """Zeros around the picture."""
    (top, bottom), (left, right) = config["padding"]
    pads = np.array([0, 0, top, left, 0, 0, bottom, right], np.int64)
    return graph.add("Pad", [inputs[0], graph.constant(pads)])


def add_convolution(graph: LayersGraph, config: Config, inputs: list[str]) -> str:
    """Kernels come as height, width, in, out."""
    kernel = graph.weights[f"{config['name']}/kernel"].transpose(3, 2, 0, 1)
    return _convolve(graph, config, inputs, kernel, group=1)


def add_depthwise_convolution(graph: LayersGraph, config: Config, inputs: list[str]) -> str:
    """Kernels come as height, width, channel, multiplier."""
    stored = graph.weights[f"{config['name']}/depthwise_kernel"]
    kernel = stored.transpose(2, 3, 0, 1).reshape(-1, 1, *stored.shape[:2])
    return _convolve(graph, config, inputs, kernel, group=stored.shape[2])


def _convolve(graph: LayersGraph, config: Config, inputs: list[str], kernel: np.ndarray, group: int) -> str:
    weights = [graph.constant(kernel)]
    if config["use_bias"]:
        weights.append(graph.constant(graph.weights[f"{config['name']}/bias"]))
    side, strides = list(kernel.shape[2:]), list(config["strides"])
    attributes = {"kernel_shape": side, "strides": strides, "group": group, "dilations": list(config["dilation_rate"])}
    output = graph.add("Conv", [inputs[0], *weights], pads=_pads(config["padding"], side, strides), **attributes)
    return _activate(graph, output, config["activation"])


def _pads(padding: str, kernel_shape: Sequence[int], strides: Sequence[int]) -> list[int]:
    if padding == "valid":
        return [0, 0, 0, 0]
    if any(stride != 1 for stride in strides):
        raise UnsupportedError("tfjs padding 'same' with a stride")
    before = [(side - 1) // 2 for side in kernel_shape]
    return [*before, *(side - 1 - start for side, start in zip(kernel_shape, before))]


def _activate(graph: LayersGraph, value: str, activation: str) -> str:
    if activation == "linear":
        return value
    if activation == "relu":
        return graph.add("Relu", [value])
    if activation == "softmax":
        return graph.add("Softmax", [value], axis=-1)
    raise UnsupportedError(f"tfjs activation {activation}")


def add_batch_normalization(graph: LayersGraph, config: Config, inputs: list[str]) -> str:
    """Scale and shift by the statistics of training."""
    names = ("gamma", "beta", "moving_mean", "moving_variance")
    weights = [graph.constant(graph.weights[f"{config['name']}/{name}"]) for name in names]
    return graph.add("BatchNormalization", [inputs[0], *weights], epsilon=float(config["epsilon"]))


def add_relu(graph: LayersGraph, config: Config, inputs: list[str]) -> str:
    """MobileNet's ReLU stops at six."""
    limits = [graph.constant(np.array(limit, np.float32)) for limit in (0, config["max_value"])]
    return graph.add("Clip", [inputs[0], *limits])


def add_sum(graph: LayersGraph, _config: Config, inputs: list[str]) -> str:
    """A short cut joins the main path."""
    return graph.add("Add", inputs)


def add_average_pooling(graph: LayersGraph, config: Config, inputs: list[str]) -> str:
    """The mean of each window."""
    side, strides = list(config["pool_size"]), list(config["strides"])
    pads = {} if config["padding"] == "valid" else {"pads": _pads(config["padding"], side, strides)}
    return graph.add("AveragePool", inputs, kernel_shape=side, strides=strides, **pads)


def add_flatten(graph: LayersGraph, _config: Config, inputs: list[str]) -> str:
    """The weights behind a Flatten expect channels last."""
    return graph.add("Flatten", [graph.add("Transpose", inputs, perm=[0, 2, 3, 1])])


def add_dense(graph: LayersGraph, config: Config, inputs: list[str]) -> str:
    """A matrix and a bias."""
    weights = [graph.constant(graph.weights[f"{config['name']}/{name}"]) for name in ("kernel", "bias")]
    return _activate(graph, graph.add("Gemm", [inputs[0], *weights]), config["activation"])


LAYERS: dict[str, Callable[[LayersGraph, Config, list[str]], str]] = {
    "InputLayer": pass_through,
    "Dropout": pass_through,
    "ZeroPadding2D": add_zero_padding,
    "Conv2D": add_convolution,
    "DepthwiseConv2D": add_depthwise_convolution,
    "BatchNormalization": add_batch_normalization,
    "ReLU": add_relu,
    "Add": add_sum,
    "AveragePooling2D": add_average_pooling,
    "Flatten": add_flatten,
    "Dense": add_dense,
}
