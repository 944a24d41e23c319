"""Drawn costumes: flat tones by how a surface faces the sun, ink as inverted hulls, the head's drawn shadow."""

from __future__ import annotations

from collections.abc import Callable

import bpy
import numpy as np
from mathutils import Vector
from scenery import light, scene
from scenery.geometry import add_to_scene
from scenery.materials import background, emission, make_material, mix_shaders, paint_sky, transparent
from scenery.nodes import Number, ShaderGraph, Value

from .grids import Grid, add_grid, face_outwards
from .metalwork import add_dome, add_ring

SUN = Vector((-0.50, -0.52, 0.70)).normalized()
LOOK = scene.Look(samples=12, bounces=2, view="Standard", contrast="None")
SOFTNESS = 0.012
# Shadow, dark, colour, light.
PALETTE = {
    "navy": ("#16204c", "#22347a", "#3352a8", "#5b80d2"),
    "red": ("#7c1230", "#b81f3e", "#e2394f", "#ff7d7c"),
    "white": ("#8f9cc9", "#c3cdec", "#f7f8ff", "#ffffff"),
    "gold": ("#8a4a16", "#d58f24", "#ffd257", "#fff6c9"),
    "lining": ("#5c0d33", "#8c1a45", "#c22f57", "#e8657a"),
    "vest": ("#2a1c3c", "#3c2b58", "#57407c", "#7a60a4"),
    "gem": ("#0d4f8f", "#1f8fe0", "#65d0ff", "#ffffff"),
    "blazer": ("#1c1a33", "#2c2950", "#413d72", "#6f6aa8"),
    "lapel": ("#24214a", "#3b3876", "#5c57a0", "#918ccd"),
    "knit": ("#b98a4e", "#dcb878", "#f6dfae", "#fff3d6"),
}
INK = "#1b1430"

Limits = tuple[float, float, float]
Material = bpy.types.Material


