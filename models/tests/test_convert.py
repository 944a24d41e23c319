"""The converters on made-up models of a few numbers, run with ONNX's reference evaluator and compared with plain numpy."""

from __future__ import annotations

import base64
import unittest

import numpy as np
import onnx
import tflite
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from photobooth_models.convert import (
    convert_ncnn,
    convert_onnx,
    convert_tfjs,
    convert_tflite,
)
from photobooth_models.convert.ncnn import HALF_FLOAT_TAG
from photobooth_models.convert.onnx_file import (
    UnsupportedError,
    float_value,
    make_model,
)
from photobooth_models.convert.tfjs_bundle import read_description
from photobooth_models.convert.tflite.sparse import densify

from .tiny_tflite import TinyModel


def run(model: bytes, picture: np.ndarray) -> np.ndarray:
    """Runs a model of one input and one output."""
    evaluator = ReferenceEvaluator(onnx.load_from_string(model))
    return evaluator.run(None, {evaluator.input_names[0]: picture})[0]


def first_dimensions(model: bytes) -> list[str]:
    """The name of the first dimension of every input and output; empty where it is a number."""
    graph = onnx.load_from_string(model).graph
    return [value.type.tensor_type.shape.dim[0].dim_param for value in (*graph.input, *graph.output)]


def random_floats(*shape: int) -> np.ndarray:
    """Numbers that are the same in every run and exact in 16 bits."""
    return np.random.default_rng(7).integers(-8, 8, shape).astype(np.float32) / 8


class HalfPrecision(unittest.TestCase):
    """Weights are stored in 16 bits and come back in 32."""

    def convert(self, weights: np.ndarray) -> bytes:
        nodes = [helper.make_node("Add", ["image", "w"], ["sum"])]
        constants = [numpy_helper.from_array(weights, "w")]
        model = make_model(
            nodes, constants, [float_value("image", weights.shape)], [float_value("sum", weights.shape)], graph_name="g"
        )
        return convert_onnx([model.SerializeToString()], {"sum": "result"})

    def test_halves_large_weights_and_keeps_values(self) -> None:
        weights = random_floats(1000)
        converted = self.convert(weights)
        self.assertEqual(onnx.load_from_string(converted).graph.initializer[0].data_type, onnx.TensorProto.FLOAT16)
        self.assertLess(len(converted), weights.nbytes * 0.6)
        np.testing.assert_array_equal(run(converted, np.ones(1000, np.float32)), weights + 1)
        self.assertEqual(onnx.load_from_string(converted).graph.output[0].name, "result")

    def test_keeps_weights_beyond_16_bits(self) -> None:
        weights = np.full(1000, 1e6, np.float32)
        np.testing.assert_array_equal(run(self.convert(weights), np.zeros(1000, np.float32)), weights)


class Ncnn(unittest.TestCase):
    """A convolution in 16 bits, PReLU, pixel shuffle, and the enlarged input added, as in Real-ESRGAN."""

    PARAM = b"""7767517
7 8
Input        in    0 1 data
Split        fork  1 2 data a b
Convolution  conv  1 1 a c 0=12 1=1 5=1 6=36
PReLU        relu  1 1 c d 0=12
PixelShuffle up    1 1 d e 0=2
Interp       near  1 1 b f 0=1 1=2.0 2=2.0
BinaryOp     add   2 1 e f output 0=0
"""

    def setUp(self) -> None:
        self.kernel, self.bias, self.slopes = random_floats(12, 3), random_floats(12), random_floats(12)
        self.weights = np.uint32(HALF_FLOAT_TAG).tobytes() + self.kernel.astype(np.float16).tobytes()
        self.weights += self.bias.tobytes() + self.slopes.tobytes()

    def test_matches_numpy(self) -> None:
        picture = random_floats(1, 3, 2, 3)
        mixed = np.einsum("oc,chw->ohw", self.kernel, picture[0]) + self.bias[:, None, None]
        mixed = np.where(mixed < 0, mixed * self.slopes[:, None, None], mixed)
        shuffled = mixed.reshape(3, 2, 2, 2, 3).transpose(0, 3, 1, 4, 2).reshape(1, 3, 4, 6)
        expected = shuffled + picture.repeat(2, 2).repeat(2, 3)
        np.testing.assert_allclose(run(convert_ncnn([self.PARAM, self.weights], {}), picture), expected, atol=1e-6)

    def test_refuses_weights_left_over(self) -> None:
        with self.assertRaisesRegex(UnsupportedError, "4 bytes"):
            convert_ncnn([self.PARAM, self.weights + b"more"], {})

    def test_refuses_unknown_layer(self) -> None:
        with self.assertRaisesRegex(UnsupportedError, "Wobble"):
            convert_ncnn([self.PARAM.replace(b"PReLU", b"Wobble"), self.weights], {})


