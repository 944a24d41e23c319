"""A wreath of golden laurel that opens over the forehead, with berries."""

from __future__ import annotations

import math
import random

import numpy as np
from mathutils import Vector
from scenery.materials import make_material, surface
from scenery.nodes import ShaderGraph, Value
from scenery.scatter import Template, scatter

from ... import rigs
from ...design import LOOK, Design
from ...garments import circlets
from ...layers import Grade
from ...mannequin import Mannequin
from ...metalwork import add_dome, add_tube

# How far up each of the three rows of leaves points, and its length in metres.
ROWS = ((0.62, 0.050), (-0.45, 0.040), (0.10, 0.046))
STEP = math.radians(9.0)
FIRST, LAST = math.radians(112), math.radians(10)
# How much higher the wreath sits behind than in front.
TILT = -0.012


def build(body: Mannequin, density: float) -> None:
    """A stem on each side, leaves in three rows towards the front, berries between them."""
    gold = make_material("gold", _gold)
    points, facing, along, sizes = [], [], [], []
    for side in (-1, 1):
        angles = np.arange(FIRST, LAST, -STEP)
        stem = [_place(body, side * angle)[0] for angle in np.linspace(FIRST, LAST, 80)]
        add_tube("stem", np.array(stem), 0.0022, gold, 4)
        for angle in angles:
            foot, out = _place(body, side * angle)
            forwards = (_place(body, side * (angle - 0.03))[0] - foot).normalized()
            for row, (up, length) in enumerate(ROWS):
                way = forwards * 0.85 + Vector((0, 0, up + random.uniform(-0.07, 0.07)))
                way = (way + out * ((0.10, 0.16, 0.28)[row] + random.uniform(-0.04, 0.04))).normalized()
                jitter = Vector((random.gauss(0, 0.07), random.gauss(0, 0.07), random.gauss(0, 0.07)))
                points.append(foot + out * (0.002, 0.003, 0.007)[row])
                facing.append((out + Vector((0, 0, 0.25 - 0.15 * up)) - forwards * 0.22 + jitter).normalized())
                along.append(way)
                sizes.append(length * (0.74 + 0.26 * math.sin(min(angle * 1.25, 1.57))) * random.uniform(0.92, 1.08))
    arrays = [np.array([tuple(vector) for vector in vectors]) for vectors in (points, facing, along)]
    scatter("laurel", _leaf(), arrays[0], arrays[1], np.array(sizes), gold, 1, tangents=arrays[2])
    for _ in range(26):
        place, out = _place(body, random.choice((-1, 1)) * math.radians(random.uniform(10, 100)))
        add_dome(
            place + out * 0.010 + Vector((0, 0, random.uniform(-0.006, 0.014))),
            out,
            random.uniform(0.0034, 0.0048),
            gold,
            1,
        )


def _place(body: Mannequin, angle: float) -> tuple[Vector, Vector]:
    """On the hair line."""
    return circlets.ring_point(body, angle, 0.006, 0.010 + TILT * (1 - math.cos(angle)) / 2)


def _leaf() -> Template:
    """A leaf of length 1 along y: raised edges, a groove in the middle, a curled tip."""
    steps, across = 14, (-1, -0.5, -0.04, 0.04, 0.5, 1)
    vertices, faces = [], []
    for i in range(steps + 1):
        t = i / steps
        half = 0.205 * math.sin(math.pi * t**0.85) ** 0.9 * (1 - 0.25 * t) if 0 < i < steps else 0.006
        z = 0.10 * math.sin(t * math.pi) - 0.10 * t * t
        for k, x in enumerate(across):
            edge = 0.06 * abs(x) ** 1.5 * half / 0.2 + 0.012 * math.sin(t * 22 + x) * abs(x)
            vertices.append((x * half, t, z + edge - (0.012 if k in (2, 3) else 0)))
    for i in range(steps):
        for k in range(len(across) - 1):
            a, b = i * 6 + k, (i + 1) * 6 + k
            faces += [(a, a + 1, b + 1), (a, b + 1, b)]
    return vertices, faces


def _gold(graph: ShaderGraph) -> Value:
    grain = graph.noise(graph.object_place(), 55, 6, 0.6)
    colour = graph.mix(graph.attribute("rnd"), (1.0, 0.66, 0.24), (0.95, 0.55, 0.16))
    colour = graph.mix(graph.remap(grain, 0.6, 0.8, 0, 0.3), colour, (0.42, 0.20, 0.05))
    rough = graph.remap(grain, 0.3, 0.7, 0.20, 0.38)
    return surface(graph, Base_Color=colour, Metallic=1.0, Roughness=rough, Normal=graph.bump(grain, 0.18, 0.002))


DESIGN = Design(
    body=circlets.body,
    build=build,
    light=rigs.light_terrace_head,
    grade=Grade(0.30, 1.06),
    cut=circlets.CUT,
    look=LOOK,
    form=circlets.FORM,
    kind="prop",
    seed=2,
)
