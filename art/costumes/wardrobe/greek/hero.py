"""Hero: a white chlamys with a golden meander over a muscle cuirass of bronze."""

from __future__ import annotations

import math

import bpy
import numpy as np
from mathutils import Vector

from ... import fabrics, rigs
from ...design import Design
from ...drape import neck_band
from ...garments.armour import add_shell
from ...garments.chiton import add_sleeve
from ...garments.chlamys import Chlamys, add_chlamys, drape_chlamys, pin_place
from ...garments.cloaks import BackCloak, add_back_cloak
from ...grids import add_grid
from ...layers import Cut, Grade
from ...mannequin import Mannequin
from ...metalwork import add_bracer, add_brooch, add_dome, add_tube
from ...straps import add_strap, belt_line

CHLAMYS = Chlamys(pin_degrees=-58, start_degrees=33, front_degrees=9)
BEHIND = BackCloak(
    half_top=0.21,
    half_growth=0.17,
    growth_power=0.6,
    depth=0.14,
    forwards=0.15,
    folds=30,
    behind_neck=0.045,
    thickness=0.002,
)
WHITE = ((0.66, 0.62, 0.55), (0.56, 0.52, 0.46))
INNER = ((0.70, 0.66, 0.58), (0.60, 0.56, 0.50))


def body() -> Mannequin:
    """The most muscular male, with the torso of a statue."""
    torso = {
        "torso/torso-muscle-pectoral-incr": 1.0,
        "stomach/stomach-tone-incr": 1.0,
        "torso/torso-vshape-incr": 0.4,
    }
    return Mannequin(1.0, "max", targets=torso)


def _on_torso(x: float, y: float, z: float) -> bool:
    return 0.80 < z < 1.345 and abs(x) < 0.185 - 0.10 * max(0, (z - 1.30) / 0.12)


def build(body: Mannequin, density: float) -> None:
    """From the skin outwards."""
    look = {"roughness": (0.27, 0.42), "hammered": 0.02, "dent_scale": 80, "patina_scale": 26, "patina_amount": 0.22}
    bronze = fabrics.metal("bronze", (0.68, 0.41, 0.17), (0.60, 0.345, 0.135), (0.10, 0.062, 0.030), **look)
    gold, sapphire = fabrics.gold(), fabrics.gem("sapphire", (0.02, 0.10, 0.45))
    add_shell("cuirass", body, _on_torso, bronze, 0.010, relief=1.25, thickness=0.003)
    key = fabrics.meander_metal("belt", 0.040)
    add_strap("belt", body, belt_line(1.012, dip=0.018), 0.040, key, gap=0.033, thickness=0.006, rounds=90)
    _add_sun(body, gold)
    add_sleeve(body, "r", fabrics.linen("sleeve", *INNER, translucent=0.3), gold, density)
    add_bracer(body, "r", (0.06, 0.95), (bronze, gold), gap=0.012, ribs=(0.22, 0.72), ridge=0.008)
    chlamys = drape_chlamys(body, CHLAMYS, density)
    add_chlamys(chlamys, fabrics.linen("chlamys", *WHITE, band=fabrics.Band(0.022, 0.072, 0.050)), 0.0022)
    add_brooch(pin_place(chlamys), chlamys.pin_normal, 0.032, (gold, gold), sapphire)
    band = neck_band(body, 1.392, 1.462, front=-0.012, back=0.020, side=0.012)
    add_grid("neckband", band, fabrics.linen("neckband", *INNER, translucent=0.1), thickness=0.003)
    add_tube("braid", band[-1], 0.0030, gold)
    add_back_cloak(BEHIND, fabrics.linen("cloak", (0.78, 0.74, 0.66), (0.68, 0.64, 0.58), translucent=0.35))


def _add_sun(body: Mannequin, gold: bpy.types.Material) -> None:
    """A sun of sixteen rays on the breastplate."""
    centre = Vector((0, body.nearest((0, -0.4, 1.195))[0].y - 0.016, 1.135))
    for ray in range(16):
        angle = math.pi * ray / 8
        way, length = Vector((math.cos(angle), 0, math.sin(angle))), 0.036 if ray % 2 == 0 else 0.024
        reach = ((0.012, 0.001), (length * 0.7, -0.001), (length, 0.001))
        line = [centre + way * at + Vector((0, back, 0)) for at, back in reach]
        add_tube("ray", np.array(line), [0.0032, 0.0026, 0.0004], gold, 4)
    add_dome(centre + Vector((0, -0.001, 0)), (0, -1, 0), 0.013, gold, 0.6)


DESIGN = Design(
    body=body,
    build=build,
    light=rigs.light_sunset_terrace,
    grade=Grade(0.30, 1.08),
    cut=Cut(0.012, (-0.21, 0.21, 1.30, 1.60)),
    seed=5,
)