def linear(hexadecimal: str) -> tuple[float, float, float]:
    """An sRGB colour such as `#f48fb1` as linear light."""
    values = [int(hexadecimal[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values)


def tones(
    graph: ShaderGraph,
    colour: str,
    limits: Limits = (0.34, 0.56, 0.95),
    *,
    shaded: bool = True,
    darker: Number | None = None,
    normal: Value | None = None,
    wobble: float = 0.05,
) -> Value:
    """Four flat tones of a palette's colour with almost hard edges; `shaded` lets the head's shadow fall on it."""
    facing = graph.dot(normal or graph.geometry("Normal"), SUN)
    lit = graph.math("MULTIPLY_ADD", facing, 0.5, 0.5)
    if wobble:
        lit = lit + (graph.noise(graph.world_place(), 9, 2, 0.5) - 0.5) * wobble
    if shaded:
        lit = lit - _head_shadow(graph)
    if darker is not None:
        lit = lit - darker
    colours = [linear(tone) for tone in PALETTE[colour]]
    stops = [(0.0, colours[0])]
    for limit, before, after in zip(limits, colours, colours[1:], strict=False):
        stops += [(max(0.0, limit - SOFTNESS), before), (limit + SOFTNESS, after)]
    return graph.ramp(lit, stops)


def _head_shadow(graph: ShaderGraph) -> Value:
    """An oval on collar and chest, down and to the guest's left."""
    x, _, z = graph.split(graph.world_place())
    oval = graph.join((x - 0.028) * (1 / 0.085), 0.0, (z - 1.425) * (1 / 0.075))
    reach = graph.value(graph.node("VectorMath", {0: oval}, operation="LENGTH"), "Value")
    return graph.remap(reach, 0.96, 1.0, 0.42, 0.0)


def flat(name: str, colour: str, limits: Limits = (0.34, 0.56, 0.95), **options: bool) -> Material:
    """A material of one colour's tones."""
    return make_material(name, lambda graph: emission(graph, tones(graph, colour, limits, **options)))


def painted(name: str, colour: Callable[[ShaderGraph], Value]) -> Material:
    """A material from a function that gives its colour."""
    return make_material(name, lambda graph: emission(graph, colour(graph)))


def between(graph: ShaderGraph, value: Value, low: float, high: float) -> Value:
    """1 where the value lies between two limits."""
    return graph.math("GREATER_THAN", value, low) * graph.math("LESS_THAN", value, high)


class Ink:
    """Draws outlines; one for each costume."""

    def __init__(self) -> None:
        self.material = make_material("ink", _inside_only)

    def outline(self, thing: bpy.types.Object, width: float = 0.0021) -> bpy.types.Object:
        """A second, larger hull of which only the inside shows; the width is in the object's own units."""
        thing.data.materials.append(self.material)
        hull = thing.modifiers.new("ink", "SOLIDIFY")
        hull.thickness, hull.offset = width, 1
        hull.use_flip_normals, hull.use_rim = True, False
        hull.material_offset = len(thing.data.materials) - 1
        return thing

    def grid(
        self, name: str, grid: Grid, material: Material, centre: tuple[float, float, float], width: float = 0.0021
    ) -> bpy.types.Object:
        """A grid that faces away from a centre, outlined."""
        return self.outline(face_outwards(add_grid(name, grid, material), centre), width)

    def dome(
        self, point: Vector, normal: Vector, radius: float, material: Material, height: float, width: float
    ) -> None:
        """A button or knot, outlined."""
        self.outline(add_dome(point, normal, radius, material, height), width)

    def ring(self, point: Vector, normal: Vector, radius: float, wire: float, material: Material) -> None:
        """A ring, outlined."""
        self.outline(add_ring(point, normal, radius, wire, material), 0.0015)


def _inside_only(graph: ShaderGraph) -> Value:
    return mix_shaders(graph, graph.geometry("Backfacing"), emission(graph, linear(INK)), transparent(graph))


def light_drawing() -> None:
    """Nothing in a drawing is lit; this is for the shadow on the head."""
    paint_sky(lambda graph: background(graph, (0.6, 0.7, 0.9), 0.8))
    light.add_sun(tuple(SUN), 3.0, (1, 0.97, 0.9), 1)


def hide_from_light() -> None:
    """Keeps the drawing's colours from shining onto the head."""
    for thing in bpy.context.scene.objects:
        if thing.type in ("MESH", "CURVE") and thing.name != "head":
            thing.visible_diffuse = thing.visible_glossy = False


def add_bow(ink: Ink, knot: Vector, loop: Material, tail: Material, size: tuple[float, float, float, float]) -> None:
    """A ribbon's two loops and two tails; how far and high the loops reach, how wide and long the tails are."""
    reach, high, wide, long = size
    for side in (-1, 1):
        q, s = np.linspace(-1, 1, 22)[:, None], np.linspace(0, 1, 26)[None, :]
        end = np.sqrt(np.clip(1 - np.clip((s - 0.72) / 0.28, 0, None) ** 2, 0, 1))
        half = high * (0.23 + 0.77 * s**0.75) * (0.35 + 0.65 * end)
        puff = 0.030 * np.sqrt(np.clip(1 - q * q, 0, 1)) * np.sin(np.pi * np.clip(0.16 + s * 0.84, None, 1))
        y = knot.y - puff - 0.006 * np.cos(q * 8 + side) * (1 - s) ** 1.5 + 0.02 * s
        loops = np.stack(np.broadcast_arrays(side * (0.008 + reach * s), y, knot.z + q * half + 0.016 * s), 2)
        ink.grid("bow", loops, loop, (side * 0.05, knot.y + 0.05, knot.z), 0.0019)
        t, c = np.linspace(0, 1, 30)[:, None], np.linspace(-1, 1, 14)[None, :]
        notch = (1 - np.abs(c)) * 0.16 * long * np.clip((t - 0.75) / 0.25, 0, None)
        x = side * (0.011 + 0.26 * long * t + 0.065 * long * np.sin(t * 3)) + c * wide * (1 + t)
        y = knot.y - 0.004 - 0.006 * np.sin(t * 5 + side) - 0.004 * np.cos(c * 3) * t + 0.010 * t
        tails = np.stack(np.broadcast_arrays(x, y, knot.z - 0.011 - long * t + notch), 2)
        ink.grid("tail", tails, tail, (side * 0.03, knot.y + 0.3, knot.z), 0.0019)


def add_star(ink: Ink, place: Vector, normal: Vector, material: Material) -> None:
    """A five-pointed star, raised in its middle."""
    turn = normal.to_track_quat("Z", "Y")
    corners = [Vector((0, 0, 0.006))]
    for corner in range(10):
        angle, radius = np.pi / 2 + corner * np.pi / 5, 0.022 if corner % 2 == 0 else 0.0095
        corners.append(Vector((np.cos(angle) * radius, np.sin(angle) * radius, 0)))
    mesh = bpy.data.meshes.new("star")
    faces = [(0, 1 + corner, 1 + (corner + 1) % 10) for corner in range(10)]
    mesh.from_pydata([place + normal * 0.014 + turn @ corner for corner in corners], [], faces)
    mesh.materials.append(material)
    ink.outline(add_to_scene(bpy.data.objects.new("star", mesh)), 0.002)
