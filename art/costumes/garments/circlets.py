"""What is worn round the head: a smooth ring over brow and temples."""

from __future__ import annotations

import math

import numpy as np
from mathutils import Vector

from ..frame import Format
from ..grids import Grid
from ..layers import Cut
from ..mannequin import EYE_HEIGHT, Mannequin

# Metres above the eyes, where a ring lies on the brow.
BROW = 0.052
CENTRE_Y = -0.03
FORM = Format(width_m=0.34, height_m=0.34, headroom_m=0.06)
CUT = Cut(CENTRE_Y, (-0.165, 0.165, 1.46, 1.77))


def body() -> Mannequin:
    """The head between male and female that the props are fitted to."""
    return Mannequin(0.7, arm_degrees=14, forward_degrees=4)


def ring_point(body: Mannequin, angle: float, gap: float, rise: float = 0.0, dip: float = 0.0) -> tuple[Vector, Vector]:
    """A point round the head (0 is the front) and the way outwards; a dip lowers the middle of the forehead."""
    way = Vector((math.sin(angle), -math.cos(angle), 0))
    z = EYE_HEIGHT + BROW + 0.006 * (1 - math.cos(angle)) + rise - dip * math.exp(-((angle / 0.30) ** 2))
    centre = Vector((0, CENTRE_Y, z))
    hit = body.whole.ray_cast(centre + way * 0.4, -way, 0.4)[0]
    radius = max((hit - centre).length if hit is not None else 0.09, 0.066)
    return centre + way * (radius + gap), way


def ring(body: Mannequin, gap: float, rise: float = 0.0, dip: float = 0.0, count: int = 240) -> Grid:
    """A closed line round the head, smoothed over ears and brows."""
    angles = np.linspace(-math.pi, math.pi, count, endpoint=False)
    line = np.array([tuple(ring_point(body, angle, gap, rise, dip)[0]) for angle in angles])
    for _ in range(14):
        line = 0.5 * line + 0.25 * (np.roll(line, 1, 0) + np.roll(line, -1, 0))
    return line


def closed(line: Grid) -> Grid:
    """The line with its first point again at the end."""
    return np.concatenate([line, line[:1]])
