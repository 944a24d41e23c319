"""The cave: a shell with a ridged surface, stalactites, the banks of the stream, pebbles."""

from __future__ import annotations

import math
import random

import numpy as np
from mathutils import Vector, noise

from scenery.geometry import add_flat, add_lathe, add_mesh, add_terrain, grid_faces
from scenery.stone import add_pebble

from .materials import Materials

SHELL_POINTS = (220, 110)
CENTRE_Z = 0.9
WATER_LEVEL = -0.18


def build(materials: Materials, dice: random.Random) -> None:
    """Builds shell, stalactites, banks and water."""
    columns, rows = SHELL_POINTS
    vertices = [
        _shell_point(-7 + j / (rows - 1) * 10.4, math.radians(-28 + 236 * i / (columns - 1)))
        for j in range(rows)
        for i in range(columns)
    ]
    add_mesh("cave", vertices, grid_faces(columns, rows), materials.rock)
    for number in range(46):
        _hang_stalactite(materials, number, dice)
    add_terrain("bank", (150, 170), (12, 22), _bank_height, materials.rock, (0, 3))
    add_flat("water", 40, (-8, WATER_LEVEL), (160, WATER_LEVEL), materials.water)


def strew_pebbles(materials: Materials, dice: random.Random) -> None:
    """Strews pebbles along the stream."""
    for seed in range(60):
        side, radius = dice.choice((-1, 1)), dice.uniform(0.05, 0.22)
        place = (side * dice.uniform(0.7, 2.4), dice.uniform(0, 8.5), dice.uniform(-0.15, 0.05))
        add_pebble(radius, seed, (1.2, 1, 0.7), materials.rock, place)


def _shell_point(y: float, angle: float) -> tuple[float, float, float]:
    """A point of the shell at a depth and at an angle round the axis."""
    opening = 3.75 + 0.30 * math.sin(y * 0.9 + 1.0) - 0.22 * math.exp(-(((y - 3.0) / 0.8) ** 2))
    x, z = math.cos(angle) * opening, math.sin(angle) * opening * 1.50 + CENTRE_Z
    place = Vector((x * 0.42, y * 0.42, z * 0.42))
    depth = noise.ridged_multi_fractal(place + Vector((3, 1, 9)), 0.85, 2.1, 7, 1.0, 2.0) * 0.55
    depth += noise.fractal(place * 2.5, 0.9, 2.0, 5) * 0.35
    hanging = max(0, noise.noise(Vector((x * 1.1, y * 1.1, 5))))
    depth += 0.5 * hanging * max(0, math.sin(angle)) ** 3
    distance = 1.20 - depth * 0.27
    return x * distance, y, (z - CENTRE_Z) * distance + CENTRE_Z


def _hang_stalactite(materials: Materials, number: int, dice: random.Random) -> None:
    y, angle = dice.uniform(-0.5, 3.3), math.radians(dice.uniform(30, 150))
    x, z = math.cos(angle) * 3.45 * 0.98, math.sin(angle) * 3.45 * 1.46 + CENTRE_Z
    length = dice.uniform(0.3, 1.3) * (0.5 + abs(math.cos(angle)))
    width = length * dice.uniform(0.10, 0.17)
    profile = [
        (width * (1 - t) ** 0.8 * (1 + 0.18 * math.sin(t * 19 + number)) + 0.004, -length * t)
        for t in np.linspace(1, 0, 14)
    ]
    add_lathe("stalactite", profile, 18, materials.rock, location=(x, y, z + 0.25), sharp_degrees=180)


def _bank_height(x: float, y: float) -> float:
    """Two banks with a winding stream between them."""
    bed = math.exp(-(((x - 0.5 * math.sin(y * 0.55)) / 1.5) ** 2))
    return -0.55 + 0.50 * (1 - bed) * 1.25 + 0.30 * noise.fractal(Vector((x * 0.8, y * 0.8, 2)), 0.9, 2.1, 6)
