"""A summer sky: a gradient with thin cirrus high up."""

from __future__ import annotations

from scenery.materials import background, paint_sky
from scenery.nodes import ShaderGraph, Value

from .cel import ink_stops

BLUES = ink_stops((0, "#d9f1fb"), (0.12, "#a9dcf6"), (0.36, "#5fb2ee"), (0.68, "#2c7fd8"), (1, "#1a58b8"))


def paint() -> None:
    """Paints it."""
    paint_sky(_shade)


def _shade(graph: ShaderGraph) -> Value:
    x, y, z = graph.split(graph.box_place())
    height = graph.math("MAXIMUM", z, 0) + 0.12
    plane = graph.join(x / height, y / height * 0.35, 0)
    cirrus = graph.smoothstep(graph.noise(plane, 1.1, 7, 0.62, 1.6), 0.53, 0.70, 0, 0.55)
    blue = graph.ramp(graph.remap(z, 0.0, 0.62), BLUES, "EASE")
    return background(graph, graph.mix(cirrus * graph.remap(z, 0.22, 0.42), blue, (1, 1, 1)))
