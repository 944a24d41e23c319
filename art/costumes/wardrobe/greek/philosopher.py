"""Philosopher: a pleated chiton with an overfold, a sea-blue himation, a belt with a meander."""

from __future__ import annotations

import numpy as np
from mathutils import Vector
from scenery import scene

from ... import fabrics, rigs
from ...design import Design
from ...drape import neck_band
from ...garments.chiton import Overfold, drape_overfold, drape_skirt
from ...garments.cloaks import BackCloak, add_back_cloak
from ...garments.himation import drape_bundle, drape_waist, facing_at
from ...grids import Grid, add_grid, smooth_line
from ...layers import Cut, Grade
from ...mannequin import Mannequin
from ...metalwork import add_brooch, add_dome, add_ring, add_tube
from ...straps import add_strap

WHITE = ((0.76, 0.735, 0.68), (0.67, 0.64, 0.58))
SEA = ((0.018, 0.120, 0.190), (0.030, 0.175, 0.255))
PIN_DEGREES = 58.0
BELT_Z = 1.062
BEHIND = BackCloak(
    half_top=0.20,
    half_growth=0.18,
    growth_power=0.6,
    depth=0.15,
    forwards=0.13,
    folds=30,
    top=1.40,
    sag=0.05,
    behind_neck=0.085,
    thickness=0.002,
)


def body() -> Mannequin:
    """A slim body between male and female."""
    return Mannequin(0.62, targets={"torso/torso-vshape-incr": 0.25})


def build(body: Mannequin, density: float) -> None:
    """From the skin outwards."""
    look = {"roughness": (0.14, 0.28), "hammered": 0.10, "patina_amount": 0.35}
    gold = fabrics.metal("gold", (1.0, 0.66, 0.24), (0.92, 0.54, 0.17), (0.30, 0.14, 0.045), **look)
    overfold = drape_overfold(body, PIN_DEGREES, density)
    band = fabrics.Band(0.012, 0.046, 0.034)
    add_grid(
        "chiton",
        overfold.points,
        fabrics.linen("chiton", *WHITE, band=band, translucent=0.22),
        thickness=0.0016,
        uvs=overfold.uvs,
    )
    braid = smooth_line(overfold.neckline, int(30 * density)) + (0, 0, 0.0015)
    add_tube("braid", braid, 0.0036, gold, 4)
    plain = fabrics.linen("neckband", *WHITE, translucent=0.1)
    ring = neck_band(body, 1.392, 1.482, front=-0.012, back=0.020, side=0.012)
    add_grid("neckband", ring, plain, thickness=0.003)
    add_tube("braid", ring[-1], 0.0030, gold)
    skirt, belt = drape_skirt(body, BELT_Z, density)
    add_grid("skirt", skirt, plain)
    line = [tuple(point) for point in belt[::6]]
    add_strap("belt", body, line, 0.036, fabrics.meander_metal("belt", 0.036), thickness=0.006, on_body=False)
    waist, waist_uvs = drape_waist(body, density)
    bundle, bundle_uvs = drape_bundle(body, [overfold.points, skirt, waist], density)
    for name, cloth, uvs, (start, end) in (
        ("waist", waist, waist_uvs, (0.010, 0.046)),
        ("bundle", bundle, bundle_uvs, (0.008, 0.044)),
    ):
        blue = fabrics.linen(name, *SEA, band=fabrics.Band(start, end, 0.036), translucent=0.06)
        add_grid(name, cloth, blue, thickness=0.003, uvs=uvs)
    _add_pins(overfold, bundle, gold)
    add_back_cloak(BEHIND, fabrics.linen("behind", *SEA, translucent=0.06))


def _add_pins(overfold: Overfold, bundle: Grid, gold: fabrics.Material) -> None:
    """A brooch on each shoulder, buttons down both sleeves."""
    stone, points, degrees = fabrics.gem("stone", (0.0, 0.16, 0.30)), overfold.points, overfold.degrees
    row, column = int(len(points) * 0.10), int(np.argmin(np.abs(degrees + PIN_DEGREES * 1.02)))
    right = Vector(facing_at(points, (row, column), (0, 0.03, 1.27))) * 0.8 + Vector((-0.05, -0.75, 0.1))
    flat = bundle.reshape(-1, 3)
    left = flat[np.argmin(np.linalg.norm(flat - (0.128, -0.07, 1.415), axis=1))]
    for place, normal, cloth in (
        (points[row, column], right.normalized(), points.reshape(-1, 3)),
        (left, Vector((0.05, -0.86, 0.45)).normalized(), flat),
    ):
        near = cloth[np.linalg.norm(cloth - place, axis=1) < 0.035]
        height = float(((near - place) @ np.array(normal)).max()) + 0.002
        add_brooch(Vector(place) + normal * height, normal, 0.029, (gold, gold), stone)
    for side in (-1, 1):
        sleeve = np.flatnonzero((side * degrees > 66) & (side * degrees < 84))
        for share in (0.26, 0.42, 0.58, 0.74, 0.88) if side < 0 else (0.42, 0.58, 0.74, 0.88):
            cloth = points[int(len(points) * share), sleeve]
            place = cloth[np.argmax(side * cloth[:, 0] * 0.9 - cloth[:, 1] * 0.35)]
            normal = Vector((side * 0.72, -0.66, 0.15)).normalized()
            add_dome(Vector(place) + normal * 0.001, normal, 0.0078, gold, 0.6)
            add_ring(place, normal, 0.0088, 0.0017, gold)


DESIGN = Design(
    body=body,
    build=build,
    light=rigs.light_noon_terrace,
    grade=Grade(0.30, 1.08),
    look=scene.Look(samples=14, bounces=6),
    cut=Cut(0.012, (-0.21, 0.21, 1.30, 1.60)),
    seed=5,
)
