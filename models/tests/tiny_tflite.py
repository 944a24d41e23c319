"""Writes TFLite files of a few numbers, for tests."""

from __future__ import annotations

from typing import Any

import flatbuffers
import numpy as np
import tflite
from flatbuffers import flexbuffers

TYPES = {
    "float32": tflite.TensorType.FLOAT32,
    "float16": tflite.TensorType.FLOAT16,
    "int32": tflite.TensorType.INT32,
}


class TinyModel:
    """Collects tensors and operators; `write` makes the file."""

    def __init__(self) -> None:
        self.builder = flatbuffers.Builder(1024)
        self.buffers = [self.table("Buffer")]
        self.tensors: list[int] = []
        self.codes: list[int] = []
        self.operators: list[int] = []

    def table(self, kind: str, **fields: Any) -> int:
        """Writes one table; fields are named as in the schema's generated code."""
        getattr(tflite, f"{kind}Start")(self.builder)
        for name, value in fields.items():
            getattr(tflite, f"{kind}Add{name}")(self.builder, value)
        return getattr(tflite, f"{kind}End")(self.builder)

    def offsets(self, values: list[int]) -> int:
        """Writes a vector of tables."""
        self.builder.StartVector(4, len(values), 4)
        for value in reversed(values):
            self.builder.PrependUOffsetTRelative(value)
        return self.builder.EndVector()

    def integers(self, values: list[int]) -> int:
        """Writes a vector of integers."""
        return self.builder.CreateNumpyVector(np.array(values, np.int32))

    def tensor(self, name: str, shape: list[int], values: np.ndarray | None = None, sparsity: int | None = None) -> int:
        """Adds a tensor and returns its number; with values it is a weight."""
        buffer = 0
        if values is not None:
            data = self.builder.CreateByteVector(values.tobytes())
            self.buffers.append(self.table("Buffer", Data=data))
            buffer = len(self.buffers) - 1
        fields = {"Shape": self.integers(shape), "Name": self.builder.CreateString(name), "Buffer": buffer}
        if sparsity is not None:
            fields["Sparsity"] = sparsity
        fields["Type"] = TYPES[str(values.dtype)] if values is not None else tflite.TensorType.FLOAT32
        self.tensors.append(self.table("Tensor", **fields))
        return len(self.tensors) - 1

    def operator(self, code: int, inputs: list[int], output: int, **options: Any) -> None:
        """Adds an operator; its options are a table written before."""
        self._add(inputs, output, {"BuiltinCode": code, "DeprecatedBuiltinCode": min(code, 127)}, options)

    def custom_operator(self, name: str, inputs: list[int], output: int, **settings: Any) -> None:
        """Adds an operator that TFLite itself does not have, with its settings as a FlexBuffers map."""
        code, custom = self.builder.CreateString(name), tflite.BuiltinOperator.CUSTOM
        options = {"CustomOptions": self.builder.CreateByteVector(bytes(flexbuffers.Dumps(settings)))}
        kind = {"BuiltinCode": custom, "DeprecatedBuiltinCode": custom, "CustomCode": code}
        self._add(inputs, output, kind, options)

    def _add(self, inputs: list[int], output: int, kind: dict[str, int], options: dict[str, int]) -> None:
        self.codes.append(self.table("OperatorCode", **kind))
        fields = {
            "OpcodeIndex": len(self.codes) - 1,
            "Inputs": self.integers(inputs),
            "Outputs": self.integers([output]),
        }
        self.operators.append(self.table("Operator", **fields, **options))

    def write(self, inputs: list[int], outputs: list[int]) -> bytes:
        """Returns the file."""
        fields = {
            "Tensors": self.offsets(self.tensors),
            "Inputs": self.integers(inputs),
            "Outputs": self.integers(outputs),
        }
        graph = self.table("SubGraph", **fields, Operators=self.offsets(self.operators))
        parts = {
            "OperatorCodes": self.offsets(self.codes),
            "Subgraphs": self.offsets([graph]),
            "Buffers": self.offsets(self.buffers),
        }
        self.builder.Finish(self.table("Model", Version=3, **parts), b"TFL3")
        return bytes(self.builder.Output())
