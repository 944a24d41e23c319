"""Pictures as arrays from 0 to 1, and what light can be changed by: masks by colour and place, mixes and glows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

SIZE = (1800, 2400)
JPEG_QUALITY = 90
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)

Array = np.ndarray


def open_backdrop(path: Path) -> Array:
    """Reads a picture."""
    return np.asarray(Image.open(path).convert("RGB"), np.float32) / 255


def write(image: Array, path: Path) -> None:
    """Writes a JPEG."""
    Image.fromarray(_bytes(image)).save(path, quality=JPEG_QUALITY, subsampling=0, optimize=True)


def _bytes(image: Array) -> Array:
    return (np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)


def frame(image: Array, left: float, top: float, right: float, bottom: float, *, mirror: bool) -> Array:
    """Cuts a part out (shares of width and height) and enlarges it to the full size."""
    height, width = image.shape[:2]
    part = Image.fromarray(_bytes(image)).crop(
        (int(left * width), int(top * height), int(right * width), int(bottom * height))
    )
    if mirror:
        part = part.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return np.asarray(part.resize(SIZE, Image.Resampling.LANCZOS), np.float32) / 255


def blur(values: Array, radius: float) -> Array:
    """A Gaussian blur of a picture or a mask."""
    return np.asarray(Image.fromarray(_bytes(values)).filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255


def remove_small(image: Array, size: int) -> Array:
    """Without anything narrower than about half the size, in pixels: a median at a quarter of the resolution."""
    small = Image.fromarray(_bytes(image)).resize((SIZE[0] // 4, SIZE[1] // 4), Image.Resampling.BOX)
    calm = small.filter(ImageFilter.MedianFilter(size // 4 | 1))
    return np.asarray(calm.resize(SIZE, Image.Resampling.BICUBIC), np.float32) / 255


def luma(image: Array) -> Array:
    """Brightness."""
    return image @ LUMA


def smooth(low: float, high: float, value: Array) -> Array:
    """0 at `low`, 1 at `high` (which may be below it), soft between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def heights() -> Array:
    """0 at the upper edge, 1 at the lower, as a column."""
    return np.linspace(0, 1, SIZE[1], dtype=np.float32)[:, None]


def distance_from(x: float, y: float, stretch: float = 1.0) -> Array:
    """Distance from a place (shares of width and height), in picture widths; a stretch above 1 widens it."""
    across = np.linspace(0, 1, SIZE[0], dtype=np.float32)[None, :] - x
    return np.hypot(across / stretch, (heights() - y) * SIZE[1] / SIZE[0])


def mix(image: Array, other: Array | Sequence[float], mask: Array | float) -> Array:
    """The other picture or colour where the mask is 1."""
    mask = np.asarray(mask, np.float32)
    return image + (np.asarray(other, np.float32) - image) * (mask[..., None] if mask.ndim else mask)


def screen(image: Array, colour: Sequence[float], mask: Array) -> Array:
    """Adds light without burning out."""
    return 1 - (1 - np.clip(image, 0, 1)) * (1 - np.asarray(colour, np.float32) * mask[..., None])


def gradient(value: Array, stops: Sequence[tuple[float, Sequence[float]]]) -> Array:
    """Colours by a value."""
    places, colours = [place for place, _ in stops], np.array([colour for _, colour in stops], np.float32)
    return np.stack([np.interp(value, places, colours[:, channel]) for channel in range(3)], -1).astype(np.float32)


def saturate(image: Array, factor: float) -> Array:
    """More or less colour."""
    grey = luma(image)[..., None]
    return np.clip(grey + (image - grey) * factor, 0, 1)


def curve(image: Array, contrast: float) -> Array:
    """An S-curve."""
    image = np.clip(image, 0, 1)
    return image * (1 - contrast) + image**2 * (3 - 2 * image) * contrast
