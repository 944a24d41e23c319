"""The night sky: a dark gradient, two sizes of stars, a trace of nebula."""

from __future__ import annotations

from scenery.materials import background, paint_sky
from scenery.nodes import ShaderGraph, Value

NIGHT = [(0, (0.06, 0.13, 0.24)), (0.25, (0.025, 0.055, 0.15)), (1, (0.006, 0.010, 0.045))]


def paint() -> None:
    """Paints it."""
    paint_sky(_shade)


def _shade(graph: ShaderGraph) -> Value:
    direction = graph.box_place()
    z = graph.split(direction)[2]
    nebula = graph.remap(graph.noise(direction, 2.2, 5, 0.62, 0.8), 0.45, 0.75)
    colour = graph.mix(nebula * 0.55, graph.ramp(graph.remap(z, -0.05, 0.8), NIGHT), (0.11, 0.05, 0.22))
    stars = _stars(graph, direction) * graph.remap(z, 0.02, 0.3)
    starlight = graph.mix(graph.math("MINIMUM", stars, 1.0), (0, 0, 0), (5.0, 5.6, 7.0))
    return background(graph, graph.mix(1.0, colour, starlight, "ADD"))


def _stars(graph: ShaderGraph, direction: Value) -> Value:
    """A dot in every cell, most of them too faint to be seen: the power leaves few bright ones."""
    small = graph.split(graph.cells(direction, 210, output="Color"))[0] ** 6.0
    large = graph.split(graph.cells(direction, 70, output="Color"))[1] ** 9.0
    small_dots = graph.remap(graph.cells(direction, 210), 0.02, 0.13, 1, 0)
    return small_dots * small + graph.remap(graph.cells(direction, 70), 0.01, 0.07, 2.2, 0) * large
