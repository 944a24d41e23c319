"""Spreads TFLite's sparse weights into dense ones.

The format is TACO's: a tree whose levels are the tensor's axes in traversal order, followed by axes inside small blocks;
each level is dense (a size) or sparse (where each parent's children begin, and their indices). See TFLite's schema,
`SparsityParameters`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import tflite

INDEX_VECTORS = {1: tflite.Int32Vector, 2: tflite.Uint16Vector, 3: tflite.Uint8Vector}


@dataclass(frozen=True)
class Level:
    """One level of the tree; a dense one has a size and no segments."""

    axis: int
    size: int
    segments: list[int]
    indices: list[int]

    def children(self, parent: int) -> Iterator[tuple[int, int]]:
        """Yields, for every child of a parent, its index on the axis and its own position in the level."""
        if self.size:
            for index in range(self.size):
                yield index, parent * self.size + index
        else:
            for position in range(self.segments[parent], self.segments[parent + 1]):
                yield self.indices[position], position


def densify(values: np.ndarray, shape: list[int], sparsity: Any) -> np.ndarray:
    """Returns float32 weights of the given shape, zero wherever the sparse `values` say nothing."""
    levels = _read_levels(sparsity)
    block_axes = [int(axis) for axis in sparsity.BlockMapAsNumpy()] if sparsity.BlockMapLength() else []
    block_sizes = [
        next(level.size for level in levels if level.axis == len(shape) + block) for block in range(len(block_axes))
    ]
    dense = np.zeros(shape, np.float32)
    index = [0] * len(levels)

    def visit(depth: int, parent: int) -> None:
        if depth == len(levels):
            full = index[: len(shape)]
            for block, (axis, size) in enumerate(zip(block_axes, block_sizes)):
                full[axis] = full[axis] * size + index[len(shape) + block]
            dense[tuple(full)] = values[parent]
            return
        for child, position in levels[depth].children(parent):
            index[levels[depth].axis] = child
            visit(depth + 1, position)

    visit(0, 0)
    return dense


def _read_levels(sparsity: Any) -> list[Level]:
    levels = []
    for depth, axis in enumerate(sparsity.TraversalOrderAsNumpy()):
        table = sparsity.DimMetadata(depth)
        if table.Format() == tflite.DimensionType.DENSE:
            levels.append(Level(int(axis), table.DenseSize(), [], []))
        else:
            segments = _read_indices(table.ArraySegmentsType(), table.ArraySegments())
            levels.append(Level(int(axis), 0, segments, _read_indices(table.ArrayIndicesType(), table.ArrayIndices())))
    return levels


def _read_indices(kind: int, table: Any) -> list[int]:
    vector = INDEX_VECTORS[kind]()
    vector.Init(table.Bytes, table.Pos)
    return [int(value) for value in vector.ValuesAsNumpy()]
