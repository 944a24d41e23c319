#!/usr/bin/env python3
"""Grades a rendered picture: `python art/grade.py greek.png greek-graded.png --contrast 0.4 --saturation 1.2`.

Tone curves that keep bright lights in range leave a picture milky; this gives it back its blacks and its colour.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
JPEG_QUALITY = 92


@dataclass(frozen=True)
class Grade:
    """What is done, in this order: black point and gain, an S-curve (0 none, 1 full), saturation, dark corners."""

    contrast: float = 0.25
    saturation: float = 1.2
    black: float = 0.0
    vignette: float = 0.15
    gain: float = 1.0


def grade(picture: np.ndarray, settings: Grade) -> np.ndarray:
    """Grades a picture of [height, width, 3] from 0 to 1."""
    picture = np.clip((picture - settings.black) / (1 - settings.black) * settings.gain, 0, 1)
    curved = picture * picture * (3 - 2 * picture)
    picture = picture * (1 - settings.contrast) + curved * settings.contrast
    luma = (picture @ LUMA)[..., None]
    picture = luma + (picture - luma) * settings.saturation
    return np.clip(picture * _corners(picture.shape[:2], settings.vignette), 0, 1)


def _corners(size: tuple[int, int], strength: float) -> np.ndarray:
    height, width = size
    y, x = np.mgrid[0:height, 0:width]
    distance = np.hypot((x / width - 0.5) * 1.1, y / height - 0.5)
    return (1 - strength * np.clip(distance * 1.6 - 0.35, 0, 1) ** 2)[..., None]


def main() -> None:
    """Grades one file into another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path, help="PNG or JPEG by its name")
    for name, value in vars(Grade()).items():
        parser.add_argument(f"--{name}", type=float, default=value)
    arguments = vars(parser.parse_args())
    source, target = arguments.pop("source"), arguments.pop("target")
    with Image.open(source) as image:
        picture = np.asarray(image.convert("RGB"), np.float32) / 255
    graded = grade(picture, Grade(**arguments))
    options = {"quality": JPEG_QUALITY, "subsampling": 0} if target.suffix in (".jpg", ".jpeg") else {}
    Image.fromarray((graded * 255 + 0.5).astype(np.uint8)).save(target, **options)


if __name__ == "__main__":
    main()
