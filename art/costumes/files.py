"""Writes a rendered costume or prop as a folder: trimmed layers and one JSON file that says where everything is.

Layers are float32 arrays from 0 to 1 of the full frame, with straight (not premultiplied) alpha.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

ANCHORS = (
    "chin",
    "crown",
    "eyes",
    "neck_left",
    "neck_right",
    "shoulder_left",
    "shoulder_right",
    "collar_front",
    "collar_neck_left",
    "collar_neck_right",
)
WEBP_QUALITY = 92
# Below this an 8-bit alpha is 0 or 1, which nobody sees.
VISIBLE = 1.5 / 255
# Soft shadows reach far; less than this many 255ths of black is not worth its pixels.
VISIBLE_SHADOW = 2.5 / 255


def find_box(coverage: np.ndarray, threshold: float = VISIBLE) -> tuple[int, int, int, int]:
    """Returns left, top, right and bottom of what is visible; right and bottom are exclusive."""
    rows = np.flatnonzero((coverage > threshold).any(axis=1))
    columns = np.flatnonzero((coverage > threshold).any(axis=0))
    if not len(rows):
        raise ValueError("the layer is empty")
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def halve(image: np.ndarray) -> np.ndarray:
    """Averages squares of 2 x 2 pixels; an odd last row or column counts twice."""
    height, width = image.shape[:2]
    padded = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return (padded[0::2, 0::2] + padded[1::2, 0::2] + padded[0::2, 1::2] + padded[1::2, 1::2]) / 4


def fill_outwards(premultiplied: np.ndarray) -> np.ndarray:
    """Returns straight colours everywhere, those of transparent pixels from their nearest surroundings (a pyramid)."""
    alpha = premultiplied[..., 3:]
    known = np.clip(alpha * 64, 0, 1)
    colour = premultiplied[..., :3] / np.maximum(alpha, 1e-6)
    height, width = alpha.shape[:2]
    if min(height, width) > 1:
        coarse = fill_outwards(halve(premultiplied))
        enlarged = coarse.repeat(2, axis=0).repeat(2, axis=1)[:height, :width]
        return colour * known + enlarged * (1 - known)
    return colour


def to_bytes(image: np.ndarray) -> np.ndarray:
    """Returns 8-bit values, rounded."""
    return (np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)


def write_colour(directory: Path, name: str, layer: np.ndarray) -> dict[str, object]:
    """Writes a trimmed WebP layer. Colours go on under transparent pixels, or lossy edges would be dark."""
    left, top, right, bottom = find_box(layer[..., 3])
    part = layer[top:bottom, left:right]
    colour = fill_outwards(np.concatenate([part[..., :3] * part[..., 3:], part[..., 3:]], axis=2))
    image = Image.fromarray(to_bytes(np.concatenate([colour, part[..., 3:]], axis=2)), "RGBA")
    image.save(directory / f"{name}.webp", quality=WEBP_QUALITY, alpha_quality=100, method=6, exact=True)
    return {"file": f"{name}.webp", "offset": [left, top]}


def write_mask(directory: Path, name: str, mask: np.ndarray, threshold: float = VISIBLE) -> dict[str, object]:
    """Writes a trimmed greyscale PNG: a shadow's darkness or an opening's coverage."""
    left, top, right, bottom = find_box(mask, threshold)
    image = Image.fromarray(to_bytes(mask[top:bottom, left:right]), "L")
    image.save(directory / f"{name}.png", optimize=True)
    return {"file": f"{name}.png", "offset": [left, top]}


def write_folder(
    directory: Path,
    kind: str,
    anchors: dict[str, object],
    layers: dict[str, np.ndarray],
) -> None:
    """Writes `costume.json` or `prop.json` (the kind) and its layers; shadow and opening are masks."""
    directory.mkdir(parents=True, exist_ok=True)
    height, width = layers["front"].shape[:2]
    data: dict[str, object] = {"size": [width, height], "pixels_per_metre": anchors["pixels_per_metre"]}
    data.update({name: anchors[name] for name in ANCHORS if name in anchors})
    data["layers"] = {
        "back": write_colour(directory, "back", layers["back"]),
        "front": write_colour(directory, "front", layers["front"]),
        "shadow": write_mask(directory, "shadow", layers["shadow"], VISIBLE_SHADOW),
    }
    if "opening" in layers:
        data["opening"] = write_mask(directory, "opening", layers["opening"])
    (directory / f"{kind}.json").write_text(format_json(data), encoding="utf-8")


def format_json(data: dict[str, object]) -> str:
    """Returns one line a key, with points and layers kept on their line."""
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in data.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"
