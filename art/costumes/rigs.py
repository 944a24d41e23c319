"""The themes' light on a costume: the same as in their worlds. Watts and colours of lamps, and a sky."""

from __future__ import annotations

from collections.abc import Sequence

from scenery import light
from scenery.materials import background, paint_sky
from scenery.nodes import ShaderGraph, Stop, Value

# Place, watts, colour, size, and the height of what the lamp is turned to.
Lamp = tuple[Sequence[float], float, Sequence[float], float, float]

FIRE = (1.0, 0.45, 0.165)
STORM = (0.50, 0.68, 1.0)
MOUNTAIN_SKY = [
    (0, (0.05, 0.025, 0.012)),
    (0.42, (0.07, 0.06, 0.07)),
    (0.62, (0.16, 0.24, 0.38)),
    (1, (0.30, 0.42, 0.62)),
]
MOUNTAIN_HALL: list[Lamp] = [
    ((-1.2, -0.45, 0.95), 52, FIRE, 0.55, 1.3),
    ((1.2, -0.40, 0.95), 42, FIRE, 0.55, 1.3),
    ((-0.7, 1.3, 2.3), 70, STORM, 0.8, 1.4),
    ((0.9, 1.2, 2.2), 55, STORM, 0.8, 1.4),
    ((-0.7, -2.4, 2.5), 40, (1.0, 0.90, 0.80), 1.0, 1.3),
]
EVENING_SKY = [
    (0, (0.30, 0.19, 0.14)),
    (0.30, (0.24, 0.14, 0.10)),
    (0.45, (0.10, 0.055, 0.045)),
    (0.51, (0.85, 0.52, 0.32)),
    (0.60, (0.55, 0.42, 0.45)),
    (1, (0.28, 0.30, 0.52)),
]
SUNSET_TERRACE: list[Lamp] = [
    ((-1.0, 1.4, 1.75), 200, (1.0, 0.66, 0.30), 0.5, 1.35),
    ((1.3, 1.1, 1.9), 120, (1.0, 0.70, 0.40), 0.6, 1.35),
    ((-2.1, -0.55, 1.95), 150, (1.0, 0.74, 0.42), 0.35, 1.25),
    ((1.7, -1.5, 1.6), 26, (0.66, 0.60, 1.0), 0.9, 1.3),
    ((-0.5, -2.6, 2.5), 50, (1.0, 0.92, 0.82), 0.9, 1.3),
]
CAVE_SKY = [(0, (0.004, 0.02, 0.035)), (0.45, (0.01, 0.05, 0.10)), (0.6, (0.06, 0.30, 0.42)), (1, (0.05, 0.07, 0.25))]
MOONLIT_CAVE: list[Lamp] = [
    ((-1.5, -0.7, 1.15), 70, (0.15, 0.72, 1.0), 0.6, 1.3),
    ((1.5, -0.6, 1.15), 80, (0.62, 0.22, 1.0), 0.6, 1.3),
    ((-0.6, 1.4, 2.3), 110, (0.55, 0.85, 1.0), 0.6, 1.5),
    ((0.9, 1.2, 2.2), 60, (0.70, 0.55, 1.0), 0.6, 1.5),
    ((-0.6, -2.6, 2.5), 46, (0.85, 0.90, 1.0), 0.9, 1.35),
]


