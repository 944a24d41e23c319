"""The three operators of MediaPipe's attention mesh: it looks at the lips and at each eye again, turned upright.

Landmarks2TransformMatrix finds where to look, TransformTensorBilinear looks there, TransformLandmarks carries the points
found there back. A matrix is 4x4, as MediaPipe stores it; only its 2x2 part A and its shift t are used: x -> A x + t.
"""

from __future__ import annotations

import math

import numpy as np
from onnx import TensorProto

from .layers import OperatorTranslator
from .translation import Layout, Operator, Translation


def find_transform(graph: Translation, operator: Operator) -> None:
    """Landmarks -> the matrix that takes the output's pixels to an upright, scaled box round a subset of them."""
    settings = operator.custom_settings()
    landmarks = graph.reshape(graph.value(operator.inputs[0], Layout.AS_STORED), [-1, 3])
    points = _columns(graph, landmarks, 0, 2)
    rotation = _rotation(graph, points, settings)
    subset = np.array(settings["subset_idxs"], np.int64).reshape(-1)
    chosen = graph.add("Gather", [points, graph.constant(subset)], axis=0)
    turned = graph.add("Gemm", [chosen, rotation], transB=1)
    top = graph.add("ReduceMax", [turned], axes=[0], keepdims=1)
    bottom = graph.add("ReduceMin", [turned], axes=[0], keepdims=1)
    middle = graph.add("Mul", [graph.add("Add", [top, bottom]), graph.constant(np.float32(0.5))])
    centre = graph.add("Gemm", [middle, rotation], transB=0)
    width, height = settings["output_width"], settings["output_height"]
    scale = np.array([[settings["scale_x"] / width, settings["scale_y"] / height]], np.float32)
    turned_back = graph.add("Transpose", [rotation], perm=[1, 0])
    size = graph.add("Mul", [graph.add("Sub", [top, bottom]), graph.constant(scale)])
    linear = graph.add("Mul", [turned_back, size])
    half = graph.constant(np.array([[-width / 2, -height / 2]], np.float32))
    shift = graph.add("Gemm", [half, linear, centre], transB=1)
    graph.define(operator.output, _pack_matrix(graph, linear, shift), Layout.AS_STORED)


def _rotation(graph: Translation, points: str, settings: dict) -> str:
    """The 2x2 rotation that brings the line between two landmarks to the target angle.

    Gemm instead of MatMul: one of ONNX Runtime's fusions gets MatMul with a shared transposed input wrong.
    """
    right = graph.add("Gather", [points, graph.constant(np.int64(settings["right_rotation_idx"]))], axis=0)
    left = graph.add("Gather", [points, graph.constant(np.int64(settings["left_rotation_idx"]))], axis=0)
    difference = graph.add("Sub", [right, left])
    squared = graph.add("ReduceSum", [graph.add("Mul", [difference, difference])], keepdims=1)
    direction = graph.add("Div", [difference, graph.add("Sqrt", [squared])])
    target = float(settings["target_rotation_radians"])
    cos, sin = math.cos(target), math.sin(target)
    # Rows give cos, -sin, sin, cos of (target - angle) from the direction's x and y.
    entries = np.array([[cos, sin], [-sin, cos], [sin, -cos], [cos, sin]], np.float32)
    row = graph.add("Reshape", [direction, graph.constant(np.array([1, 2], np.int64))])
    return graph.reshape(graph.add("Gemm", [row, graph.constant(entries)], transB=1), [2, 2])


def _pack_matrix(graph: Translation, linear: str, shift: str) -> str:
    zeros = graph.constant(np.zeros((2, 1), np.float32))
    upper = graph.add("Concat", [linear, zeros, graph.reshape(shift, [2, 1])], axis=1)
    lower = graph.constant(np.array([[0, 0, 1, 0], [0, 0, 0, 1]], np.float32))
    return graph.reshape(graph.add("Concat", [upper, lower], axis=0), [1, 4, 4])


