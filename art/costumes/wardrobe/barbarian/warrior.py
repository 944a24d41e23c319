"""Warrior: a fur mantle over studded leather scales, harness straps, a red cloak."""

from __future__ import annotations

from mathutils import Vector

from ... import fabrics, rigs
from ...design import Design
from ...garments.armour import add_scales, add_shell
from ...garments.cloaks import BackCloak, add_back_cloak
from ...garments.pelts import add_mantle
from ...layers import Grade
from ...mannequin import Mannequin
from ...metalwork import add_arm_plate, add_bracer, add_brooch, add_chain, add_dome, add_ring
from ...straps import Rivets, add_strap, belt_line


def body() -> Mannequin:
    """The most muscular male."""
    return Mannequin(1.0, "max", targets={"torso/torso-muscle-pectoral-incr": 0.3})


def _on_chest(x: float, y: float, z: float) -> bool:
    return y < 0.10 and abs(x) < 0.175 and 0.86 < z < 1.335 - 0.5 * max(0, abs(x) - 0.09)


def build(body: Mannequin, density: float) -> None:
    """From the skin outwards."""
    plate = fabrics.leather("plate", (0.020, 0.009, 0.005), (0.080, 0.034, 0.016), (0.27, 0.155, 0.085))
    bracer = fabrics.leather("bracer", (0.010, 0.006, 0.006), (0.040, 0.020, 0.016), (0.16, 0.095, 0.065))
    bronze, iron = fabrics.bronze(), fabrics.iron()
    ruby = fabrics.gem("ruby", (0.5, 0.012, 0.01))
    tunic = fabrics.wool("tunic", (0.035, 0.030, 0.026), (0.085, 0.068, 0.052))
    add_shell("tunic", body, lambda x, y, z: 0.75 < z < 1.425, tunic, 0.010, wrinkles=0.010, frequency=22, upright=0.7)
    add_shell("cuirass", body, _on_chest, plate, 0.018, wrinkles=0.002, frequency=10, thickness=0.004)
    add_scales(body, _on_chest, bronze)
    _add_harness(body, bronze, iron, ruby)
    for side in ("l", "r"):
        add_arm_plate(body, side, (0.50, 0.80), (0.066, 0.064), (bracer, iron, bronze))
        add_bracer(body, side, (0.06, 0.93), (bracer, iron), studs=bronze, gap=0.018, ribs=(0.34,), ridge=0.002)
    hair = fabrics.fur(
        "fur", (0.012, 0.008, 0.006), (0.055, 0.034, 0.021), (0.19, 0.125, 0.075), (0.40, 0.31, 0.22), 0.62
    )
    mantle = add_mantle(body, fabrics.plain("hide", (0.016, 0.010, 0.007)), hair, density)
    clasps = []
    for side, column in ((1, 4), (-1, mantle.shape[1] - 5)):
        normal = Vector((side * 0.25, -1, 0.25)).normalized()
        place = Vector(mantle[11, column]) + normal * 0.034
        add_brooch(place, normal, 0.033, (bronze, iron), ruby)
        clasps.append(place)
    way, forwards = (clasps[0] - clasps[1]).normalized(), Vector((0, -0.004, 0))
    links = max(5, int((clasps[0] - clasps[1]).length * 95))
    start, end = clasps[1] + way * 0.036 + forwards, clasps[0] - way * 0.036 + forwards
    add_chain(start, end, 0.020, iron, links, 0.008, 0.0024)
    add_back_cloak(BackCloak(), fabrics.wool("cloak", (0.16, 0.014, 0.013), (0.33, 0.040, 0.026), scale=0.6))


def _add_harness(body: Mannequin, bronze: fabrics.Material, iron: fabrics.Material, ruby: fabrics.Material) -> None:
    """A belt with a great clasp, and straps that meet in a ring on the breast."""
    strap = fabrics.leather("strap", (0.012, 0.007, 0.005), (0.045, 0.022, 0.012), (0.26, 0.15, 0.08), stitched=True)
    add_strap(
        "belt", body, belt_line(1.005), 0.062, strap, gap=0.040, thickness=0.008, rivets=Rivets(0.05, bronze, 0.006)
    )
    front = body.nearest((0, -0.4, 1.005))[0].y
    add_brooch((0, front - 0.042, 1.005), (0, -1, 0), 0.045, (bronze, iron), ruby)
    crossing = Rivets(0.034, iron, 0.0048)
    for side in (-1, 1):
        upper = [(side * 0.12, -0.15, 1.265), (side * 0.10, -0.15, 1.255), (side * 0.022, -0.2, 1.205)]
        lower = [(side * 0.022, -0.2, 1.165), (side * 0.10, -0.18, 1.08), (side * 0.165, -0.08, 0.99)]
        level = [(side * 0.19, -0.08, 1.185), (side * 0.10, -0.2, 1.185), (side * 0.03, -0.2, 1.185)]
        for line in (upper, lower):
            add_strap("cross", body, line, 0.046, strap, gap=0.040, thickness=0.008, rivets=crossing)
        add_strap("level", body, level, 0.036, strap, gap=0.040, thickness=0.007, rivets=Rivets(0.03, iron, 0.004))
    place, normal = body.nearest((0, -0.3, 1.185))
    place = place + normal * 0.046
    add_ring(place + normal * 0.006, normal, 0.040, 0.0075, iron)
    add_dome(place - normal * 0.008, normal, 0.034, bronze, 0.35)
    add_dome(place + normal * 0.002, normal, 0.014, iron, 0.7)


DESIGN = Design(body=body, build=build, light=rigs.light_mountain_hall, grade=Grade(0.35, 1.06))
