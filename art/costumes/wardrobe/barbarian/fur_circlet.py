"""A braided leather circlet trimmed with fur, a bronze clasp on the forehead."""

from __future__ import annotations

import math

import numpy as np
from mathutils import Vector

from ... import fabrics, rigs
from ...design import LOOK, Design
from ...fur import Coat, grow_fur
from ...garments import circlets
from ...grids import unit
from ...layers import Grade
from ...mannequin import Mannequin
from ...metalwork import add_brooch, add_dome, add_ring, add_tube


def build(body: Mannequin, density: float) -> None:
    """Three strands, fur above and below, clasps."""
    brown = fabrics.leather("brown", (0.035, 0.016, 0.008), (0.13, 0.058, 0.026), (0.36, 0.22, 0.13))
    dark = fabrics.leather("dark", (0.012, 0.007, 0.005), (0.05, 0.024, 0.012), (0.36, 0.22, 0.13))
    bronze, iron = fabrics.bronze(), fabrics.iron()
    count = 720
    line = circlets.ring(body, 0.011, count=count)
    t, up = np.linspace(0, 2 * math.pi, count, endpoint=False), np.array([0, 0, 1.0])
    outwards = unit((line - line.mean(0)) * (1, 1, 0))
    for strand, leather in enumerate((brown, dark, brown)):
        phase = t * 26 + 2 * math.pi * strand / 3
        braid = line + up * (np.sin(phase) * 0.0085)[:, None] + outwards * (np.sin(2 * phase) * 0.0042)[:, None]
        add_tube("braid", circlets.closed(braid), 0.0062, leather)
    edge = np.stack(
        [line + up * 0.012 - outwards * 0.004, line - outwards * 0.006, line - up * 0.012 - outwards * 0.004]
    )
    hair = fabrics.fur(
        "fur", (0.012, 0.008, 0.006), (0.040, 0.024, 0.015), (0.11, 0.070, 0.042), (0.19, 0.135, 0.09), 0.62
    )
    coat = Coat(
        hairs=int(34000 * density),
        length=lambda u, v: 0.017 + 0 * u,
        slant=lambda u, v: np.where(v < 0.5, -1.6, 1.4),
        lift=lambda u, v: 0.35 + 0 * u,
        guides=1800,
        clump=0.45,
        wild=0.5,
        gravity=0.08,
        radius=0.00018,
    )
    grow_fur("fur", np.concatenate([edge, edge[:, :1]], 1), hair, coat)
    facing = Vector((0, -1, 0.12)).normalized()
    ruby = fabrics.gem("ruby", (0.5, 0.012, 0.01))
    add_brooch(Vector(line[count // 2]) + facing * 0.010, facing, 0.021, (bronze, iron), ruby)
    for side in (-1, 1):
        place, way = circlets.ring_point(body, side * 0.62, 0.024)
        add_dome(place, way, 0.0075, bronze, 0.6)
        add_ring(place - way * 0.001, way, 0.009, 0.0016, iron)


DESIGN = Design(
    body=circlets.body,
    build=build,
    light=rigs.light_hall_head,
    grade=Grade(0.32, 1.06),
    cut=circlets.CUT,
    look=LOOK,
    form=circlets.FORM,
    kind="prop",
    seed=4,
)
