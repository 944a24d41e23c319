"""Outside the cave: mountains, the moon and its halo, aurora, mist over the water, fireflies."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import bpy
from mathutils import Vector, noise

from scenery.geometry import add_card, add_mesh, add_terrain, copy_object, make_ball
from scenery.materials import Shading, emission, glow, make_material, mist
from scenery.nodes import ShaderGraph, Value

from .materials import Materials

# Centre, size and height in metres, and the seed of the ridges.
MOUNTAINS = [((-34, 92), (70, 30), 17, 4), ((34, 105), (80, 32), 22, 9), ((0, 135), (160, 30), 13, 13)]
MOON, MOON_RADIUS = (-3, 150, 56), 11.5
# y, bottom, top, width, thickness, colour.
MIST_BANKS = [
    (1.9, -0.5, 1.5, 8, 0.20, (0.10, 0.26, 0.40)),
    (3.9, -0.5, 1.9, 9, 0.34, (0.10, 0.28, 0.44)),
    (5.6, -0.5, 2.0, 10, 0.42, (0.13, 0.32, 0.48)),
    (8.8, -0.5, 2.2, 14, 0.42, (0.14, 0.36, 0.52)),
    (30, -1, 5, 70, 0.35, (0.10, 0.27, 0.42)),
    (70, -1, 9, 150, 0.4, (0.10, 0.25, 0.42)),
]


def build(materials: Materials) -> None:
    """Builds all of it but the fireflies."""
    for centre, size, height, seed in MOUNTAINS:
        _raise_mountain(materials, centre, size, height, seed)
    _hang_moon(materials)
    green, teal = ((0.10, 1.0, 0.55), (0.35, 0.20, 0.95)), ((0.10, 0.85, 0.75), (0.60, 0.15, 0.85))
    _draw_curtain((-75, 60), (160, 40, 52), 9, 1.0, make_material("aurora", _aurora(*green, 0.75)))
    _draw_curtain((-40, 85), (175, 50, 56), 12, 4.0, make_material("aurora", _aurora(*teal, 0.65)))
    for number, (y, bottom, top, width, thickness, colour) in enumerate(MIST_BANKS):
        material = make_material("mist", mist(colour, 1.0, _mist_density(thickness, number * 3.1)))
        add_card("mist", y, bottom, top, width, material)


def release_fireflies(dice: random.Random) -> None:
    """Lets points of light float over the stream."""
    material = make_material("firefly", lambda graph: emission(graph, (0.55, 0.95, 1.0), 14.0))
    firefly = add_mesh("firefly", *make_ball(2), material, smooth=False, location=(0, 0, -90))
    for _ in range(90):
        place = (dice.uniform(-2.4, 2.4), dice.uniform(0.2, 8), dice.uniform(0.1, 3.6))
        copy_object(firefly, place, scale=dice.uniform(0.004, 0.013))


def _raise_mountain(
    materials: Materials, centre: tuple[float, float], size: tuple[float, float], height: float, seed: int
) -> None:
    def height_at(x: float, y: float) -> float:
        u, v = (x - centre[0]) / (size[0] / 2), (y - centre[1]) / (size[1] / 2)
        place = Vector((x / size[1] * 1.6 + seed, y / size[1] * 1.6, seed))
        ridges = noise.ridged_multi_fractal(place, 0.85, 2.1, 7, 1.0, 2.0)
        return -1 + height * max(0, 1 - v * v) ** 0.7 * max(0, 1 - u * u) ** 0.5 * (0.18 + 0.42 * ridges)

    add_terrain("mountain", (200, 80), size, height_at, materials.mountain, centre)


def _hang_moon(materials: Materials) -> None:
    bpy.ops.mesh.primitive_uv_sphere_add(radius=MOON_RADIUS, location=MOON, segments=64, ring_count=32)
    moon = bpy.context.object
    moon.data.materials.append(materials.moon)
    moon.data.shade_smooth()
    moon.visible_diffuse = False
    x, y, z = MOON
    add_card("halo", y + 2, z - 46, z + 46, 92, make_material("halo", _halo), x)


def _halo(graph: ShaderGraph) -> Value:
    u, v, _ = graph.split(graph.uv())
    distance = graph.math("SQRT", (u - 0.5) ** 2.0 + (v - 0.5) ** 2.0)
    return glow(graph, (0.45, 0.66, 1.0), graph.remap(distance, 0.0, 0.5, 1, 0) ** 3.0 * 0.9)


def _aurora(low: tuple[float, ...], high: tuple[float, ...], strength: float) -> Shading:
    """A curtain of rays, bright at its lower hem, in patches."""

    def shade(graph: ShaderGraph) -> Value:
        u, v, _ = graph.split(graph.uv())
        rays = graph.remap(graph.noise(graph.join(u * 90.0, v * 0.5), 1.0, 5, 0.65, 0.2), 0.28, 0.72, 0.12, 1.0)
        patches = graph.smoothstep(graph.noise(graph.join(u * 7.0, 0.0, 3.0), 1.0, 3), 0.35, 0.6, 0.1, 1.0)
        hem = graph.ramp(v, [(0, 0.0), (0.05, 0.5), (0.16, 1.0), (0.4, 0.45), (1, 0.0)], "EASE")
        colour = graph.ramp(v, [(0, low), (0.3, low), (0.75, high), (1, high)])
        return glow(graph, colour, hem * rays * patches * strength)

    return shade


def _draw_curtain(
    ends: tuple[float, float],
    place: tuple[float, float, float],
    swing: float,
    phase: float,
    material: bpy.types.Material,
) -> None:
    """A winding band from one x to the other; `place` is y, z of the hem, and height."""
    count, (y, z, height) = 160, place
    vertices, uvs = [], []
    for i in range(count):
        t = i / (count - 1)
        x = ends[0] + (ends[1] - ends[0]) * t
        wind = swing * math.sin(t * 9 + phase) + swing * 0.5 * math.sin(t * 23 + phase * 2)
        hem = z + 3 * math.sin(t * 5 + phase)
        vertices += [(x, y + wind, hem), (x + 1.5 * math.sin(t * 4), y + wind + 3, hem + height)]
        uvs += [(t, 0), (t, 1)]
    faces = [(2 * i, 2 * i + 2, 2 * i + 3, 2 * i + 1) for i in range(count - 1)]
    curtain = add_mesh("aurora", vertices, faces, material, uvs=uvs)
    curtain.visible_diffuse = curtain.visible_shadow = False


def _mist_density(thickness: float, shift: float) -> Callable[[ShaderGraph], Value]:
    def density(graph: ShaderGraph) -> Value:
        u, v, _ = graph.split(graph.uv())
        drawn_out = graph.stretch(graph.world_place(), (0.32, 0.3, 0.85), (shift, 0, shift))
        wisps = graph.smoothstep(graph.noise(drawn_out, 0.75, 4, 0.58, 0.7), 0.36, 0.74)
        upwards = graph.ramp(v, [(0, 0.0), (0.25, 1.0), (0.45, 0.75), (1, 0.0)], "EASE")
        sideways = graph.ramp(u, [(0, 0.0), (0.2, 1.0), (0.8, 1.0), (1, 0.0)], "EASE")
        return graph.math("MULTIPLY", wisps * (upwards * sideways), thickness, clamp=True)

    return density
