"""Oracle: a hood and cowl of violet velvet with an embroidered rim, a chain across the breast."""

from __future__ import annotations

import numpy as np
from mathutils import Vector

from ... import fabrics, rigs
from ...design import Design
from ...frame import Format
from ...garments.cloaks import OpenCloak, add_front_edges, lay_open_cloak
from ...garments.robes import add_hood, add_robe, add_stole, drape_cowl, stole_line
from ...grids import Grid, add_grid
from ...layers import Cut, Grade
from ...mannequin import Mannequin
from ...metalwork import add_brooch, add_chain, add_pendant, add_star_clasp

VIOLET = ((0.026, 0.007, 0.060), (0.070, 0.016, 0.125))
NIGHT = ((0.010, 0.008, 0.04), (0.014, 0.010, 0.05))


def body() -> Mannequin:
    """A slim body between male and female."""
    return Mannequin(0.6)


def build(body: Mannequin, density: float) -> None:
    """From the skin outwards."""
    silver, velvet = fabrics.silver(), fabrics.velvet
    add_robe(body, velvet("robe", (0.012, 0.014, 0.050), (0.022, 0.026, 0.085)), 1.365)
    cloak, facing = lay_open_cloak(body, OpenCloak(7, 13), density)
    add_grid("cloak", cloak, velvet("cloak", *VIOLET), thickness=0.003)
    edge = fabrics.Band(0.04, 0.96, 0.05, length=0.9, upright=True)
    add_front_edges(cloak, facing, (velvet("left edge", *NIGHT, band=edge), velvet("right edge", *NIGHT, band=edge)))
    cowl = drape_cowl(body, density)
    add_grid("cowl", cowl, velvet("cowl", *VIOLET), closed=True, thickness=0.004)
    hood = velvet("hood", *VIOLET, lining=(0.060, 0.028, 0.150))
    rim = velvet("rim", *NIGHT, band=fabrics.Band(0.14, 0.92, 0.028, length=1.1))
    add_hood((hood, velvet("hood back", *VIOLET), rim), silver, density)
    stole = velvet(
        "stole", (0.010, 0.008, 0.04), (0.016, 0.012, 0.06), band=fabrics.Band(0.07, 0.93, 0.070, upright=True)
    )
    add_stole(body, stole_line(body, 1.30, 0.78), 0.042, 0.082, stole)
    _add_chain(cowl, silver)


def _add_chain(cowl: Grid, silver: fabrics.Material) -> None:
    """A great clasp under the cowl, a chain to a brooch on each side of it, a pendant."""
    blue = fabrics.gem("blue", (0.0, 0.28, 0.62), 0.45)
    violet = fabrics.gem("violet", (0.30, 0.03, 0.60), 0.4)
    middle = Vector((0, min(float(cowl[..., 1].min()), -0.17) - 0.012, 1.262))
    add_star_clasp(middle, 0.040, silver, blue, violet)
    flat = cowl.reshape(-1, 3)
    for side in (-1, 1):
        near = flat[(np.abs(flat[:, 0] - side * 0.140) < 0.022) & (np.abs(flat[:, 2] - 1.285) < 0.022)]
        end = Vector((side * 0.140, float(near[:, 1].min()) - 0.004, 1.285))
        add_chain(middle + Vector((side * 0.045, 0.004, 0)), end, 0.016, silver, 10, 0.0062, 0.0017)
        add_brooch(end, (side * 0.3, -1, 0.2), 0.018, (silver, silver), violet, 16)
    add_pendant(middle + Vector((0, 0.004, -0.066)), 0.035, 0.017, silver, blue)


DESIGN = Design(
    body=body,
    build=build,
    light=rigs.light_hooded_cave,
    grade=Grade(0.32, 1.10),
    cut=Cut(0.004, (-0.26, 0.26, 1.28, 1.87)),
    form=Format(height_m=1.03, headroom_m=0.19),
    seed=7,
    hood=True,
)
