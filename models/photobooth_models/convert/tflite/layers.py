"""The TFLite operators that MediaPipe's models use, each as ONNX nodes."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tflite

from ..onnx_file import UnsupportedError
from .sparse import densify
from .translation import Layout, Operator, Translation

OperatorTranslator = Callable[[Translation, Operator], None]
# ONNX's operator and the constants behind its input. ReLU6 is a ReLU that stops at six.
ACTIVATIONS: dict[int, tuple[str, list[float]]] = {
    tflite.ActivationFunctionType.RELU: ("Relu", []),
    tflite.ActivationFunctionType.RELU6: ("Clip", [0, 6]),
}
# The code that MediaPipe's own operators use for the padding that TFLite calls VALID.
CUSTOM_VALID = 2


def dequantize(graph: Translation, operator: Operator) -> None:
    """Weights in 16 bits become weights in 32 bits, now rather than at run time."""
    graph.weights[operator.output] = graph.float_weights(operator.inputs[0])


def densify_weights(graph: Translation, operator: Operator) -> None:
    """Sparse weights become dense ones, now rather than at run time."""
    (tensor,) = operator.inputs
    values, sparsity = graph.weights[tensor].reshape(-1), graph.graph.Tensors(tensor).Sparsity()
    graph.weights[operator.output] = densify(values, graph.shape(tensor), sparsity)


def convolve(graph: Translation, operator: Operator) -> None:
    """TFLite's kernels are out, height, width, in."""
    options = operator.options(tflite.Conv2DOptions)
    _convolve(graph, operator, options, graph.float_weights(operator.inputs[1]).transpose(0, 3, 1, 2), group=1)


def convolve_depthwise(graph: Translation, operator: Operator) -> None:
    """TFLite's kernels are 1, height, width, out; every channel is a group of its own."""
    options = operator.options(tflite.DepthwiseConv2DOptions)
    kernel = graph.float_weights(operator.inputs[1]).transpose(3, 0, 1, 2)
    _convolve(graph, operator, options, kernel, group=graph.shape(operator.inputs[0])[3])


def _convolve(
    graph: Translation, operator: Operator, options: tflite.Conv2DOptions, kernel: np.ndarray, group: int
) -> None:
    picture, _, bias = operator.inputs
    values = [graph.value(picture, Layout.CHANNELS_FIRST), graph.constant(kernel, "w")]
    values.append(graph.constant(graph.float_weights(bias), "b"))
    side, strides = list(kernel.shape[2:]), [options.StrideH(), options.StrideW()]
    dilations = [options.DilationHFactor(), options.DilationWFactor()]
    pads = _pads(options.Padding(), graph.shape(picture)[1:3], side, strides, dilations)
    attributes: dict[str, Any] = {
        "kernel_shape": side,
        "strides": strides,
        "dilations": dilations,
        "group": group,
        "pads": pads,
    }
    result = _activate(graph, graph.add("Conv", values, **attributes), options.FusedActivationFunction())
    graph.define(operator.output, result, Layout.CHANNELS_FIRST)


