"""Renders a dressed mannequin as layers: behind the guest's head, in front of it, and the shadow on it.

One full render; then the neck's box again with a hold-out plane through the neck, which leaves the front. What the full
render has more is the back. The shadow is how much darker a white head gets by the costume.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from PIL import Image, ImageFilter
from scenery import scene
from scenery.geometry import add_mesh
from scenery.materials import make_material, surface

from .files import halve
from .frame import Frame

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
SHADOW_LUMA = np.array([0.3, 0.5, 0.2], np.float32)
SHADOW_STRENGTH = 0.85


@dataclass(frozen=True)
class Cut:
    """Where front and back part: the plane's y, and the neck's box (left, right, bottom, top) in metres."""

    y: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Grade:
    """Contrast (an S-curve) and saturation after rendering."""

    contrast: float = 0.0
    saturation: float = 1.0

    def apply(self, image: np.ndarray) -> np.ndarray:
        """Returns a graded copy; alpha stays."""
        colour = np.clip(image[..., :3], 0, 1)
        colour = colour * (1 - self.contrast) + colour**2 * (3 - 2 * colour) * self.contrast
        luma = (colour @ LUMA)[..., None]
        colour = np.clip(luma + (colour - luma) * self.saturation, 0, 1)
        return np.concatenate([colour, image[..., 3:]], 2)


def render_picture(grade: Grade | None = None) -> np.ndarray:
    """Renders what the scene is set up for and returns it as an array, rows from the top."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.png"
        scene.render(path)
        picture = bpy.data.images.load(str(path))
        picture.colorspace_settings.name = "Non-Color"
        width, height = picture.size
        pixels = np.empty(width * height * 4, np.float32)
        picture.pixels.foreach_get(pixels)
        bpy.data.images.remove(picture)
    image = pixels.reshape(height, width, 4)[::-1].copy()
    return grade.apply(image) if grade else image


def render_layers(frame: Frame, head: bpy.types.Object, cut: Cut, grade: Grade) -> dict[str, np.ndarray]:
    """Renders front, back and shadow in the full frame's size."""
    full = render_picture(grade)
    left, top, right, bottom = _set_border(frame, cut)
    hold_out = _add_hold_out(cut)
    front_part = render_picture(grade)
    bpy.data.objects.remove(hold_out)
    rows, columns = slice(top, top + front_part.shape[0]), slice(left, left + front_part.shape[1])
    front, back = full.copy(), np.zeros_like(full)
    front[rows, columns], back[rows, columns] = _split(full[rows, columns], front_part)
    shadow = np.zeros(full.shape[:2], np.float32)
    shadow[rows, columns] = _render_shadow(head, frame.width, front_part.shape[:2])
    print(f"recombination error: {_recombination_error(full, front, back):.5f}")
    return {"back": back, "front": front, "shadow": shadow}


def _set_border(frame: Frame, cut: Cut) -> tuple[int, int, int, int]:
    left, right, bottom, top = cut.box
    x0, y0 = frame.to_pixels((left, 0, top))
    x1, y1 = frame.to_pixels((right, 0, bottom))
    box = int(max(0, x0)), int(max(0, y0)), int(min(frame.width, x1)), int(min(frame.height, y1))
    render = bpy.context.scene.render
    render.use_border = render.use_crop_to_border = True
    render.border_min_x, render.border_max_x = box[0] / frame.width, box[2] / frame.width
    render.border_min_y, render.border_max_y = 1 - box[3] / frame.height, 1 - box[1] / frame.height
    return box


def _add_hold_out(cut: Cut) -> bpy.types.Object:
    """A plane that only the camera meets: it cuts what is behind it out of the picture."""
    left, right, bottom, top = cut.box
    low, high = bottom - 0.1, top + 0.3
    corners = [(left, cut.y, low), (right, cut.y, low), (right, cut.y, high), (left, cut.y, high)]
    plane = add_mesh("hold-out", corners, [(0, 1, 2, 3)], make_material("hold-out", surface), smooth=False)
    plane.is_holdout = True
    plane.visible_shadow = plane.visible_diffuse = plane.visible_glossy = plane.visible_transmission = False
    return plane


