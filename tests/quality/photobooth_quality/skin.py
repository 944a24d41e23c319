"""The colour of a face's skin, and how far a portrait moved it: CIELAB, hue in degrees."""

from __future__ import annotations

import numpy as np
from PIL import Image

LEAST_CHROMA = 5.0
"""Greyer skin, as in a black and white photo, has no hue."""
MOST_SAMPLES = 40
"""Samples from the middle of a cheek to its border."""


def median_skin(picture: Image.Image, points: np.ndarray) -> np.ndarray:
    """Median L, a, b on both cheeks and the bridge of the nose, found from eye corners and the nose's base.

    Discs of a ninth of the eyes' distance, so that beard, glasses' rims and hair stay outside.
    """
    left, right, nose = points[:2].mean(0), points[2:4].mean(0), points[4]
    across, down = right - left, nose - (left + right) / 2
    centres = [left + 0.85 * down - 0.02 * across, right + 0.85 * down + 0.02 * across, (left + right) / 2 + 0.45 * down]
    radius = float(np.hypot(*across)) / 9
    pixels = np.asarray(picture)
    return np.median(np.concatenate([_disc(pixels, centre, radius) for centre in centres]), axis=0)


def shift(photo: np.ndarray, portrait: np.ndarray) -> tuple[float | None, float]:
    """By how many degrees the hue turned (None where there is none) and by how much the lightness changed."""
    lightness = float(portrait[0] - photo[0])
    if min(np.hypot(*photo[1:]), np.hypot(*portrait[1:])) < LEAST_CHROMA:
        return None, lightness
    turn = np.degrees(np.arctan2(portrait[2], portrait[1]) - np.arctan2(photo[2], photo[1]))
    return float((turn + 180) % 360 - 180), lightness


def to_lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB (D65) of 8-bit sRGB values, shape (n, 3)."""
    values = rgb / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
    white = np.array([0.95047, 1.0, 1.08883])
    ratio = linear @ matrix.T / white
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * root[:, 1] - 16, 500 * (root[:, 0] - root[:, 1]), 200 * (root[:, 1] - root[:, 2])], axis=1)


def _disc(pixels: np.ndarray, centre: np.ndarray, radius: float) -> np.ndarray:
    """CIELAB of the pixels of a disc; of its nearest pixels where it lies outside the picture."""
    steps = np.linspace(-radius, radius, min(MOST_SAMPLES, max(3, round(2 * radius) + 1)))
    x, y = (axis.ravel() for axis in np.meshgrid(steps, steps))
    inside = np.hypot(x, y) <= radius
    height, width = pixels.shape[:2]
    columns = np.clip(np.round(centre[0] + x[inside]), 0, width - 1).astype(int)
    rows = np.clip(np.round(centre[1] + y[inside]), 0, height - 1).astype(int)
    return to_lab(pixels[rows, columns].astype(float))
