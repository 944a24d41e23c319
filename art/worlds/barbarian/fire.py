"""Braziers, their flames, and the embers that rise from them."""

from __future__ import annotations

import math
import random

from scenery.geometry import (
    CARD_UV,
    add_lathe,
    add_mesh,
    add_tubes,
    copy_object,
    make_ball,
)
from scenery.light import add_point
from scenery.materials import Shading, emission, glow, make_material
from scenery.nodes import ShaderGraph, Value

from .materials import Materials

# x, y, height of the rim, size.
BRAZIERS = [(-1.72, 1.5, 1.30, 1.0), (1.75, 1.7, 1.30, 1.0), (-1.75, 7.6, 1.2, 0.9), (1.75, 7.8, 1.2, 0.9)]
# Radius, and height from the rim.
BOWL = [(0.05, -0.30), (0.22, -0.26), (0.37, -0.12), (0.43, 0.02), (0.46, 0.03)]
BOWL += [(0.46, 0.07), (0.40, 0.06), (0.34, -0.04), (0.1, -0.12)]
FIRELIGHT = (1.0, 0.36, 0.09)
FLAME_WIDTHS = [(0, 0.34), (0.14, 0.62), (0.4, 0.42), (0.75, 0.17), (1, 0.0)]
FLAME_COLOURS = [
    (0, (0.5, 0.03, 0.0)),
    (0.25, (1.0, 0.14, 0.01)),
    (0.55, (1.0, 0.27, 0.02)),
    (0.85, (1.0, 0.52, 0.11)),
    (1, (1.0, 0.70, 0.27)),
]


def build(materials: Materials, dice: random.Random) -> None:
    """Lights all of them."""
    flames = [make_material(f"flame{number}", _flame(number * 2.7 + 1)) for number in range(4)]
    for number, (x, y, height, size) in enumerate(BRAZIERS):
        _build_brazier(materials, x, y, height, size, dice)
        for flame in range(5):
            _light_flame(flames[(flame + number) % 4], (x, y, height), size, flame % 2 == 1, dice)
        add_point((x, y - 0.1, height + 0.5 * size), 200 * size, FIRELIGHT, 0.22 * size)
    _let_embers_rise(dice)


def _build_brazier(materials: Materials, x: float, y: float, height: float, size: float, dice: random.Random) -> None:
    bowl = [(radius * size, height + rise * size) for radius, rise in BOWL]
    add_lathe("bowl", bowl, 48, materials.iron, location=(x, y, 0))
    for leg in range(3):
        angle = 2 * math.pi * leg / 3 + 0.5
        dx, dy = size * math.cos(angle), size * math.sin(angle)
        path = [(x + out * dx, y + out * dy, z) for out, z in ((0.40, height), (0.22, height * 0.5), (0.42, 0))]
        add_tubes("leg", [path], [[0.03, 0.028, 0.032]], materials.iron, 4)
    for _ in range(9):
        angle, length = dice.uniform(0, 6.3), dice.uniform(0.3, 0.5) * size * 0.6
        dx, dy = math.cos(angle) * length, math.sin(angle) * length
        ends = [(x - dx, y - dy, height + 0.02), (x + dx, y + dy, height + dice.uniform(0.06, 0.2))]
        add_tubes("log", [ends], [[0.045 * size, 0.04 * size]], materials.wood, 4)


def _light_flame(
    material: object, rim: tuple[float, float, float], size: float, mirrored: bool, dice: random.Random
) -> None:
    """One upright card with a flame, turned towards the camera."""
    width, height = size * dice.uniform(0.75, 1.05), size * dice.uniform(0.95, 1.45)
    dx = dice.uniform(-0.12, 0.12) * size
    place = (rim[0] + dx, rim[1] + dice.uniform(-0.15, 0.15) * size, rim[2] - 0.04)
    corners = [(-width / 2, 0, 0), (width / 2, 0, 0), (width / 2, 0, height), (-width / 2, 0, height)]
    turn = (0, 0, -math.atan2(rim[0], rim[1] + 4.9))
    card = add_mesh(
        "flame", corners, [(0, 1, 2, 3)], material, smooth=False, location=place, rotation=turn, uvs=CARD_UV
    )
    if mirrored:
        card.scale.x = -1
    card.visible_diffuse = card.visible_shadow = False


def _flame(seed: float) -> Shading:
    """A tongue of fire: a soft body that sways with height, eaten away by turbulence."""

    def shade(graph: ShaderGraph) -> Value:
        u, v, _ = graph.split(graph.uv())
        x = (u - 0.5) * 2.0
        sway = graph.noise(graph.join(x * 0.8, v * 1.5, seed), 1.5, 3, 0.5)
        x = x + (sway - 0.5) * 2.4 * v**0.9
        body = 1.0 - abs(x) / (graph.ramp(v, FLAME_WIDTHS, "EASE") + 0.001)
        turbulence = graph.noise(graph.join(x * 3.4, v * 2.6 - 1.0, seed + 4), 1.3, 5, 0.6, 0.5)
        heat = graph.remap(body - turbulence * (0.25 + v) * 1.05, 0.0, 0.55)
        return glow(graph, graph.ramp(heat, FLAME_COLOURS), heat**1.35 * 2.1)

    return shade


def _let_embers_rise(dice: random.Random) -> None:
    material = make_material("ember", lambda graph: emission(graph, (1.0, 0.33, 0.05), 9.0))
    ember = add_mesh("ember", *make_ball(2), material, location=(0, 0, -90))
    for _ in range(120):
        side, risen = dice.choice((-1, 1)), dice.random() ** 0.8
        x = side * 1.75 + dice.gauss(0, 0.12 + 0.5 * risen) - side * 0.4 * risen
        place = (x, 1.6 + dice.gauss(0, 0.3), 1.6 + 3.6 * risen)
        tilt, size = dice.uniform(-0.5, 0.5), dice.uniform(0.004, 0.010)
        # Drawn out upwards, as a moving spark looks.
        spark = copy_object(ember, place, (0, tilt, 0), (size, size, size * dice.uniform(1, 3)))
        spark.visible_diffuse = False
