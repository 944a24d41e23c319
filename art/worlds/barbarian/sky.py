"""Storm clouds, pale along the horizon where the arch opens."""

from __future__ import annotations

from scenery.materials import background, paint_sky
from scenery.nodes import ShaderGraph, Value

CLOUDS = [
    (0.30, (0.016, 0.022, 0.036)),
    (0.44, (0.045, 0.060, 0.088)),
    (0.54, (0.13, 0.165, 0.22)),
    (0.66, (0.34, 0.40, 0.47)),
    (0.8, (0.55, 0.6, 0.64)),
]


def paint() -> None:
    """Paints it."""
    paint_sky(_shade)


def _shade(graph: ShaderGraph) -> Value:
    x, y, z = graph.split(graph.box_place())
    height = graph.math("MAXIMUM", z, 0.0) + 0.16
    plane = graph.join(x / height, y / height)
    coarse, fine = graph.noise(plane, 0.85, 10, 0.56, 0.9), graph.noise(plane, 2.6, 8, 0.6, 1.2)
    clouds = graph.ramp(coarse * 0.72 + fine * 0.28, CLOUDS)
    pale = graph.smoothstep(z, 0.0, 0.30, 1, 0) * graph.smoothstep(abs(x), 0.0, 0.5, 1, 0.2)
    return background(graph, graph.mix(pale * 0.8, clouds, (0.70, 0.77, 0.84)), 0.75)