class Tfjs(unittest.TestCase):
    """nsfwjs's packed modules, read without JavaScript."""

    LAYERS = (
        '{class_name:"InputLayer",config:{name:"in",batch_input_shape:[null,2,2,3]},inbound_nodes:[]},'
        '{class_name:"Conv2D",config:{name:"mix",padding:"same",strides:[1,1],dilation_rate:[1,1],use_bias:!1,'
        'activation:"relu"},inbound_nodes:[[["in",0,0,{}]]]}'
    )
    WEIGHTS = '[{name:"mix/kernel",shape:[1,1,3,2],quantization:{min:-.5,scale:.25,dtype:"uint8"}}]'

    def module(self, value: str) -> bytes:
        return (
            b"!function(e){module.exports=e()}(function(){return m({1:[function(e,h,n){h.exports=%s},{}]})});"
            % value.encode()
        )

    def test_matches_numpy(self) -> None:
        topology = "{model_config:{config:{layers:[%s]}}}" % self.LAYERS
        description = self.module("{modelTopology:%s,weightsManifest:[{weights:%s}]}" % (topology, self.WEIGHTS))
        stored = np.array([0, 1, 2, 3, 4, 5], np.uint8)
        shard = self.module('"%s"' % base64.b64encode(stored.tobytes()).decode())
        pictures = random_floats(2, 3, 2, 2)
        kernel = (stored * 0.25 - 0.5).reshape(3, 2)
        expected = np.maximum(np.einsum("co,bchw->bohw", kernel, pictures), 0)
        converted = convert_tfjs([description, shard], {})
        self.assertEqual(first_dimensions(converted), ["batch", "batch"])
        np.testing.assert_allclose(run(converted, pictures), expected, atol=1e-6)

    def test_reads_what_minifiers_write(self) -> None:
        literal = '{yes:!0,no:!1,small:-.5,more:1.25,tiny:2e-20,nothing:null,text:"a:!0,.5 \\" {b:1}"}'
        expected = {
            "yes": True,
            "no": False,
            "small": -0.5,
            "more": 1.25,
            "tiny": 2e-20,
            "nothing": None,
            "text": 'a:!0,.5 " {b:1}',
        }
        self.assertEqual(read_description(self.module(literal)), expected)