def _split(full: np.ndarray, front: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Front, and back such that front over back gives the full picture again: (full - front) / (1 - front alpha)."""
    full_alpha, front_alpha = full[..., 3:], front[..., 3:]
    missing = full_alpha - front_alpha
    alpha = np.where(missing < 0.02, full_alpha, np.minimum(front_alpha, full_alpha))
    front_light = np.where(missing <= 0, full[..., :3] * full_alpha, front[..., :3] * alpha)
    seen_through = np.maximum(1 - alpha, 1e-4)
    back_alpha = np.clip((full_alpha - alpha) / seen_through, 0, 1)
    back_light = np.clip((full[..., :3] * full_alpha - front_light) / seen_through, 0, 1)
    return _straight(front_light, alpha), _straight(back_light, back_alpha)


def _straight(light: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    colour = np.where(alpha > 1e-3, np.minimum(light / np.maximum(alpha, 1e-3), 1), 0)
    return np.concatenate([colour, alpha], 2)


def _recombination_error(full: np.ndarray, front: np.ndarray, back: np.ndarray) -> float:
    """Mean difference between the full picture and front over back."""
    over = front[..., :3] * front[..., 3:] + back[..., :3] * back[..., 3:] * (1 - front[..., 3:])
    return float(np.abs(over - full[..., :3] * full[..., 3:]).mean())


def _render_shadow(head: bpy.types.Object, width: int, size: tuple[int, int]) -> np.ndarray:
    """Renders a white head with and without the costume and returns the darkening, carried on beyond its outline."""
    current = bpy.context.scene
    kinds = ("MESH", "CURVE", "CURVES")
    costume = [
        thing for thing in current.objects if thing.type in kinds and thing is not head and not thing.hide_render
    ]
    white = make_material("white", lambda graph: graph.value(graph.node("BsdfDiffuse", {"Color": (0.8, 0.8, 0.8)})))
    head.data.materials[0], head.visible_camera = white, True
    current.view_settings.view_transform, current.view_settings.look = "Raw", "None"
    current.cycles.samples = min(48, max(16, current.cycles.samples))
    current.render.resolution_percentage = 50
    for thing in costume:
        thing.visible_camera = False
    dressed = render_picture()
    for thing in costume:
        thing.hide_render = True
    bare = render_picture()
    seen = (bare[..., 3] > 0.5).astype(np.float32)
    ratio = np.clip((dressed[..., :3] @ SHADOW_LUMA) / np.maximum(bare[..., :3] @ SHADOW_LUMA, 1e-3), 0, 1)
    darkness = _fill_surroundings((1 - np.sqrt(ratio)) * seen, seen)
    reach = _blur(seen, width / 36)
    darkness = Image.fromarray(_bytes(darkness * np.clip(reach * 2.6, 0, 1))).resize(
        size[::-1], Image.Resampling.BICUBIC
    )
    return np.asarray(darkness.filter(ImageFilter.GaussianBlur(width / 260)), np.float32) / 255 * SHADOW_STRENGTH


def _fill_surroundings(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Values (zero where unknown) carried into their surroundings, by a pyramid."""
    height, width = values.shape
    if min(height, width) < 3:
        return np.full_like(values, values.sum() / max(float(known.sum()), 1e-6))
    pair = halve(np.stack([values, known], 2)) * 4
    coarse = Image.fromarray(_fill_surroundings(pair[..., 0], pair[..., 1]).astype(np.float32))
    size = (pair.shape[1] * 2, pair.shape[0] * 2)
    surroundings = np.asarray(coarse.resize(size, Image.Resampling.BILINEAR))[:height, :width]
    share = np.clip(known, 0, 1)
    return np.where(known > 0, values / np.maximum(known, 1e-6), 0) * share + surroundings * (1 - share)


def _bytes(values: np.ndarray) -> np.ndarray:
    return (np.clip(values, 0, 1) * 255).astype(np.uint8)


def _blur(values: np.ndarray, radius: float) -> np.ndarray:
    """A Gaussian blur of numbers from 0 to 1."""
    image = Image.fromarray(_bytes(values)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(image, np.float32) / 255


def measure_collar(frame: Frame, front: np.ndarray) -> dict[str, list[int]]:
    """Where the front layer begins below the eyes: in the middle, and at both sides of the neck."""
    eye_row = int(frame.anchors()["eyes"][1])
    beside = 0.065 * frame.pixels_per_metre

    def top(x: float) -> list[int]:
        return [int(x), int(eye_row + np.argmax(front[eye_row:, int(x), 3] > 0.5))]

    middle = frame.width / 2
    return {
        "collar_front": top(middle),
        "collar_neck_left": top(middle - beside),
        "collar_neck_right": top(middle + beside),
    }