NOON_SKY = [(0, (0.36, 0.36, 0.37)), (0.45, (0.30, 0.34, 0.40)), (0.55, (0.55, 0.70, 0.95)), (1, (0.25, 0.45, 0.95))]
NOON_TERRACE: list[Lamp] = [
    ((-1.2, -1.4, 3.2), 96, (1.0, 0.96, 0.88), 0.5, 1.25),
    ((1.5, -1.2, 1.8), 24, (0.75, 0.86, 1.0), 1.0, 1.3),
    ((0.6, 1.4, 2.6), 70, (1.0, 0.97, 0.92), 0.6, 1.4),
    ((-0.3, -2.6, 2.2), 34, (0.95, 0.97, 1.0), 1.0, 1.3),
]
DAWN_SKY = [(0, (0.20, 0.17, 0.17)), (0.45, (0.30, 0.24, 0.24)), (0.6, (0.75, 0.52, 0.48)), (1, (0.40, 0.46, 0.70))]
DAWN_PASS: list[Lamp] = [
    ((-1.2, -0.45, 0.95), 24, FIRE, 0.55, 1.3),
    ((1.2, -0.40, 0.95), 20, FIRE, 0.55, 1.3),
    ((-0.6, 1.4, 2.1), 110, (1.0, 0.74, 0.58), 0.8, 1.4),
    ((0.9, 1.2, 2.2), 70, (0.95, 0.78, 0.75), 0.8, 1.4),
    ((-0.7, -2.4, 2.5), 58, (1.0, 0.92, 0.88), 1.0, 1.3),
]
HEAD_Z = 1.65
HALL_HEAD: list[Lamp] = [
    ((-1.2, -0.45, 1.2), 40, FIRE, 0.55, HEAD_Z),
    ((1.2, -0.40, 1.2), 32, FIRE, 0.55, HEAD_Z),
    ((-0.5, 1.2, 2.4), 18, STORM, 0.8, HEAD_Z),
    ((-0.7, -2.4, 2.5), 44, (1.0, 0.90, 0.80), 1.0, HEAD_Z),
]
TERRACE_HEAD: list[Lamp] = [
    ((-1.0, 1.4, 2.1), 90, (1.0, 0.66, 0.30), 0.5, HEAD_Z),
    ((-1.8, -0.8, 2.2), 90, (1.0, 0.78, 0.50), 0.4, HEAD_Z),
    ((1.7, -1.5, 1.8), 26, (0.66, 0.60, 1.0), 0.9, HEAD_Z),
    ((-0.3, -2.6, 2.6), 60, (1.0, 0.93, 0.86), 0.9, HEAD_Z),
]
CAVE_HEAD: list[Lamp] = [
    ((-1.5, -0.7, 1.3), 55, (0.15, 0.72, 1.0), 0.6, HEAD_Z),
    ((1.5, -0.6, 1.3), 60, (0.62, 0.22, 1.0), 0.6, HEAD_Z),
    ((-0.6, 1.4, 2.3), 60, (0.55, 0.85, 1.0), 0.6, HEAD_Z),
    ((-0.6, -2.6, 2.5), 50, (0.85, 0.90, 1.0), 0.9, HEAD_Z),
]


def light_hall_head() -> None:
    """The mountain hall's light at the height of the head."""
    _light([(0, (0.16, 0.22, 0.32)), (1, (0.16, 0.22, 0.32))], 0.9, HALL_HEAD)


def light_terrace_head() -> None:
    """The terrace's light at the height of the head; the sky is bright, since metal shows little else."""
    _light(EVENING_SKY, 0.9, TERRACE_HEAD)


def light_cave_head() -> None:
    """The cave's light at the height of the head."""
    _light([(0, (0.10, 0.22, 0.42)), (1, (0.10, 0.22, 0.42))], 0.9, CAVE_HEAD)


def light_mountain_hall() -> None:
    """Barbarian: fire from both sides, a cold storm behind."""
    _light(MOUNTAIN_SKY, 0.75, MOUNTAIN_HALL)


def light_dawn_pass() -> None:
    """Barbarian: a rose and golden sky behind, low fires at the sides."""
    _light(DAWN_SKY, 0.55, DAWN_PASS)


def light_noon_terrace() -> None:
    """Greek: a white sun high on the left, blue sky."""
    _light(NOON_SKY, 0.60, NOON_TERRACE)


def light_sunset_terrace() -> None:
    """Greek: a low golden sun behind and from the left, lilac sky."""
    _light(EVENING_SKY, 0.42, SUNSET_TERRACE)


def light_moonlit_cave() -> None:
    """Mystic: cyan from the left, violet from the right, the moon behind."""
    _light(CAVE_SKY, 0.7, MOONLIT_CAVE)


def light_hooded_cave() -> None:
    """The same, with two weak lamps that keep the inside of a hood from being black."""
    light_moonlit_cave()
    light.add_point((0, 0.02, 1.74), 0.55, (0.45, 0.30, 1.0), 0.05)
    light.add_point((0, 0.08, 1.45), 0.5, (0.25, 0.45, 1.0), 0.05)


def _light(stops: list[Stop], strength: float, lamps: list[Lamp]) -> None:
    def shade(graph: ShaderGraph) -> Value:
        height = graph.split(graph.box_place())[2]
        return background(graph, graph.ramp(graph.remap(height, -1, 1), stops), strength)

    paint_sky(shade)
    for place, watts, colour, size, target in lamps:
        light.add_area(place, watts, colour, size, (0, 0, target))
