"""The evening sky: a low sun, warm near it and lilac away from it, with high clouds."""

from __future__ import annotations

import math

from mathutils import Vector

from scenery.materials import background, paint_sky
from scenery.nodes import ShaderGraph, Value

# Azimuth from straight ahead, negative to the left.
AZIMUTH, ELEVATION = math.radians(-4.2), math.radians(6.2)
SUN_DIRECTION = Vector(
    (math.sin(AZIMUTH) * math.cos(ELEVATION), math.cos(AZIMUTH) * math.cos(ELEVATION), math.sin(ELEVATION))
)
CLOUD_COLOURS = [
    (0.0, (0.50, 0.33, 0.42)),
    (0.35, (0.85, 0.42, 0.34)),
    (0.7, (1.25, 0.62, 0.32)),
    (1.0, (1.9, 1.2, 0.55)),
]
SUN_COLOUR = (26, 17, 8)


def paint() -> None:
    """Paints it."""
    paint_sky(_shade)


def _shade(graph: ShaderGraph) -> Value:
    direction = graph.box_place()
    x, y, z = graph.split(direction)
    nearness = graph.math("MAXIMUM", graph.dot(direction, SUN_DIRECTION), 0.0)
    colour = graph.mix(1.0, _clear_air(graph), (0.060, 0.075, 0.115), "MULTIPLY")
    colour = graph.mix(graph.smoothstep(z, -0.02, 0.34, 0.8, 0), colour, (1.05, 0.42, 0.15))
    colour = graph.mix(nearness**90.0, colour, (2.6, 1.4, 0.5))
    colour = graph.mix(_cover(graph, x, y, z), colour, graph.ramp(nearness**5.0, CLOUD_COLOURS))
    # Only the camera sees the disc: the light comes from a lamp, which makes less noise.
    seen = graph.value(graph.node("LightPath"), "Is Camera Ray")
    return background(graph, graph.mix(graph.remap(nearness, 0.99978, 0.99986) * seen, colour, SUN_COLOUR))


def _clear_air(graph: ShaderGraph) -> Value:
    air = graph.node("TexSky", sky_type="NISHITA", sun_disc=False)
    air.sun_elevation, air.sun_rotation = ELEVATION, AZIMUTH
    air.air_density, air.dust_density, air.ozone_density = 1.3, 2.2, 2.0
    return graph.value(air)


def _cover(graph: ShaderGraph, x: Value, y: Value, z: Value) -> Value:
    """How much cloud there is: noise on a plane high above, so that it crowds towards the horizon."""
    height = graph.math("MAXIMUM", z, 0.0) + 0.10
    plane = graph.join((x / height) * 0.8, y / height)
    coarse, fine = graph.noise(plane, 0.55, 9, 0.58, 0.35), graph.noise(plane, 1.9, 8, 0.6, 0.6)
    return graph.smoothstep(coarse * 0.75 + fine * 0.25, 0.44, 0.60) * graph.smoothstep(z, 0.03, 0.16, 0, 0.92)
