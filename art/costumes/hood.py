"""What a hood needs besides its layers: the mask of its opening, and a dark inside."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .frame import Frame

LUMA = np.array([0.3, 0.59, 0.11], np.float32)
INSIDE_LUMA = 0.05
RIM_LUMA = 0.14


def open_hood(layers: dict[str, np.ndarray], frame: Frame) -> dict[str, np.ndarray]:
    """Adds `opening` to the layers, darkens the back inside it, and tones the cowl's bright inner edge down."""
    anchors = frame.anchors()
    column, row = (int(number) for number in anchors["eyes"])
    hole = _hole_at(layers["front"][..., 3], column, row)
    metre = frame.pixels_per_metre
    inside = _spread(hole, 0.009 * metre, 0.0028 * metre)
    below = np.arange(hole.shape[0])[:, None] > anchors["chin"][1]
    beside = np.abs(np.arange(hole.shape[1])[None, :] - anchors["chin"][0]) < 0.105 * metre
    near = _spread(hole, 0.017 * metre, 0.0044 * metre) * below * beside
    return {
        "back": _limit_luma(layers["back"], inside, INSIDE_LUMA),
        "front": _limit_luma(layers["front"], near, RIM_LUMA),
        "shadow": layers["shadow"],
        "opening": _blur(hole, 1.5),
    }


def _hole_at(alpha: np.ndarray, column: int, row: int) -> np.ndarray:
    """1 in the connected gap of the front layer that holds the face."""
    gaps = Image.fromarray(((alpha < 0.5) * 255).astype(np.uint8)).copy()
    ImageDraw.floodfill(gaps, (column, row), 128)
    hole = (np.asarray(gaps) == 128).astype(np.float32)
    if hole[0, 0]:
        raise ValueError("the hood is open: its gap reaches the picture's corner")
    return hole


def _blur(mask: np.ndarray, radius: float) -> np.ndarray:
    image = Image.fromarray((np.clip(mask, 0, 1) * 255 + 0.5).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255


def _spread(mask: np.ndarray, reach: float, softness: float) -> np.ndarray:
    """The mask grown by some pixels, with soft edges."""
    grown = (_blur(mask, reach / 2) > 0.03).astype(np.float32)
    return _blur(grown, softness)


def _limit_luma(layer: np.ndarray, where: np.ndarray, limit: float) -> np.ndarray:
    """Darkens what is brighter than the limit."""
    luma = layer[..., :3] @ LUMA
    factor = 1 - where * (1 - np.minimum(1, limit / np.maximum(luma, 1e-3)))
    return np.concatenate([layer[..., :3] * factor[..., None], layer[..., 3:]], 2)