class Tflite(unittest.TestCase):
    """Convolutions with TFLite's padding, and weights stored in 16 bits or sparse."""

    def test_convolution_matches_numpy(self) -> None:
        model, kernel, bias = TinyModel(), random_floats(2, 3, 3, 3), random_floats(2)
        pictures = random_floats(2, 5, 4, 3)
        numbers = [model.tensor("picture", [1, 5, 4, 3]), model.tensor("half", [2, 3, 3, 3], kernel.astype(np.float16))]
        numbers += [
            model.tensor("kernel", [2, 3, 3, 3]),
            model.tensor("bias", [2], bias),
            model.tensor("sum", [1, 3, 2, 2]),
        ]
        model.operator(tflite.BuiltinOperator.DEQUANTIZE, numbers[1:2], numbers[2])
        options = model.table(
            "Conv2DOptions", Padding=tflite.Padding.SAME, StrideW=2, StrideH=2, FusedActivationFunction=1
        )
        kind = {"BuiltinOptionsType": tflite.BuiltinOptions.Conv2DOptions, "BuiltinOptions": options}
        model.operator(tflite.BuiltinOperator.CONV_2D, [numbers[0], numbers[2], numbers[3]], numbers[4], **kind)
        converted = convert_tflite([model.write([numbers[0]], [numbers[4]])], {"sum": "result"})
        result = run(converted, pictures.transpose(0, 3, 1, 2))
        self.assertEqual(first_dimensions(converted), ["batch", "batch"])
        expected = [self.convolve_same(picture, kernel, bias) for picture in pictures]
        np.testing.assert_allclose(result, expected, atol=1e-6)

    @staticmethod
    def convolve_same(picture: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
        # Five rows at a stride of two need one more on each side; four columns need one more on the right only.
        padded = np.pad(picture, ((1, 1), (0, 1), (0, 0)))
        windows = [[padded[2 * y : 2 * y + 3, 2 * x : 2 * x + 3] for x in range(2)] for y in range(3)]
        return np.maximum(np.einsum("yxhwc,ohwc->yxo", windows, kernel) + bias, 0)

    def add_twice(self, activation: int, rename: dict[str, str]) -> bytes:
        """A model whose outputs are a list of numbers added to itself, and that again added to itself."""
        model = TinyModel()
        numbers = [model.tensor(name, [1, 4]) for name in ("list", "double", "fourfold")]
        for source, target in (numbers[:2], numbers[1:]):
            options = model.table("AddOptions", FusedActivationFunction=activation)
            kind = {"BuiltinOptionsType": tflite.BuiltinOptions.AddOptions, "BuiltinOptions": options}
            model.operator(tflite.BuiltinOperator.ADD, [source, source], target, **kind)
        return convert_tflite([model.write(numbers[:1], numbers[1:])], rename)

    def test_relu6_stops_at_zero_and_six(self) -> None:
        values = np.array([[-1, 1, 2.5, 4]], np.float32)
        result = run(self.add_twice(tflite.ActivationFunctionType.RELU6, {}), values)
        np.testing.assert_array_equal(result, [[0, 2, 5, 6]])

    def test_outputs_without_a_name_are_dropped(self) -> None:
        graph = onnx.load_from_string(self.add_twice(0, {"double": "result"})).graph
        self.assertEqual([output.name for output in graph.output], ["result"])
        self.assertEqual([node.op_type for node in graph.node], ["Add", "Identity"])
        everything = onnx.load_from_string(self.add_twice(0, {})).graph
        self.assertEqual([output.name for output in everything.output], ["double", "fourfold"])

    def cut_and_flatten(self, shape: list[int]) -> bytes:
        """A model that drops a picture's last column, reshapes what is left and puts it behind itself."""
        model = TinyModel()
        picture = model.tensor("picture", [1, 2, 3, 2])
        corners = [[0, 0, 0, 0], [1, 2, 2, 2], [1, 1, 1, 1]]
        bounds = [model.tensor(f"bound{n}", [4], np.array(each, np.int32)) for n, each in enumerate(corners)]
        cut, flat = model.tensor("cut", [1, 2, 2, 2]), model.tensor("flat", shape)
        twice = model.tensor("twice", [1, 8, 2])
        options = model.table("StridedSliceOptions")
        kind = {"BuiltinOptionsType": tflite.BuiltinOptions.StridedSliceOptions, "BuiltinOptions": options}
        model.operator(tflite.BuiltinOperator.STRIDED_SLICE, [picture, *bounds], cut, **kind)
        model.operator(tflite.BuiltinOperator.RESHAPE, [cut], flat)
        options = model.table("ConcatenationOptions", Axis=1)
        kind = {"BuiltinOptionsType": tflite.BuiltinOptions.ConcatenationOptions, "BuiltinOptions": options}
        model.operator(tflite.BuiltinOperator.CONCATENATION, [flat, flat], twice, **kind)
        return convert_tflite([model.write([picture], [twice])], {})

    def test_pictures_of_a_batch_stay_apart(self) -> None:
        pictures = random_floats(3, 2, 3, 2)
        flat = pictures[:, :, :2].reshape(3, 4, 2)
        result = run(self.cut_and_flatten([1, 4, 2]), pictures.transpose(0, 3, 1, 2))
        np.testing.assert_array_equal(result, np.concatenate([flat, flat], axis=1))

    def test_refuses_to_take_a_batch_apart(self) -> None:
        with self.assertRaisesRegex(UnsupportedError, "batch"):
            self.cut_and_flatten([4, 2])

    def test_refuses_unknown_operator(self) -> None:
        model = TinyModel()
        numbers = [model.tensor("a", [1, 2]), model.tensor("b", [1, 2])]
        model.operator(tflite.BuiltinOperator.COS, numbers[:1], numbers[1])
        with self.assertRaisesRegex(UnsupportedError, "COS"):
            convert_tflite([model.write(numbers[:1], numbers[1:])], {})

    def test_sparse_blocks_become_dense(self) -> None:
        # Two rows of 2x2 blocks, one block in each: the right one above, the left one below.
        model = TinyModel()
        segments, indices = (model.table("Int32Vector", Values=model.integers(each)) for each in ([0, 1, 2], [1, 0]))
        sparse = {"ArraySegmentsType": 1, "ArraySegments": segments, "ArrayIndicesType": 1, "ArrayIndices": indices}
        levels = [
            {"DenseSize": 2},
            {"Format": tflite.DimensionType.SPARSE_CSR, **sparse},
            {"DenseSize": 2},
            {"DenseSize": 2},
        ]
        metadata = model.offsets([model.table("DimensionMetadata", **level) for level in levels])
        fields = {
            "TraversalOrder": model.integers([0, 1, 2, 3]),
            "BlockMap": model.integers([0, 1]),
            "DimMetadata": metadata,
        }
        values = np.arange(1, 9, dtype=np.float32)
        tensor = model.tensor("sparse", [4, 4], values, model.table("SparsityParameters", **fields))
        file = tflite.Model.GetRootAsModel(model.write([], [tensor]), 0)
        dense = densify(values, [4, 4], file.Subgraphs(0).Tensors(tensor).Sparsity())
        expected = [[0, 0, 1, 2], [0, 0, 3, 4], [5, 6, 0, 0], [7, 8, 0, 0]]
        np.testing.assert_array_equal(dense, expected)
