"""What lies far off: the snow-capped mountain, the lake, and headlands covered with trees."""

from __future__ import annotations

import math
import random

from scenery.geometry import add_flat, add_terrain
from scenery.materials import Shading, emission, make_material
from scenery.nodes import ShaderGraph, Value

from .cel import HAZE, fade, ink_colour, ink_stops, soft_normal, tones
from .puffs import Fluff, pile_up

PEAK_X, PEAK_Y = 90, 3000
SNOW_LINE = 395
LAKE_LEVEL = -26
LAKE_COLOURS = ink_stops((0, "#1f7fc4"), (0.12, "#3aa0dc"), (0.4, "#7cc6ee"), (1, "#c8eaf8"))


def build(dice: random.Random) -> None:
    """Builds all of it."""
    peak = make_material("peak", _peak)
    add_terrain("peak", (200, 120), (3200, 1400), _peak_height, peak, (PEAK_X, PEAK_Y))
    add_flat("lake", 6000, (20, LAKE_LEVEL), (9000, LAKE_LEVEL), make_material("lake", _lake))
    far = make_material("far trees", _trees(("#2c6d6a", "#4b9a63", "#8cc46a"), 420))
    near = make_material("near trees", _trees(("#1f5c4c", "#3d8f4d", "#86c552"), 900))
    pile_up([_left_headland(x, dice) for x in range(-260, 210, 13)], Fluff(7, 3), far, 11)
    pile_up([_right_headland(x, dice) for x in range(-190, 260, 11)], Fluff(7, 3), far, 12)
    pile_up([_hedge(x, dice) for x in range(-52, 56, 2)], Fluff(8, 4), near, 13)


def _peak_height(x: float, y: float) -> float:
    """A volcano's slope, with its top cut off."""
    distance, angle = math.hypot(x - PEAK_X, y - PEAK_Y), math.atan2(y - PEAK_Y, x - PEAK_X)
    return min(555 + 8 * math.sin(angle * 5), -30 + 760 * math.exp(-distance / 400))


def _peak(graph: ShaderGraph) -> Value:
    place, normal = graph.world_place(), graph.geometry("Normal")
    z = graph.split(place)[2]
    streaks = (graph.noise(graph.stretch(place, (1, 1, 0.12)), 0.016, 6, 0.65) - 0.5) * 330
    snowy = graph.math("GREATER_THAN", z + streaks, SNOW_LINE)
    rock = tones(graph, normal, (0, "#5d86c6"), (0.50, "#7ea6dc"), wobble=0.12, wobble_scale=0.02)
    snow = tones(graph, normal, (0, "#b9d2ef"), (0.50, "#ffffff"), wobble=0.16, wobble_scale=0.02)
    return emission(graph, graph.mix(graph.remap(z, -20, 330, 0.85, 0.0), graph.mix(snowy, rock, snow), HAZE))


def _lake(graph: ShaderGraph) -> Value:
    """Paler with distance, with broad waves and sparkles."""
    place = graph.world_place()
    water = graph.ramp(graph.remap(graph.split(place)[1], 60, 2600), LAKE_COLOURS)
    waves = graph.noise(graph.stretch(place, (0.014, 0.09, 1)), 1.0, 5, 0.62)
    sparkles = graph.noise(graph.stretch(place, (0.05, 0.32, 1)), 1.0, 3, 0.6)
    colour = graph.mix(graph.math("GREATER_THAN", waves, 0.54) * 0.35, water, ink_colour("#9bd8f5"))
    return emission(graph, graph.mix(graph.math("GREATER_THAN", sparkles, 0.655) * 0.9, colour, (1, 1, 1)))


def _trees(greens: tuple[str, str, str], fade_m: float) -> Shading:
    def shade(graph: ShaderGraph) -> Value:
        stops = tuple(zip((0, 0.48, 0.70), greens, strict=True))
        leaves = tones(graph, soft_normal(graph, 1.0, 0.5), *stops, softness=0.015, wobble=0.16, wobble_scale=1.1)
        return emission(graph, fade(graph, leaves, fade_m))

    return shade


def _left_headland(x: float, dice: random.Random) -> tuple[float, float, float, float]:
    z = -30 + 64 * math.exp(-(((x + 60) / 150) ** 2)) + dice.uniform(-5, 5)
    return -330 + x, 520 + 0.2 * abs(x), z, dice.uniform(13, 24)


def _right_headland(x: float, dice: random.Random) -> tuple[float, float, float, float]:
    z = -30 + 52 * math.exp(-(((x - 40) / 120) ** 2)) + dice.uniform(-4, 4)
    return 300 + x, 430, z, dice.uniform(11, 19)


def _hedge(x: float, dice: random.Random) -> tuple[float, float, float, float]:
    """Trees below the hill's edge, rising to both sides."""
    y, z = 62 + dice.uniform(-4, 6), -12.5 + 0.006 * x * x * (0.5 if x > 0 else 0.7) + dice.uniform(-1, 1)
    return x, y, z, dice.uniform(2.2, 3.6)
