"""Sorcerer: a mantle of raven feathers, a high collar, teal velvet with silver signs."""

from __future__ import annotations

import numpy as np
from mathutils import Vector

from ... import fabrics, rigs
from ...design import Design
from ...drape import neck_band
from ...garments.cloaks import OpenCloak, add_front_edges, lay_open_cloak
from ...garments.feathers import add_feather_mantle
from ...garments.robes import add_high_collar, add_robe, add_stole, belt_round, stole_line
from ...grids import Grid, add_grid
from ...layers import Cut, Grade
from ...mannequin import Mannequin
from ...metalwork import add_brooch, add_chain, add_dome, add_pendant, add_ring, add_star_clasp, add_tube
from ...straps import add_strap

TEAL = ((0.004, 0.030, 0.044), (0.008, 0.066, 0.084))
NIGHT = ((0.010, 0.008, 0.04), (0.014, 0.010, 0.05))
PALE = (0.42, 0.95, 0.88)
BELT_Z, CLASP_Z = 1.02, 1.275


def body() -> Mannequin:
    """A slim body between male and female."""
    return Mannequin(0.6)


def build(body: Mannequin, density: float) -> None:
    """From the skin outwards."""
    silver, velvet = fabrics.silver(), fabrics.velvet
    add_robe(body, velvet("robe", (0.010, 0.022, 0.040), (0.018, 0.040, 0.068)), 1.395)
    cloak, facing = lay_open_cloak(body, OpenCloak(12, 16), density)
    add_grid("cloak", cloak, velvet("cloak", *TEAL), thickness=0.003)
    edge = fabrics.Band(0.04, 0.96, 0.05, length=0.9, upright=True)
    strips = tuple(velvet(f"{side} edge", *NIGHT, band=edge, glow=PALE) for side in ("left", "right"))
    add_front_edges(cloak, facing, strips)
    mantle = add_feather_mantle(body)
    ring = neck_band(body, 1.398, 1.484, front=-0.014, back=0.024, side=0, gap=0.0095, limit=0.098)
    band = fabrics.Band(0.42, 0.96, 0.044, length=0.45)
    add_grid("neckband", ring, velvet("neckband", (0.010, 0.020, 0.04), (0.014, 0.030, 0.05), band=band, glow=PALE))
    add_tube("cord", ring[-1], 0.0028, silver)
    lining = fabrics.Band(0.66, 0.93, 0.034, length=0.80)
    inside = velvet("lining", (0.030, 0.006, 0.060), (0.060, 0.012, 0.105), band=lining, glow=PALE)
    add_high_collar(velvet("collar", *TEAL), inside, silver, density)
    line = stole_line(body, 1.392, 0.80)
    stole = fabrics.Band(0.07, 0.93, 0.066, upright=True)
    add_stole(
        body, line, 0.034, 0.078, velvet("stole", (0.010, 0.018, 0.04), (0.016, 0.026, 0.06), band=stole, glow=PALE)
    )
    belt = belt_round(body, BELT_Z, 0.030, _depth(line, BELT_Z) - 0.040)
    signs = fabrics.Band(0.12, 0.88, 0.036, upright=True)
    cloth = velvet("belt", (0.006, 0.010, 0.02), (0.010, 0.016, 0.03), band=signs, glow=PALE)
    add_strap("belt", body, [tuple(point) for point in belt], 0.046, cloth, thickness=0.007, on_body=False)
    _add_clasps(line, belt, mantle, ring, silver)


def _depth(line: Grid, z: float) -> float:
    return float(line[int(np.argmin(np.abs(line[:, 2] - z))), 1])


def _add_clasps(line: Grid, belt: Grid, mantle: Grid, ring: Grid, silver: fabrics.Material) -> None:
    """A great clasp on the breast with chains to the mantle, one at the belt, a gem at the throat."""
    blue, violet = fabrics.gem("blue", (0.0, 0.28, 0.62), 0.45), fabrics.gem("violet", (0.30, 0.03, 0.60), 0.4)
    green = fabrics.gem("green", (0.0, 0.42, 0.36), 0.5)
    middle = Vector((0, min(_depth(line, CLASP_Z) - 0.046, -0.15), CLASP_Z))
    add_star_clasp(middle, 0.034, silver, green, violet)
    rows, columns = mantle.shape[:2]
    for side in (-1, 1):
        column = int(columns * 0.035) if side > 0 else columns - 1 - int(columns * 0.035)
        end = Vector(mantle[int(rows * 0.36), column]) + Vector((0, -0.030, 0))
        add_brooch(end, (side * 0.25, -1, 0.2), 0.019, (silver, silver), green, 16)
        for start, stop, sag, links, radius, wire in (
            ((0.040, 0.002), (0.018, -0.004), 0.014, 8, 0.0062, 0.0017),
            ((0.036, -0.014), (0.008, -0.016), 0.034, 12, 0.0050, 0.0014),
        ):
            first = middle + Vector((side * start[0], 0.002, start[1]))
            add_chain(first, end + Vector((-side * stop[0], 0, stop[1])), sag, silver, links, radius, wire)
    add_pendant(middle + Vector((0, 0.004, -0.054)), 0.030, 0.016, silver, green)
    add_star_clasp((0, float(belt[:, 1].min()) - 0.010, BELT_Z), 0.028, silver, blue, violet)
    throat = Vector((0, float(ring[9, :, 1].min()) - 0.010, 1.428))
    add_dome(throat, (0, -1, 0.1), 0.0125, green, 0.7)
    add_ring(throat, (0, -1, 0.1), 0.0145, 0.003, silver)


DESIGN = Design(
    body=body,
    build=build,
    light=rigs.light_moonlit_cave,
    grade=Grade(0.32, 1.10),
    cut=Cut(0.012, (-0.24, 0.24, 1.28, 1.66)),
    seed=7,
)
