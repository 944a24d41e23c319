"""One TFLite graph on its way to ONNX: its tensors, and the nodes and constants made so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import tflite
from flatbuffers import flexbuffers
from onnx import NodeProto, TensorProto, helper, numpy_helper

from ..half_precision import MIN_VALUES, make_half_constant
from ..onnx_file import UnsupportedError

TENSOR_TYPES = {0: np.float32, 1: np.float16, 2: np.int32, 3: np.uint8, 4: np.int64, 6: np.bool_, 9: np.int8}
BUILTIN_NAMES = {code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)}
CUSTOM = tflite.BuiltinOperator.CUSTOM


class Layout(Enum):
    """The order of a value's axes."""

    CHANNELS_FIRST = "channels first"
    AS_STORED = "as TFLite has it"


# What Transpose needs to get to a layout from the other one.
PERMUTATIONS = {Layout.CHANNELS_FIRST: [0, 3, 1, 2], Layout.AS_STORED: [0, 2, 3, 1]}


@dataclass(frozen=True)
class Operator:
    """One TFLite operator: its name, and the numbers of the tensors that it reads and writes (-1: left out)."""

    name: str
    inputs: list[int]
    output: int
    raw: Any

    def options(self, kind: type) -> Any:
        """The builtin options, read as the given tflite class."""
        options, table = kind(), self.raw.BuiltinOptions()
        options.Init(table.Bytes, table.Pos)
        return options

    def custom_bytes(self) -> bytes:
        """The options of a custom operator."""
        return bytes(self.raw.CustomOptions(index) & 0xFF for index in range(self.raw.CustomOptionsLength()))

    def custom_settings(self) -> dict[str, Any]:
        """The options of a custom operator that stores them as a FlexBuffers map."""
        return flexbuffers.Loads(self.custom_bytes())


class Translation:
    """Reads a TFLite file's only graph and collects its ONNX counterpart.

    `weights` holds the values known before running, by tensor number; all others have a name in one or both layouts.
    """

    def __init__(self, flatbuffer: bytes) -> None:
        self.model = tflite.Model.GetRootAsModel(flatbuffer, 0)
        if self.model.SubgraphsLength() != 1:
            raise UnsupportedError("TFLite file with several graphs")
        self.graph = self.model.Subgraphs(0)
        self.inputs = [self.graph.Inputs(index) for index in range(self.graph.InputsLength())]
        self.outputs = [self.graph.Outputs(index) for index in range(self.graph.OutputsLength())]
        self.nodes: list[NodeProto] = []
        self.constants: dict[tuple, tuple[str, TensorProto]] = {}
        self.names: dict[int, dict[Layout, str]] = {}
        self.counter = 0
        self.weights = self._read_weights()
        for tensor in self.inputs:
            layout = Layout.CHANNELS_FIRST if len(self.shape(tensor)) == 4 else Layout.AS_STORED
            self.define(tensor, self.tensor_name(tensor), layout)

    def _read_weights(self) -> dict[int, np.ndarray]:
        weights = {}
        for number in range(self.graph.TensorsLength()):
            tensor = self.graph.Tensors(number)
            buffer = self.model.Buffers(tensor.Buffer())
            if buffer.DataLength():
                values: np.ndarray = np.frombuffer(buffer.DataAsNumpy().tobytes(), TENSOR_TYPES[tensor.Type()])
                shape = self.shape(number)
                # Sparse weights have fewer values than their shape; the operator DENSIFY spreads them.
                weights[number] = values.reshape(shape) if values.size == int(np.prod(shape)) else values
        return weights

    def operators(self) -> Iterator[Operator]:
        """The graph's operators in the order in which they run."""
        for index in range(self.graph.OperatorsLength()):
            raw = self.graph.Operators(index)
            code = self.model.OperatorCodes(raw.OpcodeIndex())
            number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
            name = code.CustomCode().decode() if number == CUSTOM else BUILTIN_NAMES[number]
            yield Operator(name, [int(tensor) for tensor in raw.InputsAsNumpy()], int(raw.Outputs(0)), raw)

    def shape(self, tensor: int) -> list[int]:
        """A tensor's shape as TFLite has it."""
        table = self.graph.Tensors(tensor)
        return [] if table.ShapeIsNone() else [int(size) for size in table.ShapeAsNumpy()]

    def tensor_name(self, tensor: int) -> str:
        """A tensor's own name."""
        return self.graph.Tensors(tensor).Name().decode()

    def float_weights(self, tensor: int) -> np.ndarray:
        """Weights in 32 bits."""
        return self.weights[tensor].astype(np.float32)

    def constant(self, values: Any, prefix: str = "c") -> str:
        """Adds a constant, unless an equal one is there, and returns its name.

        Large ones are kept in 16 bits where that loses nothing, as it does for weights that came in 16 bits.
        """
        values = np.array(values, order="C")
        key = (values.dtype.str, values.shape, values.tobytes())
        if key not in self.constants:
            name = self._next_name(prefix)
            if _fits_half(values):
                stored, cast = make_half_constant(values, name, f"{name}_h")
                self.nodes.append(cast)
            else:
                stored = numpy_helper.from_array(values, name)
            self.constants[key] = (name, stored)
        return self.constants[key][0]

    def add(self, operator: str, inputs: list[str], output: str | None = None, **attributes: Any) -> str:
        """Adds a node and returns the name of what it makes."""
        output = output or self._next_name(operator.lower())
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def reshape(self, value: str, shape: Sequence[int]) -> str:
        """Adds a Reshape that gives this shape to each picture's part of a batch."""
        # Zero keeps the first dimension. Unlike -1 it keeps its name too, by which ONNX Runtime knows equal shapes.
        return self.add("Reshape", [value, self.constant(np.array([0, *shape], np.int64))])

    def define(self, tensor: int, name: str, layout: Layout) -> None:
        """Says which ONNX value a tensor is, and in which layout."""
        self.names[tensor] = {layout: name}

    def value(self, tensor: int, layout: Layout) -> str:
        """The ONNX name of a tensor in a layout, turning it if it was made in the other one."""
        if tensor in self.weights:
            return self.constant(_laid_out(self.weights[tensor], layout))
        names = self.names[tensor]
        if layout not in names:
            (made,) = names.values()
            names[layout] = self.add("Transpose", [made], perm=PERMUTATIONS[layout])
        return names[layout]

    def _next_name(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}_{self.counter}"


def _fits_half(values: np.ndarray) -> bool:
    if values.dtype != np.float32 or values.size < MIN_VALUES:
        return False
    with np.errstate(over="ignore"):
        return np.array_equal(values.astype(np.float16).astype(np.float32), values)


def _laid_out(weights: np.ndarray, layout: Layout) -> np.ndarray:
    values = weights.astype(np.float32) if weights.dtype == np.float16 else weights
    if layout is Layout.AS_STORED:
        return values
    if values.ndim == 4:
        return values.transpose(0, 3, 1, 2)
    if values.ndim == 3:
        return values.transpose(2, 0, 1)
    # One number a channel.
    return values.reshape(1, -1, 1, 1) if values.ndim == 1 and values.size > 1 else values
