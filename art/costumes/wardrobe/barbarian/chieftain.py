"""Chieftain: chain mail, a plaid pinned on the right shoulder, a wolf's pelt, a golden torc."""

from __future__ import annotations

import math

import bpy
import numpy as np
from mathutils import Vector
from scenery.materials import make_material, surface
from scenery.nodes import ShaderGraph, Value

from ... import fabrics, rigs
from ...design import Design
from ...drape import neck_band
from ...fur import Coat, grow_fur
from ...garments.armour import add_mail, add_shell
from ...garments.chlamys import Chlamys, add_chlamys, drape_chlamys, pin_place
from ...garments.cloaks import BackCloak, add_back_cloak
from ...garments.pelts import add_shoulder_pelt
from ...grids import Grid, add_grid
from ...layers import Grade
from ...mannequin import Mannequin
from ...metalwork import add_bracer, add_brooch, add_dome, add_ring, add_tube, coil
from ...straps import Rivets, add_strap, belt_line

PLAID = Chlamys(
    pin_degrees=-52,
    start_degrees=24,
    front_degrees=37,
    front_power=1.5,
    gap=0.036,
    chest_gap=0.045,
    arm_gap=0.034,
    chest_drop=0.070,
    stand=(0.014, 0.004, 0.044),
    swags=6.0,
    swag_depth=0.0190,
    fine_swags=0.30,
    hanging_folds=22,
)
GREEN, NAVY, RED, YELLOW = (0.040, 0.150, 0.100), (0.008, 0.018, 0.055), (0.50, 0.028, 0.020), (0.75, 0.55, 0.17)
# The order of threads, both ways, over SETT_M metres.
SETT = [(0, GREEN), (0.22, NAVY), (0.36, GREEN), (0.395, RED), (0.43, GREEN), (0.465, NAVY), (0.60, GREEN)]
SETT += [(0.79, YELLOW), (0.82, GREEN)]
SETT_M = 0.128


def body() -> Mannequin:
    """The most muscular male."""
    return Mannequin(1.0, "max", targets={"torso/torso-muscle-pectoral-incr": 0.3})


def build(body: Mannequin, density: float) -> None:
    """From the skin outwards."""
    leather = fabrics.leather("bracer", (0.020, 0.009, 0.005), (0.080, 0.034, 0.016), (0.27, 0.155, 0.085))
    bronze, iron, base = fabrics.bronze(), fabrics.iron(), fabrics.plain("base", (0.010, 0.008, 0.007))
    tunic = fabrics.wool("tunic", (0.035, 0.030, 0.026), (0.085, 0.068, 0.052))

    def covered(x: float, z: float) -> bool:
        return x > 0.16 and z < 1.34

    def under_tunic(x: float, y: float, z: float) -> bool:
        return 0.75 < z < 1.425 and not covered(x, z)

    def under_mail(x: float, y: float, z: float) -> bool:
        return 0.76 < z < 1.44 and not (abs(x) > 0.19 and z < 1.20) and not covered(x, z)

    add_shell("tunic", body, under_tunic, tunic, 0.010, wrinkles=0.010, frequency=22, upright=0.7)
    add_shell("base", body, under_mail, base, 0.014, levels=1)
    add_mail(body, ("r",))
    strap = fabrics.leather("strap", (0.012, 0.007, 0.005), (0.045, 0.022, 0.012), (0.26, 0.15, 0.08), stitched=True)
    add_strap(
        "belt", body, belt_line(0.985), 0.066, strap, gap=0.038, thickness=0.008, rivets=Rivets(0.045, bronze, 0.0055)
    )
    front = body.nearest((0, -0.4, 0.985))[0].y
    add_brooch((0, front - 0.044, 0.985), (0, -1, 0), 0.046, (bronze, iron), fabrics.gem("amber", (0.30, 0.16, 0.01)))
    add_bracer(body, "r", (0.06, 0.93), (leather, bronze), studs=iron)
    _add_plaid(body, density, bronze, iron)
    _add_torc(body)
    hair = fabrics.fur("fur", (0.012, 0.009, 0.007), (0.070, 0.052, 0.038), (0.20, 0.150, 0.105), (0.50, 0.43, 0.35))
    add_shoulder_pelt(body, base, hair, density)
    green = ((0.022, 0.034, 0.022), (0.055, 0.070, 0.042))
    add_back_cloak(BackCloak(), fabrics.wool("cloak", *green, scale=0.6, threads=900, trim=_zigzag))


