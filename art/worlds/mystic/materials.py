"""Rock, crystal, engraved stone, water, mountains and moon."""

from __future__ import annotations

from collections.abc import Sequence

from scenery.materials import Shading, emission, haze, make_material, surface
from scenery.nodes import ShaderGraph, Value

HAZE = (0.045, 0.12, 0.22)
HAZE_M = 34
# Where a crystal's facets are brightest.
KEY = (-0.45, -0.62, 0.64)


class Materials:
    """All materials of this world but mist and aurora."""

    def __init__(self) -> None:
        self.rock = make_material("rock", _rock)
        self.menhir = make_material("menhir", _menhir)
        self.cyan = make_material("cyan", _crystal((0.02, 0.50, 1.0), (0.0, 0.05, 0.30), 1.0))
        self.violet = make_material("violet", _crystal((0.42, 0.07, 1.0), (0.07, 0.0, 0.28), 1.2))
        self.teal = make_material("teal", _crystal((0.03, 0.85, 0.48), (0.0, 0.12, 0.12), 0.8))
        self.sign = make_material("sign", _sign)
        self.water = make_material("water", _water)
        self.moon = make_material("moon", _moon)
        self.mountain = make_material("mountain", _mountain)


def _rock(graph: ShaderGraph) -> Value:
    """Wet rock with cracks; moss where it faces up."""
    place = graph.world_place()
    coarse, fine = graph.noise(place, 0.9, 6, 0.62, 0.4), graph.noise(place, 7, 4, 0.65)
    greys = [(0.3, (0.016, 0.020, 0.030)), (0.55, (0.06, 0.066, 0.082)), (0.75, (0.12, 0.12, 0.13))]
    up = graph.split(graph.geometry("Normal"))[2]
    moss = graph.remap(up + fine * 0.8, 0.85, 1.25)
    colour = graph.mix(moss, graph.ramp(coarse, greys), (0.022, 0.075, 0.052))
    warp = graph.scale_vector(graph.noise(place, 1.5, 2, colour=True), 0.8)
    cracks = graph.remap(graph.cells(graph.add_vectors(place, warp), 1.1, "DISTANCE_TO_EDGE"), 0, 0.06)
    normal = graph.bump(coarse * 1.2 + (fine * 0.35 + cracks * 0.35), 0.9, 0.12)
    rough = graph.remap(fine, 0.35, 0.65, 0.28, 0.75)
    rock = surface(graph, Base_Color=colour, Roughness=rough, Normal=normal)
    return haze(graph, rock, HAZE, HAZE_M, power=1.4, limit=0.96)


def _crystal(colour: Sequence[float], deep: Sequence[float], strength: float) -> Shading:
    """Glows from within, more at the foot and at the edges; facets differ by where they face."""

    def shade(graph: ShaderGraph) -> Value:
        place = graph.object_place()
        inner = graph.remap(graph.noise(place, 3.0, 6, 0.6, 1.5), 0.35, 0.7)
        facing = graph.value(graph.node("LayerWeight", {"Blend": 0.35}), "Facing")
        rim = tuple(min(1, x * 0.9 + 0.06) for x in colour)
        light = graph.mix((1.0 - facing) ** 2.0, graph.mix(inner, deep, colour), rim)
        facet = graph.remap(graph.dot(graph.geometry("True Normal"), KEY), -0.5, 1.0, 0.16, 1.5)
        height = graph.split(graph.box_place())[2]
        return surface(
            graph,
            Base_Color=[x * 0.55 for x in colour],
            Roughness=0.06,
            IOR=1.55,
            Emission_Color=light,
            Emission_Strength=graph.remap(height, 0.0, 1.0, 1.5, 0.45) * strength * facet,
            Coat_Weight=0.6,
            Coat_Roughness=0.03,
            Normal=graph.bump(graph.noise(place, 2.2, 4), 0.12, 0.05),
        )

    return shade


def _menhir(graph: ShaderGraph) -> Value:
    """Standing stone with lichen."""
    place = graph.world_place()
    coarse, fine = graph.noise(place, 2.2, 6, 0.65, 0.3), graph.noise(place, 14, 4, 0.66)
    lichen = graph.remap(graph.noise(place, 3.3, 9, 0.7, 1.2), 0.54, 0.66, 0, 0.8)
    greys = graph.ramp(coarse, [(0.3, (0.07, 0.075, 0.09)), (0.7, (0.25, 0.26, 0.29))])
    normal = graph.bump(coarse + fine * 0.4, 0.9, 0.06)
    stone = surface(graph, Base_Color=graph.mix(lichen, greys, (0.06, 0.14, 0.10)), Roughness=0.75, Normal=normal)
    return haze(graph, stone, HAZE, HAZE_M, power=1.4, limit=0.96)


def _sign(graph: ShaderGraph) -> Value:
    """The light in the engraved signs, uneven as if it breathed."""
    place = graph.world_place()
    colour = graph.mix(graph.noise(place, 3, 4), (0.03, 0.45, 1.0), (0.12, 0.80, 1.0))
    return emission(graph, colour, graph.remap(graph.noise(place, 1.6, 5), 0.3, 0.7, 1.5, 4.0))


def _water(graph: ShaderGraph) -> Value:
    place = graph.world_place()
    ripples = graph.noise(graph.stretch(place, (0.6, 1, 1)), 1.6, 4) + graph.noise(place, 7, 3) * 0.12
    mirror = {"Roughness": 0.03, "IOR": 1.33, "Specular_IOR_Level": 0.9}
    water = surface(graph, Base_Color=(0.004, 0.012, 0.02), Normal=graph.bump(ripples, 0.30, 0.05), **mirror)
    return haze(graph, water, HAZE, 40, power=1.3, limit=0.9)


def _moon(graph: ShaderGraph) -> Value:
    seas = graph.noise(graph.box_place(), 2.6, 6, 0.6, 0.4)
    greys = [(0.36, (0.30, 0.40, 0.56)), (0.5, (0.70, 0.80, 0.92)), (0.62, (1, 1, 1))]
    return emission(graph, graph.ramp(seas, greys), 1.7)


def _mountain(graph: ShaderGraph) -> Value:
    up = graph.split(graph.geometry("Normal"))[2]
    snow = graph.remap(up + graph.noise(graph.world_place(), 0.25, 9, 0.65) * 0.5, 0.75, 1.05)
    rock = surface(graph, Base_Color=graph.mix(snow, (0.02, 0.028, 0.045), (0.5, 0.58, 0.7)), Roughness=0.8)
    return haze(graph, rock, (0.05, 0.12, 0.24), 75, limit=0.9)