def _pads(
    padding: int, size: Sequence[int], kernel: Sequence[int], strides: Sequence[int], dilations: Sequence[int]
) -> list[int]:
    """ONNX pads (top, left, bottom, right) for TFLite's padding; SAME puts the odd pixel behind."""
    if padding == tflite.Padding.VALID:
        return [0, 0, 0, 0]
    before, after = [], []
    for length, side, stride, dilation in zip(size, kernel, strides, dilations):
        total = max((-(-length // stride) - 1) * stride + (side - 1) * dilation + 1 - length, 0)
        before.append(total // 2)
        after.append(total - total // 2)
    return before + after


def _activate(graph: Translation, value: str, activation: int) -> str:
    if activation == tflite.ActivationFunctionType.NONE:
        return value
    if activation not in ACTIVATIONS:
        raise UnsupportedError(f"TFLite activation {activation}")
    onnx_operator, bounds = ACTIVATIONS[activation]
    return graph.add(onnx_operator, [value, *(graph.constant(np.float32(bound)) for bound in bounds)])


def convolve_transposed(graph: Translation, operator: Operator) -> None:
    """MediaPipe's transposed convolution with a bias; its options are a C struct: padding, stride width, stride height."""
    padding, stride_width, stride_height = struct.unpack("<iii", operator.custom_bytes()[:12])
    if padding == CUSTOM_VALID:
        raise UnsupportedError("transposed convolution with padding VALID")
    picture, weights, bias = operator.inputs
    kernel = graph.float_weights(weights).transpose(3, 0, 1, 2)
    strides, side = [stride_height, stride_width], list(kernel.shape[2:])
    values = [graph.value(picture, Layout.CHANNELS_FIRST), graph.constant(kernel, "w")]
    values.append(graph.constant(graph.float_weights(bias), "b"))
    total = [max(length - stride, 0) for length, stride in zip(side, strides)]
    pads = [each // 2 for each in total] + [each - each // 2 for each in total]
    result = graph.add("ConvTranspose", values, kernel_shape=side, strides=strides, pads=pads)
    graph.define(operator.output, result, Layout.CHANNELS_FIRST)


def apply_prelu(graph: Translation, operator: Operator) -> None:
    """One slope a channel."""
    slopes = graph.float_weights(operator.inputs[1]).reshape(-1, 1, 1)
    values = [graph.value(operator.inputs[0], Layout.CHANNELS_FIRST), graph.constant(slopes)]
    graph.define(operator.output, graph.add("PRelu", values), Layout.CHANNELS_FIRST)


def combine(onnx_operator: str, options_kind: type) -> OperatorTranslator:
    """An operator of two tensors, element by element."""

    def translate(graph: Translation, operator: Operator) -> None:
        layout = _natural_layout(graph, operator.output)
        result = graph.add(onnx_operator, [graph.value(tensor, layout) for tensor in operator.inputs])
        activation = operator.options(options_kind).FusedActivationFunction()
        graph.define(operator.output, _activate(graph, result, activation), layout)

    return translate


def _natural_layout(graph: Translation, tensor: int) -> Layout:
    return Layout.CHANNELS_FIRST if len(graph.shape(tensor)) == 4 else Layout.AS_STORED


def map_elements(onnx_operator: str) -> OperatorTranslator:
    """An operator of one tensor, element by element, in whatever layout that is."""

    def translate(graph: Translation, operator: Operator) -> None:
        layout = next(iter(graph.names[operator.inputs[0]]))
        value = graph.value(operator.inputs[0], layout)
        graph.define(operator.output, graph.add(onnx_operator, [value]), layout)

    return translate


def pool_max(graph: Translation, operator: Operator) -> None:
    """The largest value of each window."""
    options, (picture,) = operator.options(tflite.Pool2DOptions), operator.inputs
    side, strides = [options.FilterHeight(), options.FilterWidth()], [options.StrideH(), options.StrideW()]
    value = graph.value(picture, Layout.CHANNELS_FIRST)
    pads = _pads(options.Padding(), graph.shape(picture)[1:3], side, strides, (1, 1))
    result = graph.add("MaxPool", [value], kernel_shape=side, strides=strides, pads=pads)
    graph.define(operator.output, _activate(graph, result, options.FusedActivationFunction()), Layout.CHANNELS_FIRST)


def pool_average(graph: Translation, operator: Operator) -> None:
    """The mean of the whole picture: MediaPipe's models average over nothing smaller."""
    options, (picture,) = operator.options(tflite.Pool2DOptions), operator.inputs
    if [options.FilterHeight(), options.FilterWidth()] != graph.shape(picture)[1:3]:
        raise UnsupportedError("TFLite average pooling of a part of the picture")
    result = graph.add("GlobalAveragePool", [graph.value(picture, Layout.CHANNELS_FIRST)])
    graph.define(operator.output, _activate(graph, result, options.FusedActivationFunction()), Layout.CHANNELS_FIRST)


def pad(graph: Translation, operator: Operator) -> None:
    """TFLite lists before and after for each axis; ONNX all before, then all after."""
    widths = graph.weights[operator.inputs[1]].astype(np.int64)[[0, 3, 1, 2]]
    values = [graph.value(operator.inputs[0], Layout.CHANNELS_FIRST), graph.constant(widths.T.reshape(-1))]
    graph.define(operator.output, graph.add("Pad", values), Layout.CHANNELS_FIRST)


def reshape(graph: Translation, operator: Operator) -> None:
    """Weights are reshaped now, values at run time, each picture for itself."""
    tensor, shape = operator.inputs[0], graph.shape(operator.output)
    if tensor in graph.weights:
        graph.weights[operator.output] = graph.weights[tensor].reshape(shape)
        return
    if graph.shape(tensor)[0] != 1 or shape[0] != 1:
        raise UnsupportedError("TFLite reshape that takes a batch apart")
    result = graph.reshape(graph.value(tensor, Layout.AS_STORED), shape[1:])
    graph.define(operator.output, result, Layout.AS_STORED)


def concatenate(graph: Translation, operator: Operator) -> None:
    """MediaPipe's models join lists of boxes and scores, which have no channels to move."""
    options = operator.options(tflite.ConcatenationOptions)
    rank = len(graph.shape(operator.output))
    if rank == 4:
        raise UnsupportedError("TFLite concatenation of pictures")
    values = [graph.value(tensor, Layout.AS_STORED) for tensor in operator.inputs]
    result = _activate(
        graph, graph.add("Concat", values, axis=options.Axis() % rank), options.FusedActivationFunction()
    )
    graph.define(operator.output, result, Layout.AS_STORED)


def resize_bilinear(graph: Translation, operator: Operator) -> None:
    """ONNX takes factors where TFLite takes the new size."""
    options, picture = operator.options(tflite.ResizeBilinearOptions), operator.inputs[0]
    if options.AlignCorners():
        raise UnsupportedError("TFLite resize with aligned corners")
    (_, height, width, _), (_, new_height, new_width, _) = graph.shape(picture), graph.shape(operator.output)
    value = graph.value(picture, Layout.CHANNELS_FIRST)
    factors = graph.constant(np.array([1, 1, new_height / height, new_width / width], np.float32))
    mode = "half_pixel" if options.HalfPixelCenters() else "asymmetric"
    result = graph.add("Resize", [value, "", factors], mode="linear", coordinate_transformation_mode=mode)
    graph.define(operator.output, result, Layout.CHANNELS_FIRST)


def move_depth_to_space(graph: Translation, operator: Operator) -> None:
    """Channels become pixels."""
    block = operator.options(tflite.DepthToSpaceOptions).BlockSize()
    value = graph.value(operator.inputs[0], Layout.CHANNELS_FIRST)
    graph.define(
        operator.output, graph.add("DepthToSpace", [value], blocksize=block, mode="DCR"), Layout.CHANNELS_FIRST
    )


def slice_strided(graph: Translation, operator: Operator) -> None:
    """A bit set in a mask means that this axis is taken from its beginning, or to its end.

    The first axis is left whole: TFLite sees one picture there and can take nothing less.
    """
    options = operator.options(tflite.StridedSliceOptions)
    if options.ShrinkAxisMask():
        raise UnsupportedError("TFLite slice that drops an axis")
    begin, end, steps = (graph.weights[tensor].astype(np.int64) for tensor in operator.inputs[1:4])
    axes = np.arange(1, len(begin), dtype=np.int64)
    for axis in axes:
        if options.BeginMask() >> axis & 1:
            begin[axis] = 0
        if options.EndMask() >> axis & 1:
            end[axis] = 2**31 - 1
    value = graph.value(operator.inputs[0], Layout.AS_STORED)
    parts = (begin[axes], end[axes], axes, steps[axes])
    result = graph.add("Slice", [value, *(graph.constant(part) for part in parts)])
    graph.define(operator.output, result, Layout.AS_STORED)


LAYER_OPERATORS: dict[str, OperatorTranslator] = {
    "DEQUANTIZE": dequantize,
    "DENSIFY": densify_weights,
    "CONV_2D": convolve,
    "DEPTHWISE_CONV_2D": convolve_depthwise,
    "Convolution2DTransposeBias": convolve_transposed,
    "PRELU": apply_prelu,
    "RELU": map_elements("Relu"),
    "LOGISTIC": map_elements("Sigmoid"),
    "HARD_SWISH": map_elements("HardSwish"),
    "ADD": combine("Add", tflite.AddOptions),
    "MUL": combine("Mul", tflite.MulOptions),
    "MAX_POOL_2D": pool_max,
    "AVERAGE_POOL_2D": pool_average,
    "PAD": pad,
    "RESHAPE": reshape,
    "CONCATENATION": concatenate,
    "RESIZE_BILINEAR": resize_bilinear,
    "DEPTH_TO_SPACE": move_depth_to_space,
    "STRIDED_SLICE": slice_strided,
}
