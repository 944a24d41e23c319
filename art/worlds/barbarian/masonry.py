"""The hall: pillars, lintels, ruined walls, the broken arch at its end, rubble, and the snow on its floor."""

from __future__ import annotations

import math
import random

from mathutils import Vector, noise

from scenery.geometry import Point, add_terrain, copy_object
from scenery.stone import add_hewn_block

from .materials import Materials

PILLAR_X, PILLARS_Y = 2.65, (2.4, 6.0, 9.6)
PILLAR_WIDTH = 0.95
# From the front to the back, left and right: the last one on the right is broken off.
PILLAR_HEIGHTS = {-1: (6.2, 5.6, 5.9), 1: (6.0, 6.3, 4.1)}
ARCH_Y, ARCH_RADIUS, ARCH_SPRING = 12.2, 1.85, 2.9
VOUSSOIRS, FALLEN_VOUSSOIRS = 15, (9, 10)


class Mason:
    """Lays blocks: one of seven hewn ones, stretched to size and never quite straight."""

    def __init__(self, materials: Materials, dice: random.Random) -> None:
        self.dice = dice
        # Blender takes a block's tint from its name.
        self.blocks = [
            add_hewn_block(
                f"blk{seed}",
                (1, 1, 1),
                (0, 0, -80),
                materials.stone,
                bevel=0.05,
                divisions=16,
                roughness_m=0.045,
                grain=2.2,
                seed=seed,
            )
            for seed in range(7)
        ]

    def lay(self, location: Point, size: Point, rotation: Point = (0, 0, 0)) -> None:
        """Lays one block."""
        crooked = [angle + self.dice.uniform(-0.012, 0.012) for angle in rotation]
        copy_object(self.dice.choice(self.blocks), location, crooked, size)


def build(materials: Materials, dice: random.Random) -> None:
    """Builds all of it."""
    mason = Mason(materials, dice)
    for side, heights in PILLAR_HEIGHTS.items():
        for number, y in enumerate(PILLARS_Y):
            top = _build_pillar(mason, side * PILLAR_X, y, heights[number])
            if (side, number) != (1, 2):
                mason.lay((side * PILLAR_X, y, top + 0.18), (1.35, 1.35, 0.40))
    mason.lay((-PILLAR_X, 4.2, 6.75), (0.95, 3.9, 0.75))
    mason.lay((PILLAR_X, 4.2, 6.9), (0.95, 3.9, 0.75), (0.02, 0, 0))
    for side in (-1, 1):
        _build_wall(mason, side)
    _build_arch(mason)
    for i in range(5):
        mason.lay((0, ARCH_Y - 0.9 - i * 0.42, 0.52 - 0.13 * i), (4.6 + i * 0.5, 0.46, 0.26))
    _strew_rubble(mason)
    add_terrain("ground", (160, 200), (14, 26), _ground_height, materials.snow, (0, 4))


def _build_pillar(mason: Mason, x: float, y: float, height: float) -> float:
    """Courses of one block and of two in turn; returns how high it became."""
    mason.lay((x, y, 0.2), (PILLAR_WIDTH * 1.45, PILLAR_WIDTH * 1.45, 0.42))
    z, course = 0.4, 0
    while z < height:
        thick = mason.dice.uniform(0.42, 0.62)
        width = PILLAR_WIDTH * (1 - 0.06 * z / 5)
        if course % 2:
            mason.lay((x, y, z + thick / 2), (width, width, thick))
        else:
            joint = mason.dice.uniform(0.38, 0.62)
            left, right = width * joint, width * (1 - joint)
            mason.lay((x - width / 2 + left / 2, y, z + thick / 2), (left, width, thick))
            mason.lay((x + width / 2 - right / 2, y, z + thick / 2), (right, width * 1.02, thick))
        z += thick - 0.012
        course += 1
    return z


def _build_wall(mason: Mason, side: int) -> None:
    """A ruined wall beyond the pillars, of ragged height."""
    for column in range(9):
        top = 2.0 + 1.6 * noise.noise(Vector((column * 0.7, side * 3, 1)))
        z = 0.0
        while z < top:
            x = side * (4.1 + mason.dice.uniform(-0.05, 0.05))
            shift = 0.5 if int(z * 2) % 2 else 0
            mason.lay((x, 1.5 + column * 1.15 + shift, z + 0.25), (0.8, 1.12, 0.5))
            z += 0.49


def _build_arch(mason: Mason) -> None:
    for side in (-1, 1):
        z = 0.0
        while z < ARCH_SPRING:
            for beside, width, depth in ((0.42, 0.86, 1.0), (1.32, 0.95, 0.9), (2.25, 0.95, 0.9)):
                mason.lay((side * (ARCH_RADIUS + beside), ARCH_Y, z + 0.25), (width, depth, 0.5))
            z += 0.49
    radius = ARCH_RADIUS + 0.42
    for number in range(VOUSSOIRS):
        if number in FALLEN_VOUSSOIRS:
            continue
        angle = math.pi * (number + 0.5) / VOUSSOIRS
        place = (math.cos(angle) * radius, ARCH_Y, ARCH_SPRING + math.sin(angle) * radius)
        mason.lay(place, (0.92, 1.05, math.pi * radius / VOUSSOIRS * 1.02), (0, -angle, 0))
    for side in (-1, 1):
        _build_haunch(mason, side)


def _build_haunch(mason: Mason, side: int) -> None:
    """Ragged masonry over one side of the arch, lower on the right."""
    for row in range(5):
        for column in range(4):
            x = ARCH_RADIUS + 0.9 + column * 0.8 + (0.3 if row % 2 else 0)
            z = ARCH_SPRING + 0.25 + row * 0.5
            if math.hypot(x, z - ARCH_SPRING) <= ARCH_RADIUS + 1.15:
                continue
            ragged = 3.6 - 0.6 * abs(column - 1) + mason.dice.uniform(-0.6, 0.9) - (0.9 if side > 0 else 0)
            if row < ragged:
                mason.lay((side * x, ARCH_Y, z), (0.82, 0.9, 0.5))


def _strew_rubble(mason: Mason) -> None:
    dice = mason.dice
    for _ in range(70):
        side, size = dice.choice((-1, 1)), dice.uniform(0.12, 0.5)
        place = (side * dice.uniform(1.35, 3.4), dice.uniform(0.2, 11.5), size * 0.25)
        sizes = (size, size * dice.uniform(0.6, 1), size * dice.uniform(0.5, 0.9))
        mason.lay(place, sizes, (dice.uniform(-0.5, 0.5), dice.uniform(-0.5, 0.5), dice.uniform(0, 3)))


def _ground_height(x: float, y: float) -> float:
    """Trodden in the middle, drifted up at the sides, falling away behind the arch."""
    uneven = 0.10 * noise.fractal(Vector((x * 0.6, y * 0.6, 4)), 0.9, 2.1, 6)
    drift = 0.22 * max(0, abs(x) - 1.6) ** 0.8 * 0.5
    return -0.02 + uneven + drift - max(0, y - 14) * 0.25
