"""A costume's layers, and how layers and heads are put onto the portrait."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from .heads import Head

EYES_TO_CHIN = 0.61
"""In face heights; what makes heads on costumes look right, see ARCHITECTURE.md."""


@dataclass(frozen=True)
class Layer:
    """Premultiplied 8-bit RGB, alpha, and where its upper left corner lies, in pixels from the chin."""

    colour: np.ndarray
    alpha: np.ndarray
    corner: np.ndarray


class Costume:
    """Back and front, decoded once; `face_height` is a face's in the layers' pixels."""

    def __init__(self, folder: Path) -> None:
        data = json.loads((folder / "costume.json").read_text(encoding="utf-8"))
        chin = np.array(data["chin"], float)
        self.face_height = float(np.linalg.norm(chin - data["eyes"])) / EYES_TO_CHIN
        self.back, self.front = (self._read(folder, data["layers"][name], chin) for name in ("back", "front"))

    @property
    def reach(self) -> float:
        """From the chin down to the front's lower edge, in pixels."""
        return float(self.front.corner[1] + self.front.alpha.shape[0])

    @staticmethod
    def _read(folder: Path, entry: dict, chin: np.ndarray) -> Layer:
        with Image.open(folder / entry["file"]) as picture:
            pixels = np.asarray(picture.convert("RGBA"))
        alpha = np.ascontiguousarray(pixels[..., 3])
        colour = cv2.multiply(np.ascontiguousarray(pixels[..., :3]), cv2.merge([alpha] * 3), scale=1 / 255)
        return Layer(colour, alpha, np.array(entry["offset"], float) - chin)


def put_layer(portrait: np.ndarray, layer: Layer, chin: np.ndarray, scale: float) -> None:
    """Draws a layer over the portrait so that its chin comes to lie on `chin`."""
    size = (round(layer.alpha.shape[1] * scale), round(layer.alpha.shape[0] * scale))
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    colour, alpha = (cv2.resize(plane, size, interpolation=kind) for plane in (layer.colour, layer.alpha))
    blend(portrait, colour, alpha, np.round(chin + layer.corner * scale).astype(int))


def put_head(portrait: np.ndarray, head: Head, chin: np.ndarray, scale: float) -> None:
    """Draws a head over the portrait so that its chin comes to lie on `chin`."""
    size = (round(head.alpha.shape[1] * scale), round(head.alpha.shape[0] * scale))
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    colour, alpha = (cv2.resize(plane, size, interpolation=kind) for plane in (head.colour, head.alpha))
    colour = cv2.multiply(colour, cv2.merge([alpha] * 3), scale=1 / 255)
    blend(portrait, colour, alpha, np.round(chin - head.chin * scale).astype(int))


def blend(portrait: np.ndarray, colour: np.ndarray, alpha: np.ndarray, corner: np.ndarray) -> None:
    """Premultiplied colours over the portrait, as far as they lie inside."""
    (left, top), (height, width) = np.maximum(corner, 0), portrait.shape[:2]
    right, bottom = min(corner[0] + alpha.shape[1], width), min(corner[1] + alpha.shape[0], height)
    if left >= right or top >= bottom:
        return
    part = np.s_[top - corner[1] : bottom - corner[1], left - corner[0] : right - corner[0]]
    below = portrait[top:bottom, left:right]
    behind = cv2.multiply(below, cv2.merge([255 - alpha[part]] * 3), scale=1 / 255)
    portrait[top:bottom, left:right] = cv2.add(behind, colour[part])
