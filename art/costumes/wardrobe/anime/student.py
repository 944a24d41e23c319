"""Student: a dark blazer with golden piping over a knitted pullover, a shirt and a striped ribbon."""

from __future__ import annotations

import math
from collections.abc import Sequence

import bpy
import numpy as np
from mathutils import Vector
from mathutils.bvhtree import BVHTree
from scenery.nodes import ShaderGraph, Value

from ... import toon
from ...design import Design
from ...drape import neck_band
from ...garments.armour import read_vectors
from ...garments.blazer import CLOSING_Z, blazer_material
from ...grids import Grid, smooth_line, smooth_values, subdivide
from ...layers import Cut, Grade
from ...mannequin import Mannequin

# Stops of a line: share along it, and a point. Instead of a depth, "chest" or "neck" lays it on the body from the
# front; instead of a height, "shoulder" lays it on from above.
Stop = tuple[float, float, float | str, float | str]

SHIRT_POINT: tuple[list[Stop], list[Stop]] = (
    [(0, 0.004, "neck", 1.449), (0.25, 0.041, "neck", 1.458), (0.6, 0.077, 0.004, 1.492), (1, 0, 0.080, 1.506)],
    [(0, 0.058, "chest", 1.343), (0.25, 0.072, "chest", 1.396), (0.6, 0.084, 0.006, 1.478), (1, 0, 0.086, 1.480)],
)
COAT_COLLAR: tuple[list[Stop], list[Stop]] = (
    [
        (0, 0.056, "chest", 1.348),
        (0.22, 0.076, "chest", 1.395),
        (0.42, 0.094, -0.035, 1.452),
        (0.60, 0.098, 0.015, 1.486),
        (0.8, 0.064, 0.075, 1.500),
        (1, 0, 0.090, 1.502),
    ],
    [
        (0, 0.104, "chest", 1.364),
        (0.22, 0.134, "chest", 1.400),
        (0.42, 0.150, -0.035, "shoulder"),
        (0.60, 0.142, 0.022, "shoulder"),
        (0.8, 0.090, 0.105, 1.462),
        (1, 0, 0.125, 1.455),
    ],
)
# The lapel's inner edge, its width and its slope, at shares of its length.
LAPEL_SHARES = (0.0, 0.55, 0.93, 0.97, 1.0)
LAPEL_X = (0.003, 0.036, 0.0555, 0.057, 0.0585)
LAPEL_Z = (CLOSING_Z, 1.24, 1.318, 1.332, 1.343)
LAPEL_WIDTH = (0.0, 0.044, 0.063, 0.066, 0.060)
LAPEL_SLOPE = (0.30, 0.40, 0.30, 0.26, 0.22)
COLLAR_CENTRE = (0, 0.03, 1.40)
FORWARDS, BACKWARDS, DOWN = Vector((0, -1, 0)), Vector((0, 1, 0)), Vector((0, 0, -1))


def body() -> Mannequin:
    """A slim body between male and female, arms close to it."""
    return Mannequin(0.5, arm_degrees=8)


def build(body: Mannequin, density: float) -> None:
    """From the skin outwards."""
    ink, gold = toon.Ink(), toon.flat("gold", "gold", (0.36, 0.58, 0.86), shaded=False)
    _add_coat(body, ink)
    white, lapel = toon.flat("shirt", "white", (0.34, 0.55, 0.98)), toon.painted("lapel", _lapel_colour)
    band = neck_band(body, 1.392, 1.470, front=-0.020, back=0.022, side=0.012, gap=0.007, flare=0.006)
    ink.grid("stand", band, white, (0, 0.01, 1.41))
    for side in (-1, 1):
        point = _strip(body, SHIRT_POINT, (0.010, 0.034), bulge=0.004, rounds=14)
        ink.grid("point", point * (side, 1, 1), white, COLLAR_CENTRE)
        collar = _strip(body, COAT_COLLAR, (0.034, 0.036), bulge=0.006, rounds=40)
        ink.grid("collar", collar * (side, 1, 1), lapel, COLLAR_CENTRE)
        ink.grid("lapel", _lapel(body) * (side, 1, 1), lapel, (0, 0.05, 1.25), 0.0022)
    for z in (1.118, 1.030):
        depth = _hit(body.torso, (0, -1, z), BACKWARDS).y
        ink.dome(Vector((-0.010, depth - 0.030, z)), FORWARDS, 0.0115, gold, 0.5, 0.13)
    knot = Vector((0, _hit(body.torso, (0, -1, 1.385), BACKWARDS).y - 0.040, 1.388))
    toon.add_bow(ink, knot, _striped("loop", 1), _striped("tail", 0), (0.076, 0.039, 0.012, 0.120))
    red = toon.flat("knot", "red", (0.36, 0.58, 0.92), shaded=False)
    ink.dome(knot + Vector((0, -0.020, 0.001)), FORWARDS, 0.0165, red, 0.75, 0.09)
    toon.hide_from_light()


