"""Two towering clouds, a bank along the horizon, and a small one."""

from __future__ import annotations

import math
import random

from scenery.materials import Shading, emission, make_material
from scenery.nodes import ShaderGraph, Value

from .cel import HAZE, ink_stops, soft_normal, sunlight
from .puffs import Base, Fluff, pile_up

TONES = ink_stops(
    (0.0, "#8fb0dc"),
    (0.30, "#9dbde4"),
    (0.34, "#b5d0ee"),
    (0.47, "#c3daf2"),
    (0.50, "#dfecf9"),
    (0.60, "#eef5fc"),
    (0.64, "#ffffff"),
    (1, "#fffdf6"),
)


def build(dice: random.Random) -> None:
    """Builds all of them."""
    towering = make_material("towering cloud", _cloud(150, 1900))
    pile_up(_tower((-760, 3600, 260), 1150, 1420, 44, 2), Fluff(24, 6), towering, 1)
    pile_up(_tower((1150, 3900, 240), 1250, 1180, 40, 5), Fluff(24, 6), towering, 2)
    bank = [_bank_ball(x, dice) for x in range(-2300, 2400, 165)]
    pile_up(bank, Fluff(16, 6), make_material("cloud bank", _cloud(120, 620)), 3)
    small = [(200 + x * 0.9, 2600, 1500 + dice.uniform(-18, 18), dice.uniform(28, 60)) for x in range(-150, 160, 45)]
    pile_up(small, Fluff(12, 5), make_material("small cloud", _cloud(900, 1300)), 4)


def _tower(foot: tuple[float, float, float], width: float, height: float, count: int, seed: int) -> list[Base]:
    """Large balls, fewer and smaller towards the top."""
    dice = random.Random(seed)
    balls = []
    for _ in range(count):
        up = dice.random() ** 1.25
        spread = width * (1 - 0.72 * up) * (0.8 + 0.2 * math.sin(up * 7 + seed))
        radius = (0.26 - 0.13 * up) * width * dice.uniform(0.7, 1.15)
        x, y = foot[0] + dice.uniform(-1, 1) * spread * 0.62, foot[1] + dice.uniform(-0.3, 0.3) * width * 0.4
        balls.append((x, y, foot[2] + up * height, radius))
    return balls


def _bank_ball(x: float, dice: random.Random) -> Base:
    y = 4600 + dice.uniform(-300, 300)
    z = 190 + dice.uniform(-30, 60) + 90 * math.sin(x * 0.004)
    return x, y, z, dice.uniform(110, 210)


def _cloud(bottom: float, top: float) -> Shading:
    """Darker below, and dissolving into the haze at the foot."""

    def shade(graph: ShaderGraph) -> Value:
        place = graph.world_place()
        z = graph.split(place)[2]
        light = sunlight(graph, soft_normal(graph, 0.62, 0.55)) + graph.remap(z, bottom, top, -0.26, 0.0)
        light = light + (graph.noise(place, 0.02, 6, 0.6) - 0.5) * 0.22
        foot = graph.smoothstep(z, bottom - 40, bottom + (top - bottom) * 0.42, 0.95, 0)
        return emission(graph, graph.mix(foot, graph.ramp(light, TONES), HAZE))

    return shade