def _unpack_matrix(graph: Translation, tensor: int) -> tuple[str, str]:
    """The 2x2 part and the shift of a matrix."""
    matrix = graph.reshape(graph.value(tensor, Layout.AS_STORED), [4, 4])
    first_two = graph.constant(np.array([0, 1], np.int64))
    upper = graph.add("Gather", [matrix, first_two], axis=0)
    linear = graph.add("Gather", [upper, first_two], axis=1)
    last = graph.add("Gather", [upper, graph.constant(np.array([3], np.int64))], axis=1)
    return linear, graph.reshape(last, [2])


def look_there(graph: Translation, operator: Operator) -> None:
    """Samples a picture through a matrix; whatever lies outside the picture is zero."""
    settings = operator.custom_settings()
    height, width = settings["output_height"], settings["output_width"]
    picture, matrix = operator.inputs
    _, from_height, from_width, _ = graph.shape(picture)
    linear, shift = _unpack_matrix(graph, matrix)
    rows, columns = np.meshgrid(np.arange(height) + 0.5, np.arange(width) + 0.5, indexing="ij")
    centres = graph.constant(np.stack([columns, rows], -1).reshape(-1, 2).astype(np.float32))
    moved = graph.add("Gemm", [centres, linear, shift], transB=1)
    pixels = graph.add("Sub", [moved, graph.constant(np.float32(0.5))])
    last = graph.constant(np.array([from_width - 1, from_height - 1], np.float32))
    mask = _inside(graph, pixels, last, (height, width))
    to_unit = graph.constant(np.array([2 / (from_width - 1), 2 / (from_height - 1)], np.float32))
    unit = graph.add("Sub", [graph.add("Mul", [pixels, to_unit]), graph.constant(np.float32(1))])
    sampling = graph.reshape(unit, [1, height, width, 2])
    values = [graph.value(picture, Layout.CHANNELS_FIRST), sampling]
    sampled = graph.add("GridSample", values, mode="bilinear", padding_mode="zeros", align_corners=1)
    graph.define(operator.output, graph.add("Mul", [sampled, mask]), Layout.CHANNELS_FIRST)


def _inside(graph: Translation, pixels: str, last: str, size: tuple[int, int]) -> str:
    """1 where a pixel lies wholly inside the picture, else 0."""
    not_before = graph.add("GreaterOrEqual", [pixels, graph.constant(np.float32(0))])
    not_behind = graph.add("LessOrEqual", [pixels, last])
    both = graph.add("And", [not_before, not_behind])
    inside = graph.add("ReduceMin", [graph.add("Cast", [both], to=TensorProto.FLOAT)], axes=[1], keepdims=0)
    return graph.reshape(inside, [1, 1, *size])


def carry_back(graph: Translation, operator: Operator) -> None:
    """Landmarks through a matrix; their depth stays."""
    points, matrix = operator.inputs
    dimensions = graph.shape(points)[-1]
    linear, shift = _unpack_matrix(graph, matrix)
    landmarks = graph.reshape(graph.value(points, Layout.AS_STORED), [-1, dimensions])
    if dimensions == 3:
        flat, depth = _columns(graph, landmarks, 0, 2), _columns(graph, landmarks, 2, 3)
        moved = graph.add("Concat", [graph.add("Gemm", [flat, linear, shift], transB=1), depth], axis=1)
    else:
        moved = graph.add("Gemm", [landmarks, linear, shift], transB=1)
    graph.define(operator.output, graph.reshape(moved, graph.shape(operator.output)), Layout.AS_STORED)


def _columns(graph: Translation, table: str, first: int, end: int) -> str:
    bounds = [graph.constant(np.array([bound], np.int64)) for bound in (first, end, 1)]
    return graph.add("Slice", [table, *bounds])


ATTENTION_OPERATORS: dict[str, OperatorTranslator] = {
    "Landmarks2TransformMatrix": find_transform,
    "TransformTensorBilinear": look_there,
    "TransformLandmarks": carry_back,
}