def _hit(tree: BVHTree, start: Sequence[float], way: Vector) -> Vector:
    place = tree.ray_cast(Vector(start), way)[0]
    return place if place is not None else Vector((start[0], -0.03, start[2]))


def _add_coat(body: Mannequin, ink: toon.Ink) -> None:
    """The body up to the neck's sides, moved outwards and smoothed, with the drawn front."""

    def covered(x: float, y: float, z: float) -> bool:
        return z > 0.75 and (z < 1.43 or (abs(x) > 0.064 and z < 1.475) or (abs(x) > 0.09 and z < 1.50))

    coat = body.add_part("coat", covered, blazer_material())
    vertices = coat.data.vertices
    points, facing = read_vectors(vertices, "co"), read_vectors(vertices, "normal")
    loose = np.clip((1.12 - points[:, 2]) / 0.2, 0, 1) * (np.abs(points[:, 0]) < 0.19)
    vertices.foreach_set("co", (points + facing * (0.022 + 0.006 * loose)[:, None]).ravel())
    smooth = coat.modifiers.new("smooth", "SMOOTH")
    smooth.iterations, smooth.factor = 40, 0.5
    subdivide(coat, 2)
    ink.outline(coat, 0.0024)


def _place(body: Mannequin, stop: Stop, gap: float) -> tuple[float, float, float]:
    _, x, y, z = stop
    if isinstance(y, str):
        tree = body.torso if y == "chest" else body.whole
        return x, _hit(tree, (x, -1, z), BACKWARDS).y - gap, z
    if isinstance(z, str):
        return x, y, _hit(body.whole, (x, y, 1.9), DOWN).z + gap
    return x, y, z


def _strip(
    body: Mannequin, lines: tuple[list[Stop], list[Stop]], gaps: tuple[float, float], *, bulge: float, rounds: int
) -> Grid:
    """Cloth between an inner and an outer line, which are symmetrical behind the neck."""
    edges = [_line(body, stops, gap, rounds) for stops, gap in zip(lines, gaps, strict=True)]
    t = np.linspace(0, 1, 16)[:, None, None]
    strip = edges[0][None] * (1 - t) + edges[1][None] * t
    raised = bulge * np.sin(math.pi * t[..., 0])
    strip[..., 2] += raised
    strip[..., 1] -= 0.6 * raised
    return strip


def _line(body: Mannequin, stops: list[Stop], gap: float, rounds: int) -> Grid:
    places = np.array([_place(body, stop, gap) for stop in stops])
    shares, t = [stop[0] for stop in stops], np.linspace(0, 1, 110)
    half = np.stack([np.interp(t, shares, places[:, axis]) for axis in range(3)], 1)
    return smooth_line(np.concatenate([half, half[::-1][1:] * (-1, 1, 1)]), rounds)[:110]


def _lapel(body: Mannequin) -> Grid:
    """From where the fronts meet up to the collar's notch."""
    rows, columns = 16, 110
    lapel = np.zeros((rows, columns, 3))
    for column, share in enumerate(np.linspace(0, 1, columns)):
        x, z, width, slope = (
            np.interp(share, LAPEL_SHARES, line) for line in (LAPEL_X, LAPEL_Z, LAPEL_WIDTH, LAPEL_SLOPE)
        )
        for row, t in enumerate(np.linspace(0, 1, rows)):
            place = (x + width * t, -1, z + slope * width * t)
            depth = _hit(body.torso, place, BACKWARDS).y - 0.031 - 0.008 * math.sin(math.pi * min(1, t * 1.2))
            lapel[row, column] = (place[0], depth, place[2])
    lapel[..., 1] = smooth_values(lapel[..., 1], 40)
    return lapel


def _lapel_colour(graph: ShaderGraph) -> Value:
    _, out, _ = graph.split(graph.uv())
    front = toon.tones(graph, "lapel", (0.36, 0.60, 0.95), wobble=0)
    cloth = graph.mix(graph.geometry("Backfacing"), front, toon.tones(graph, "blazer", (0.40, 0.62, 0.93)))
    return graph.mix(toon.between(graph, out, 0.80, 0.93), cloth, toon.tones(graph, "gold", (0.40, 0.62, 0.93)))


def _striped(name: str, axis: int) -> bpy.types.Material:
    """Red ribbon with a white stripe near both edges; `axis` of the UV runs across it."""

    def colour(graph: ShaderGraph) -> Value:
        edge = abs(graph.split(graph.uv())[axis] * 2 - 1.0)
        red = toon.tones(graph, "red", (0.36, 0.58, 0.92), shaded=False)
        white = toon.tones(graph, "white", (0.36, 0.58, 0.97), shaded=False)
        return graph.mix(toon.between(graph, edge, 0.66, 0.80), red, white)

    return toon.painted(name, colour)


DESIGN = Design(
    body=body,
    build=build,
    light=toon.light_drawing,
    grade=Grade(),
    look=toon.LOOK,
    cut=Cut(0.012, (-0.24, 0.24, 1.28, 1.64)),
    seed=9,
    drawn=True,
)