def _add_plaid(body: Mannequin, density: float, bronze: bpy.types.Material, iron: bpy.types.Material) -> None:
    """The plaid with its fringe, and the brooch with a long pin."""
    plaid = drape_chlamys(body, PLAID, density)
    add_chlamys(plaid, make_material("tartan", _tartan), 0.004)
    wool = fabrics.fur(
        "fringe", (0.012, 0.040, 0.030), (0.020, 0.060, 0.046), (0.035, 0.085, 0.062), (0.08, 0.13, 0.095)
    )
    fringe = Coat(
        hairs=int(16000 * density),
        length=lambda u, v: 0.042 + 0 * u,
        slant=lambda u, v: 2.2 + 0 * u,
        lift=lambda u, v: 0.05 + 0 * u,
        guides=330,
        clump=0.86,
        wild=0.12,
        gravity=0.30,
        radius=0.00040,
        seed=8,
    )
    grow_fur("fringe", plaid.points[-4:], wool, fringe)
    place = pin_place(plaid)
    add_brooch(place, plaid.pin_normal, 0.040, (bronze, iron), fabrics.gem("ruby", (0.5, 0.012, 0.01)))
    stops = ((-0.062, -0.004, 0.034), (0, -0.016, 0), (0.070, -0.006, -0.040))
    add_tube("pin", [place + Vector(stop) for stop in stops], [0.0030, 0.0034, 0.0008], iron)
    add_dome(place + Vector((-0.064, -0.004, 0.035)), plaid.pin_normal, 0.0075, bronze, 0.9)


def _add_torc(body: Mannequin) -> None:
    """A padded band round the neck, and on it a torc of four twisted strands with round ends."""
    band = neck_band(body, 1.396, 1.462, front=-0.012, back=0.022, side=0.028, gap=0.010, limit=0.104)
    padding = fabrics.leather("padding", (0.020, 0.010, 0.006), (0.060, 0.028, 0.014), (0.20, 0.12, 0.07))
    add_grid("band", band, padding, thickness=0.004)
    gold = fabrics.gold(0.5, 0.08)
    line = _round_neck(band[13], 0.013, 17)
    for strand in coil(line, 4, 15 * (2 * math.pi - 2 * math.radians(17)) / (2 * math.pi), 0.0062):
        add_tube("torc", strand, 0.0050, gold)
    along = np.gradient(line, axis=0)
    for end, sign in ((0, -1), (-1, 1)):
        place, way = Vector(line[end]), Vector(along[end]).normalized() * sign
        add_dome(place + way * 0.006, way, 0.0165, gold, 0.95)
        add_ring(place - way * 0.006, way, 0.0125, 0.0036, gold)
        add_ring(place - way * 0.016, way, 0.0120, 0.0026, gold)
        add_dome(place + way * 0.020, way, 0.0075, gold, 0.9)


def _round_neck(ring: Grid, gap: float, open_degrees: float) -> Grid:
    """A line round a closed ring of points that begins behind; the line begins and ends beside its front."""
    centre = np.array([0, 0.005, 0])
    turned = np.roll(ring[:-1], len(ring) // 2, axis=0)
    t = np.linspace(0, 1, len(turned), endpoint=False)
    wanted = np.linspace(open_degrees / 360, 1 - open_degrees / 360, 260)
    line = np.stack([np.interp(wanted, t, turned[:, axis]) for axis in range(3)], 1)
    away = (line - centre) * (1, 1, 0)
    line += away / np.linalg.norm(away, axis=1, keepdims=True) * gap
    line[:, 2] -= 0.005 * np.clip(np.cos(wanted * 2 * math.pi), 0, 1)
    return line


def _tartan(graph: ShaderGraph) -> Value:
    """Warp and weft from one sett, in a twill."""
    along, up, _ = graph.split(graph.uv())

    def threads(metres: Value) -> Value:
        return graph.ramp(graph.math("FRACT", metres * (1 / SETT_M)), SETT, "CONSTANT")

    twill = graph.math("SINE", (along + up) * 2300)
    place = graph.object_place()
    broad, fuzz = graph.noise(place, 9, 6, 0.62), graph.noise(place, 420, 3, 0.6)
    colour = graph.mix(graph.remap(twill, -0.35, 0.35), threads(along + 0.02), threads(up))
    colour = graph.mix(graph.remap(broad, 0.3, 0.7, 0, 0.28), colour, (0.010, 0.007, 0.006))
    colour = graph.mix(graph.remap(fuzz, 0.45, 0.75, 0, 0.28), colour, (0.40, 0.30, 0.20))
    look = {"Roughness": 0.92, "Sheen_Weight": 0.30, "Sheen_Roughness": 0.5, "Specular_IOR_Level": 0.2}
    return surface(graph, Base_Color=colour, Normal=graph.bump(twill * 0.5 + fuzz * 1.6, 0.55, 0.0013), **look)


def _zigzag(graph: ShaderGraph) -> tuple[Value, tuple[float, float, float]]:
    """An ochre zigzag between two lines, along both edges of the cloak."""
    across, down, _ = graph.split(graph.uv())
    edge = graph.math("MINIMUM", across, 1.0 - across)
    teeth = abs(graph.math("FRACT", down * 17) - 0.5) * 0.05
    woven = graph.math("LESS_THAN", abs(edge - 0.062 - teeth), 0.006)
    for place in (0.050, 0.098):
        woven = graph.math("MAXIMUM", woven, graph.math("LESS_THAN", abs(edge - place), 0.003))
    return woven, (0.32, 0.20, 0.06)


DESIGN = Design(body=body, build=build, light=rigs.light_dawn_pass, grade=Grade(0.35, 1.06))
