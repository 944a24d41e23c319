"""The converters by the names that the manifest uses.

Each takes the contents of the source files, in the manifest's order, and a table of names to change, and returns the
contents of an ONNX file. Every name inside counts up in a fixed order: the same source gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .half_precision import convert_onnx
from .ncnn import convert_ncnn
from .tfjs import convert_tfjs
from .tflite import convert_tflite

Converter = Callable[[Sequence[bytes], dict[str, str]], bytes]

CONVERTERS: dict[str, Converter] = {
    "ncnn": convert_ncnn,
    "onnx": convert_onnx,
    "tfjs": convert_tfjs,
    "tflite": convert_tflite,
}
