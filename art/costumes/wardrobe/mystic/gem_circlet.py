"""A silver circlet with blue and violet stones that dips to a great stone on the forehead."""

from __future__ import annotations

import math

import numpy as np
from mathutils import Vector

from ... import fabrics, rigs
from ...design import LOOK, Design
from ...garments import circlets
from ...layers import Grade
from ...mannequin import Mannequin
from ...metalwork import add_chain, add_dome, add_ring, add_tube

# Gap, rise, dip and radius of the three wires.
WIRES = ((0.006, 0.006, 0.016, 0.0024), (0.006, -0.004, 0.022, 0.0018), (0.007, 0.001, 0.019, 0.0012))
LOOPS = 46


def build(body: Mannequin, density: float) -> None:
    """Wires, loops between them, stones, leaves and a drop."""
    silver = fabrics.silver((0.50, 0.52, 0.60), (0.32, 0.34, 0.44), (0.14, 0.30))
    blue, violet = fabrics.gem("blue", (0.0, 0.28, 0.62), 0.45), fabrics.gem("violet", (0.30, 0.03, 0.60), 0.4)
    for gap, rise, dip, radius in WIRES:
        add_tube("wire", circlets.closed(circlets.ring(body, gap, rise, dip, 360)), radius, silver)
    for loop in range(LOOPS):
        place, way = circlets.ring_point(body, -2.3 + 4.6 * loop / (LOOPS - 1), 0.0075, 0.001, 0.019)
        add_ring(place, way, 0.0042, 0.0008, silver)
    for number, angle in enumerate((-1.05, -0.7, -0.36, 0.36, 0.7, 1.05)):
        place, way = circlets.ring_point(body, angle, 0.0085, 0.001, 0.019)
        add_dome(place, way, 0.0046, violet if number % 2 else blue, 0.7)
        add_ring(place, way, 0.0054, 0.0011, silver)
    middle, way = circlets.ring_point(body, 0, 0.010, -0.002, 0.019)
    add_dome(middle, way, 0.0105, blue, 0.6).scale.y = 0.0150
    add_ring(middle, way, 0.0120, 0.0017, silver, 1.35)
    for bead in range(12):
        angle = math.pi * bead / 6
        add_dome(middle + Vector((math.cos(angle) * 0.0150, 0, math.sin(angle) * 0.0195)), way, 0.0014, silver)
    t = np.linspace(0, 1, 16)
    for side in (-1, 1):
        for leaf in range(3):
            x, z = side * (0.014 + (0.022 + 0.010 * leaf) * t), 0.004 + (0.016 + 0.009 * leaf) * np.sin(t * 2.4)
            line = np.array(middle) + np.stack([x, 0.010 * t * t, z], 1)
            add_tube("leaf", line, list(0.0016 * (1 - 0.7 * t)), silver, 4)
    foot = middle + Vector((0, 0.002, -0.022))
    add_chain(foot, foot + Vector((0, 0.001, -0.010)), 0, silver, 2, 0.0026, 0.0007)
    add_dome(foot + Vector((0, 0.001, -0.019)), way, 0.0056, violet, 0.8).scale.y = 0.0085


DESIGN = Design(
    body=circlets.body,
    build=build,
    light=rigs.light_cave_head,
    grade=Grade(0.32, 1.06),
    cut=circlets.CUT,
    look=LOOK,
    form=circlets.FORM,
    kind="prop",
    seed=4,
)
