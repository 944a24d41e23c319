"""The picture's frame: a camera at eye height with a shifted lens, so that upright lines stay upright."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import bpy
from scenery import scene
from scenery.geometry import add_to_scene

from .mannequin import EYE_HEIGHT, Mannequin

CAMERA_DISTANCE_M = 3.4
SENSOR_MM = 36
# How far the shoulders' outside is from the joints.
SHOULDER_M = 0.04


@dataclass(frozen=True)
class Format:
    """What the frame shows: metres across at the neck, metres high, and metres above the crown."""

    width_m: float = 0.88
    height_m: float = 0.98
    headroom_m: float = 0.14


class Frame:
    """The camera's view of a mannequin, and where points of the world are in the picture."""

    def __init__(self, mannequin: Mannequin, form: Format, width: int, height: int) -> None:
        self.mannequin, self.form, self.width, self.height = mannequin, form, width, height
        self.centre_z = mannequin.crown + form.headroom_m - form.height_m / 2
        self.pixels_per_metre = width / form.width_m

    def to_pixels(self, point: Sequence[float]) -> list[float]:
        """x and y in the picture."""
        scale = self.pixels_per_metre * CAMERA_DISTANCE_M / (CAMERA_DISTANCE_M + point[1])
        shift = (self.centre_z - EYE_HEIGHT) * self.pixels_per_metre
        x, y = self.width / 2 + point[0] * scale, self.height / 2 - ((point[2] - EYE_HEIGHT) * scale - shift)
        return [round(float(x), 1), round(float(y), 1)]

    def anchors(self) -> dict[str, object]:
        """The mannequin's points that a guest's head is placed by; left and right are the picture's."""
        body = self.mannequin
        neck_z, neck_x = body.chin - 0.055, body.neck_half_width()
        left, right = body.joint("r-shoulder"), body.joint("l-shoulder")
        return {
            "pixels_per_metre": round(self.pixels_per_metre, 1),
            "chin": self.to_pixels((0, -0.08, body.chin)),
            "crown": self.to_pixels((0, 0, body.crown)),
            "eyes": self.to_pixels((0, -0.08, EYE_HEIGHT)),
            "neck_left": self.to_pixels((-neck_x, 0, neck_z)),
            "neck_right": self.to_pixels((neck_x, 0, neck_z)),
            "shoulder_left": self.to_pixels(left - (SHOULDER_M, 0, 0)),
            "shoulder_right": self.to_pixels(right + (SHOULDER_M, 0, 0)),
        }


def open_frame(
    mannequin: Mannequin, look: scene.Look, form: Format, width: int, samples: int | None, *, drawn: bool = False
) -> Frame:
    """Sets the scene's film, curves and camera up; `drawn` is for flat colours, which need no denoiser."""
    height = int(width * form.height_m / form.width_m)
    frame = Frame(mannequin, form, width, height)
    current = bpy.context.scene
    current.render.resolution_x, current.render.resolution_y = width, height
    current.render.film_transparent = True
    current.render.image_settings.color_mode, current.render.image_settings.color_depth = "RGBA", "16"
    current.cycles.samples = samples or look.samples
    current.cycles_curves.shape = "RIBBONS"
    if drawn:
        current.cycles.use_denoising = current.cycles.use_adaptive_sampling = False
        current.cycles.filter_width = 1.3
    data = bpy.data.cameras.new("camera")
    camera = add_to_scene(bpy.data.objects.new("camera", data))
    current.camera = camera
    camera.location, camera.rotation_euler = (0, -CAMERA_DISTANCE_M, EYE_HEIGHT), (math.pi / 2, 0, 0)
    data.sensor_fit, data.sensor_width = "HORIZONTAL", SENSOR_MM
    data.lens = SENSOR_MM * CAMERA_DISTANCE_M / form.width_m
    data.shift_y = (frame.centre_z - EYE_HEIGHT) / form.width_m
    return frame
