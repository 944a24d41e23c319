"""Whether two faces are one person's: dlib's face recognition, asked at given points, or at faces that it finds itself."""

from __future__ import annotations

from pathlib import Path

import dlib
import numpy as np
from PIL import Image

CHIP_SIDE = 150
"""Pixels of the picture that the network looks at."""
CHIP_PADDING = 0.25
"""How much there is around the face in it, as in dlib's `get_face_chip`."""
CHIP_POINTS = np.array([[0.121, 0.214], [0.334, 0.229], [0.646, 0.229], [0.860, 0.213], [0.490, 0.628]])
"""Where eye corners (from the left) and the nose's base lie in a face without padding: dlib's mean face."""
FROM_DLIB = [2, 3, 1, 0, 4]
"""dlib counts the eye at the picture's right first; we count from the left."""
MOST_PIXELS = 1600
"""Longer side of the picture in which faces are looked for; enough for groups."""
SAME_PERSON = 0.6
"""Distances below are "the same person", says the network's author."""


class Recogniser:
    """dlib's networks, opened once."""

    def __init__(self, folder: Path) -> None:
        self._network = dlib.face_recognition_model_v1(str(folder / "dlib_face_recognition_resnet_model_v1.dat"))
        self._points = dlib.shape_predictor(str(folder / "shape_predictor_5_face_landmarks.dat"))
        self._detector = dlib.get_frontal_face_detector()

    def find_faces(self, picture: Image.Image) -> list[np.ndarray]:
        """Five points of every face that dlib finds, faces from left to right."""
        shrink = max(1.0, max(picture.size) / MOST_PIXELS)
        pixels = np.asarray(picture.resize((round(picture.width / shrink), round(picture.height / shrink))))
        shapes = [self._points(pixels, box) for box in self._detector(pixels, 1)]
        faces = [shrink * np.array([[part.x, part.y] for part in shape.parts()])[FROM_DLIB] for shape in shapes]
        return sorted(faces, key=lambda points: points[:, 0].mean())

    def describe(self, picture: Image.Image, points: np.ndarray) -> np.ndarray:
        """The face at these five points as 128 numbers, which are close for pictures of one person."""
        return np.array(self._network.compute_face_descriptor(cut_chip(picture, points)))


def cut_chip(picture: Image.Image, points: np.ndarray) -> np.ndarray:
    """The upright square that the network wants, with the points where it expects them, as 8-bit RGB."""
    wanted = (CHIP_PADDING + CHIP_POINTS) / (1 + 2 * CHIP_PADDING) * CHIP_SIDE
    to_picture = similarity(wanted, points)
    # Pillow looks up single pixels: what is much larger than the chip is made smaller first.
    shrink = max(1.0, float(np.hypot(to_picture[0, 0], to_picture[1, 0])))
    size = (max(1, round(picture.width / shrink)), max(1, round(picture.height / shrink)))
    smaller = picture.resize(size, Image.Resampling.BOX) if shrink > 1 else picture
    scale = np.array([[size[0] / picture.width], [size[1] / picture.height]])
    matrix = (to_picture * scale).ravel()
    chip = smaller.transform((CHIP_SIDE, CHIP_SIDE), Image.Transform.AFFINE, tuple(matrix), Image.Resampling.BILINEAR)
    return np.asarray(chip)


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The 2 x 3 matrix of turn, scale and shift that brings points closest to others."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, -y, 1, 0], [y, x, 0, 1]]
        values += [u, v]
    (a, b, right, down), *_ = np.linalg.lstsq(np.array(rows), np.array(values), rcond=None)
    return np.array([[a, -b, right], [b, a, down]])
