"""The hill: its grass and the flagged path."""

from __future__ import annotations

import math
import random

import numpy as np
from mathutils import Vector, noise

from scenery.geometry import add_box, add_terrain
from scenery.materials import emission, make_material
from scenery.nodes import ShaderGraph, Value
from scenery.scatter import Template, scatter

from .cel import ink_colour, ink_stops, tones

MEADOW = ink_stops((0.40, "#3f8f3b"), (0.42, "#5bab43"), (0.52, "#5fb046"), (0.54, "#84c74f"), (0.64, "#8fd055"))
PATH_HALF_WIDTH = 0.82
BLADES = 42_000
BLADE: Template = (
    [(-0.05, 0, 0), (0.05, 0, 0), (0.035, 0.55, 0.02), (-0.035, 0.55, 0.02), (0.02, 1, 0.10)],
    [(0, 1, 2), (0, 2, 3), (3, 2, 4)],
)


def height(x: float, y: float) -> float:
    """How high the hill is: it falls away in front and to the sides."""
    uneven = 0.035 * noise.noise(Vector((x * 0.5, y * 0.5, 0)))
    return uneven - 0.0035 * max(0, y - 5) ** 2 - 0.002 * x * x


def build(dice: random.Random, rng: np.random.Generator) -> None:
    """Builds both."""
    add_terrain("hill", (120, 140), (40, 40), height, make_material("meadow", _meadow), (0, 10))
    _lay_path(dice)
    _sow_grass(rng)


def _meadow(graph: ShaderGraph) -> Value:
    """Patches of green, with pools of shadow under the trees."""
    place = graph.world_place()
    x, y, _ = graph.split(place)
    green = graph.ramp(graph.noise(place, 0.7, 5, 0.6) + graph.remap(y, 0, 18, -0.05, 0.08), MEADOW)
    beside = graph.remap(abs(x), 1.0, 3.0, -0.22, 0.12)
    shadow = graph.math("GREATER_THAN", graph.noise(place, 1.5, 3, 0.5) + beside, 0.55) * 0.55
    return emission(graph, graph.mix(shadow, green, ink_colour("#2d6f52")))


def _lay_path(dice: random.Random) -> None:
    material = make_material("flagstone", _flagstone)
    y, number = -1.0, 0
    while y < 15:
        width, depth = dice.uniform(1.35, 1.75), dice.uniform(0.5, 0.72)
        place = (0.08 * math.sin(number * 1.7), y, height(0, y) + 0.02)
        turn = (0, 0, dice.uniform(-0.05, 0.05))
        # Blender takes a stone's tint from its name.
        add_box("step", (width, depth, 0.14), place, material, rotation=turn, bevel=0.05)
        y += depth + 0.09
        number += 1


def _flagstone(graph: ShaderGraph) -> Value:
    stops = ((0, "#8d93ab"), (0.62, "#c9c7c9"), (0.80, "#efe9df"))
    stone = tones(graph, graph.geometry("Normal"), *stops, wobble=0.10, wobble_scale=6)
    return emission(graph, graph.mix(graph.object_random() * 0.4, stone, ink_colour("#b9b7c6")))


def _sow_grass(rng: np.random.Generator) -> None:
    x = rng.normal(size=BLADES) * 3.4
    aside = np.sign(x) * (PATH_HALF_WIDTH + np.abs(rng.normal(size=BLADES)) * 1.2)
    x = np.where(np.abs(x) < PATH_HALF_WIDTH, aside, x)
    y = -1.5 + 17 * rng.random(BLADES) ** 0.75
    z = [height(*place) for place in zip(x, y, strict=True)]
    ones = np.ones(BLADES)
    normals = np.stack([rng.normal(size=BLADES) * 0.3, -ones, 0.15 * ones], 1)
    tangents = np.stack([rng.normal(size=BLADES) * 0.33, rng.normal(size=BLADES) * 0.2, ones], 1)
    sizes = 0.10 + 0.16 * rng.random(BLADES)
    material = make_material("grass", _grass)
    scatter("grass", BLADE, np.stack([x, y, z], 1), normals, sizes, material, 3, tangents=tangents)


def _grass(graph: ShaderGraph) -> Value:
    """Darker at the root."""
    green = graph.mix(graph.attribute("rnd"), ink_colour("#4fa03f"), ink_colour("#9bd757"))
    return emission(graph, graph.mix(graph.remap(graph.attribute("tvy"), 0, 1, 0.75, 0), green, ink_colour("#3d8a3c")))
