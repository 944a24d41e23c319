"""The attention mesh's operators on made-up faces of six points, compared with plain numpy that takes one face."""

from __future__ import annotations

import math
import unittest

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

from photobooth_models.convert import convert_tflite

from .tiny_tflite import TinyModel

POINTS, HEIGHT, WIDTH, CHANNELS = 6, 9, 11, 2
SIZE = {"output_height": 4, "output_width": 5}
LOOK = {
    "subset_idxs": [1, 2, 4],
    "left_rotation_idx": 0,
    "right_rotation_idx": 5,
    "target_rotation_radians": 0.3,
    "scale_x": 1.5,
    "scale_y": 1.25,
}


def convert() -> ReferenceEvaluator:
    """A model that finds where to look, looks there, and carries points through the matrix, with depth and without."""
    model = TinyModel()
    picture = model.tensor("picture", [1, HEIGHT, WIDTH, CHANNELS])
    solid, flat = model.tensor("solid", [1, POINTS, 3]), model.tensor("flat", [1, POINTS, 2])
    matrix = model.tensor("matrix", [1, 4, 4])
    seen = model.tensor("seen", [1, SIZE["output_height"], SIZE["output_width"], CHANNELS])
    moved_solid, moved_flat = model.tensor("moved_solid", [1, POINTS, 3]), model.tensor("moved_flat", [1, POINTS, 2])
    model.custom_operator("Landmarks2TransformMatrix", [solid], matrix, **LOOK, **SIZE)
    model.custom_operator("TransformTensorBilinear", [picture, matrix], seen, **SIZE)
    model.custom_operator("TransformLandmarks", [solid, matrix], moved_solid)
    model.custom_operator("TransformLandmarks", [flat, matrix], moved_flat)
    file = model.write([picture, solid, flat], [matrix, seen, moved_solid, moved_flat])
    converted = onnx.load_from_string(convert_tflite([file], {}))
    for node in converted.graph.node:
        if node.op_type == "GridSample":
            # The evaluator knows bilinear sampling only by the name that newer operator sets give it.
            (mode,) = (attribute for attribute in node.attribute if attribute.name == "mode")
            mode.s = b"linear"
    return ReferenceEvaluator(converted)


def find_transform(landmarks: np.ndarray) -> np.ndarray:
    """The 4x4 matrix for one face."""
    across, down = (landmarks[LOOK["right_rotation_idx"]] - landmarks[LOOK["left_rotation_idx"]])[:2]
    angle = LOOK["target_rotation_radians"] - math.atan2(down, across)
    rotation = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    turned = [rotation @ landmarks[index, :2] for index in LOOK["subset_idxs"]]
    low, high = np.min(turned, axis=0), np.max(turned, axis=0)
    output = np.array([SIZE["output_width"], SIZE["output_height"]])
    scale = (high - low) * [LOOK["scale_x"], LOOK["scale_y"]] / output
    matrix = np.eye(4)
    matrix[:2, :2] = rotation.T @ np.diag(scale)
    matrix[:2, 3] = rotation.T @ (low + high) / 2 - matrix[:2, :2] @ output / 2
    return matrix


def look_there(picture: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """One picture through a matrix, pixel by pixel."""
    seen = np.zeros((SIZE["output_height"], SIZE["output_width"], CHANNELS))
    for row, column in np.ndindex(*seen.shape[:2]):
        x, y = (matrix @ [column + 0.5, row + 0.5, 0, 1])[:2] - 0.5
        if 0 <= x <= WIDTH - 1 and 0 <= y <= HEIGHT - 1:
            left, top = math.floor(x), math.floor(y)
            weights = np.outer([top + 1 - y, y - top], [left + 1 - x, x - left])
            seen[row, column] = np.einsum("yx,yxc->c", weights, picture[top : top + 2, left : left + 2])
    return seen


class Attention(unittest.TestCase):
    """Every face of a batch is looked at through its own matrix."""

    def test_every_face_of_a_batch_matches_numpy(self) -> None:
        numbers = np.random.default_rng(7)
        faces = 3
        pictures = numbers.random((faces, HEIGHT, WIDTH, CHANNELS), np.float32)
        solid = numbers.random((faces, POINTS, 3), np.float32) * [WIDTH, HEIGHT, 1]
        values = {"picture": pictures.transpose(0, 3, 1, 2), "solid": solid.astype(np.float32)}
        flat = values["flat"] = numbers.random((faces, POINTS, 2), np.float32)
        matrices, seen, moved_solid, moved_flat = convert().run(None, values)

        expected = np.array([find_transform(landmarks) for landmarks in solid])
        np.testing.assert_allclose(matrices, expected, atol=1e-5)
        views = [look_there(picture, matrix) for picture, matrix in zip(pictures, expected)]
        np.testing.assert_allclose(seen, views, atol=1e-5)
        outside = np.all(seen == 0, axis=-1).mean(axis=(1, 2))
        self.assertTrue(0 < outside.max() and outside.max() < 1, f"shares that lie outside: {outside}")

        linear, shift = expected[:, :2, :2], expected[:, None, :2, 3]
        moved = np.einsum("fij,fpj->fpi", linear, solid[..., :2]) + shift
        np.testing.assert_allclose(moved_solid, np.dstack([moved, solid[..., 2:]]), atol=1e-5)
        np.testing.assert_allclose(moved_flat, np.einsum("fij,fpj->fpi", linear, flat) + shift, atol=1e-5)
