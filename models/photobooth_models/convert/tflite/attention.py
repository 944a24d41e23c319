"""The three operators of MediaPipe's attention mesh: it looks at the lips and at each eye again, turned upright.

Landmarks2TransformMatrix finds where to look, TransformTensorBilinear looks there, TransformLandmarks carries the points
found there back. A matrix is 4x4, as MediaPipe stores it; only its 2x2 part A and its shift t are used: x -> A x + t.

Every face of a batch has a matrix of its own. Points are rows, so they are multiplied by a matrix turned over, which is
gathered from its entries: one of ONNX Runtime's fusions gets MatMul with a shared Transpose wrong.
"""

from __future__ import annotations

import math

import numpy as np
from onnx import TensorProto

from .layers import OperatorTranslator
from .translation import Layout, Operator, Translation

# Where A's entries, row by row, and then t's lie among a matrix's sixteen numbers.
MATRIX_ENTRIES = [0, 1, 4, 5, 3, 7]


def find_transform(graph: Translation, operator: Operator) -> None:
    """Landmarks -> the matrix that takes the output's pixels to an upright, scaled box round a subset of them."""
    settings = operator.custom_settings()
    points = _columns(graph, graph.value(operator.inputs[0], Layout.AS_STORED), 0, 2)
    rotation, turned_over = _rotation(graph, points, settings)
    subset = np.array(settings["subset_idxs"], np.int64).reshape(-1)
    chosen = graph.add("Gather", [points, graph.constant(subset)], axis=1)
    turned = graph.add("MatMul", [chosen, turned_over])
    top = graph.add("ReduceMax", [turned], axes=[1], keepdims=1)
    bottom = graph.add("ReduceMin", [turned], axes=[1], keepdims=1)
    middle = graph.add("Mul", [graph.add("Add", [top, bottom]), graph.constant(np.float32(0.5))])
    centre = graph.reshape(graph.add("MatMul", [middle, rotation]), [2])
    width, height = settings["output_width"], settings["output_height"]
    scale = np.array([settings["scale_x"] / width, settings["scale_y"] / height], np.float32)
    size = graph.add("Mul", [graph.add("Sub", [top, bottom]), graph.constant(scale)])
    linear = graph.add("Mul", [turned_over, size])
    half = graph.constant(np.array([-width / 2, -height / 2], np.float32))
    corner = graph.add("ReduceSum", [graph.add("Mul", [linear, half]), _axis(graph, 2)], keepdims=0)
    shift = graph.add("Add", [corner, centre])
    graph.define(operator.output, _pack_matrix(graph, linear, shift), Layout.AS_STORED)


def _rotation(graph: Translation, points: str, settings: dict) -> tuple[str, str]:
    """The 2x2 rotation that brings the line between two landmarks to the target angle, and the same turned over."""
    right = graph.add("Gather", [points, graph.constant(np.int64(settings["right_rotation_idx"]))], axis=1)
    left = graph.add("Gather", [points, graph.constant(np.int64(settings["left_rotation_idx"]))], axis=1)
    difference = graph.add("Sub", [right, left])
    squared = graph.add("ReduceSum", [graph.add("Mul", [difference, difference]), _axis(graph, 1)], keepdims=1)
    direction = graph.add("Div", [difference, graph.add("Sqrt", [squared])])
    target = float(settings["target_rotation_radians"])
    cos, sin = math.cos(target), math.sin(target)
    # Rows give cos, -sin, sin, cos of (target - angle) from the direction's x and y.
    entries = np.array([[cos, sin], [-sin, cos], [sin, -cos], [cos, sin]], np.float32)
    flat = graph.add("Gemm", [direction, graph.constant(entries)], transB=1)
    return _entries(graph, flat, [[0, 1], [2, 3]]), _entries(graph, flat, [[0, 2], [1, 3]])


def _pack_matrix(graph: Translation, linear: str, shift: str) -> str:
    numbers = graph.add("Concat", [graph.reshape(linear, [4]), shift], axis=1)
    places = np.eye(16, dtype=np.float32)[MATRIX_ENTRIES]
    others = np.eye(4, dtype=np.float32)[2:]
    fixed = np.concatenate([np.zeros_like(others), others]).reshape(-1)
    packed = graph.add("Gemm", [numbers, graph.constant(places), graph.constant(fixed)])
    return graph.reshape(packed, [4, 4])


