"""Two stone lanterns beside the path."""

from __future__ import annotations

import bpy

from scenery.geometry import add_box, add_lathe

from .cel import Materials
from .hill import height

LANTERN_X, LANTERN_Y = 1.72, 6.2
# Radius, and height above the ground.
LANTERN = [(0.36, -0.1), (0.36, 0.12), (0.17, 0.20), (0.14, 0.85), (0.30, 0.95), (0.32, 1.05), (0.20, 1.06)]
LANTERN += [(0.20, 1.36), (0.46, 1.37), (0.42, 1.45), (0.10, 1.66), (0.09, 1.72), (0.12, 1.80), (0.02, 1.92)]


def build(materials: Materials) -> list[bpy.types.Object]:
    """Builds them and returns what is to be outlined."""
    lanterns = []
    for side in (-1, 1):
        x, ground = side * LANTERN_X, height(side * 1.7, LANTERN_Y)
        profile = [(radius, ground + up) for radius, up in LANTERN]
        lanterns.append(add_lathe("lantern", profile, 6, materials.stone, location=(x, LANTERN_Y, 0), sharp_degrees=20))
        add_box("window", (0.26, 0.1, 0.2), (x, LANTERN_Y - 0.14, ground + 1.21), materials.lamplight)
    return lanterns