def _unpack_matrix(graph: Translation, tensor: int) -> tuple[str, str]:
    """The 2x2 part turned over, and the shift as a row."""
    flat = graph.reshape(graph.value(tensor, Layout.AS_STORED), [16])
    a, b, c, d, *shift = MATRIX_ENTRIES
    return _entries(graph, flat, [[a, c], [b, d]]), _entries(graph, flat, [shift])


def _move(graph: Translation, points: str, matrix: int) -> str:
    """Every face's points through its matrix."""
    turned_over, shift = _unpack_matrix(graph, matrix)
    return graph.add("Add", [graph.add("MatMul", [points, turned_over]), shift])


def look_there(graph: Translation, operator: Operator) -> None:
    """Samples a picture through a matrix; whatever lies outside the picture is zero."""
    settings = operator.custom_settings()
    height, width = settings["output_height"], settings["output_width"]
    picture, matrix = operator.inputs
    _, from_height, from_width, _ = graph.shape(picture)
    rows, columns = np.meshgrid(np.arange(height) + 0.5, np.arange(width) + 0.5, indexing="ij")
    centres = graph.constant(np.stack([columns, rows], -1).reshape(-1, 2).astype(np.float32))
    pixels = graph.add("Sub", [_move(graph, centres, matrix), graph.constant(np.float32(0.5))])
    last = graph.constant(np.array([from_width - 1, from_height - 1], np.float32))
    mask = _inside(graph, pixels, last, (height, width))
    to_unit = graph.constant(np.array([2 / (from_width - 1), 2 / (from_height - 1)], np.float32))
    unit = graph.add("Sub", [graph.add("Mul", [pixels, to_unit]), graph.constant(np.float32(1))])
    sampling = graph.reshape(unit, [height, width, 2])
    values = [graph.value(picture, Layout.CHANNELS_FIRST), sampling]
    sampled = graph.add("GridSample", values, mode="bilinear", padding_mode="zeros", align_corners=1)
    graph.define(operator.output, graph.add("Mul", [sampled, mask]), Layout.CHANNELS_FIRST)


def _inside(graph: Translation, pixels: str, last: str, size: tuple[int, int]) -> str:
    """1 where a pixel lies wholly inside the picture, else 0."""
    not_before = graph.add("GreaterOrEqual", [pixels, graph.constant(np.float32(0))])
    not_behind = graph.add("LessOrEqual", [pixels, last])
    both = graph.add("And", [not_before, not_behind])
    inside = graph.add("ReduceMin", [graph.add("Cast", [both], to=TensorProto.FLOAT)], axes=[2], keepdims=0)
    return graph.reshape(inside, [1, *size])


def carry_back(graph: Translation, operator: Operator) -> None:
    """Landmarks through a matrix; their depth stays."""
    points, matrix = operator.inputs
    landmarks = graph.value(points, Layout.AS_STORED)
    if graph.shape(points)[-1] == 3:
        flat, depth = _columns(graph, landmarks, 0, 2), _columns(graph, landmarks, 2, 3)
        moved = graph.add("Concat", [_move(graph, flat, matrix), depth], axis=2)
    else:
        moved = _move(graph, landmarks, matrix)
    graph.define(operator.output, moved, Layout.AS_STORED)


def _columns(graph: Translation, table: str, first: int, end: int) -> str:
    bounds = [graph.constant(np.array([bound], np.int64)) for bound in (first, end, 2)]
    return graph.add("Slice", [table, *bounds])


def _entries(graph: Translation, flat: str, indices: list[list[int]]) -> str:
    """A small matrix for every face, of entries picked from its row of numbers."""
    return graph.add("Gather", [flat, graph.constant(np.array(indices, np.int64))], axis=1)


def _axis(graph: Translation, axis: int) -> str:
    return graph.constant(np.array([axis], np.int64))


ATTENTION_OPERATORS: dict[str, OperatorTranslator] = {
    "Landmarks2TransformMatrix": find_transform,
    "TransformTensorBilinear": look_there,
    "TransformLandmarks": carry_back,
}
