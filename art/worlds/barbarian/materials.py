"""Stone, wood, metal, cloth, snow and pines, all of them dusted with snow where they face up."""

from __future__ import annotations

from scenery.materials import haze, make_material, mix_shaders, surface, transparent
from scenery.nodes import Colour, ShaderGraph, Value

HAZE = (0.20, 0.25, 0.32)
SNOW = (0.62, 0.69, 0.78)


class Materials:
    """All materials of this world but fire, flakes and mist."""

    def __init__(self) -> None:
        self.stone = make_material("stone", _stone)
        self.wood = make_material("wood", _wood)
        self.iron = make_material("iron", _iron)
        self.steel = make_material("steel", _steel)
        self.leather = make_material("leather", _leather)
        self.cloth = make_material("cloth", _cloth)
        self.snow = make_material("snow", _snow)
        self.mountain = make_material("mountain", _mountain)
        self.pine = make_material("pine", _pine)


def _dust_with_snow(graph: ShaderGraph, colour: Colour, patches: Value, low: float, high: float) -> Value:
    """Snow where the surface faces up, in patches."""
    up = graph.split(graph.geometry("Normal"))[2]
    return graph.mix(graph.smoothstep(up + (patches - 0.5) * 1.1, low, high), colour, SNOW)


def _stone(graph: ShaderGraph) -> Value:
    place = graph.world_place()
    coarse, fine = graph.noise(place, 1.4, 10, 0.64, 0.3), graph.noise(place, 9, 8, 0.66)
    greys = [(0.28, (0.040, 0.040, 0.044)), (0.5, (0.125, 0.120, 0.118)), (0.72, (0.23, 0.215, 0.20))]
    colour = graph.mix(graph.object_random() * 0.5, graph.ramp(coarse, greys), (0.06, 0.062, 0.072))
    lichen = graph.remap(graph.noise(place, 3.1, 9, 0.7, 1.0), 0.57, 0.68, 0, 0.7)
    colour = graph.mix(lichen, colour, (0.13, 0.14, 0.085))
    warp = graph.scale_vector(graph.noise(place, 2, 4, colour=True), 0.7)
    cracks = graph.remap(graph.cells(graph.add_vectors(place, warp), 0.9, "DISTANCE_TO_EDGE"), 0, 0.035)
    normal = graph.bump(coarse + fine * 0.4 + cracks * 0.3, 0.9, 0.07)
    colour = _dust_with_snow(graph, colour, fine, 0.80, 1.0)
    rough = graph.remap(fine, 0.3, 0.7, 0.5, 0.9)
    stone = surface(graph, Base_Color=colour, Roughness=rough, Normal=normal)
    return haze(graph, stone, HAZE, 70, power=1.3, limit=0.9, strength=0.8)


def _wood(graph: ShaderGraph) -> Value:
    grain = graph.noise(graph.stretch(graph.object_place(), (14, 14, 0.9)), 1.5, 8, 0.6, 0.4)
    browns = [(0.3, (0.022, 0.014, 0.009)), (0.55, (0.085, 0.05, 0.03)), (0.75, (0.17, 0.11, 0.07))]
    colour = _dust_with_snow(graph, graph.ramp(grain, browns), graph.noise(graph.world_place(), 6, 6), 0.8, 1.0)
    return surface(graph, Base_Color=colour, Roughness=0.75, Normal=graph.bump(grain, 0.8, 0.03))


def _iron(graph: ShaderGraph) -> Value:
    place = graph.world_place()
    rust = [(0.4, (0.06, 0.058, 0.056)), (0.65, (0.18, 0.17, 0.16)), (0.8, (0.20, 0.09, 0.04))]
    rough = graph.remap(graph.noise(place, 11, 5), 0.3, 0.7, 0.3, 0.6)
    normal = graph.bump(graph.noise(place, 16, 6), 0.35, 0.03)
    colour = graph.ramp(graph.noise(place, 7, 8, 0.65), rust)
    return surface(graph, Base_Color=colour, Metallic=0.9, Roughness=rough, Normal=normal)


def _steel(graph: ShaderGraph) -> Value:
    place = graph.world_place()
    rough = graph.remap(graph.noise(place, 13, 7), 0.3, 0.7, 0.16, 0.5)
    normal = graph.bump(graph.noise(place, 22, 6), 0.2, 0.02)
    return surface(graph, Base_Color=(0.52, 0.53, 0.55), Metallic=1.0, Roughness=rough, Normal=normal)


def _leather(graph: ShaderGraph) -> Value:
    place = graph.world_place()
    colour = graph.mix(graph.noise(place, 5, 7), (0.07, 0.03, 0.016), (0.22, 0.10, 0.05))
    return surface(graph, Base_Color=colour, Roughness=0.6, Normal=graph.bump(graph.noise(place, 40, 5), 0.4, 0.02))


def _cloth(graph: ShaderGraph) -> Value:
    """Teal wool with chevron bands in ochre: a textile, no emblem."""
    u, v, _ = graph.split(graph.uv())
    place = graph.world_place()
    colour = graph.ramp(graph.noise(place, 3, 8, 0.65), [(0.3, (0.012, 0.040, 0.050)), (0.7, (0.040, 0.110, 0.125))])
    worn = graph.remap(graph.noise(place, 9, 7, 0.7), 0.36, 0.5, 0.35, 0.95)
    colour = graph.mix(_weave(graph, u, v) * worn, colour, (0.62, 0.40, 0.17))
    normal = graph.bump(graph.noise(graph.uv(), 160, 3), 0.25, 0.02)
    wool = surface(graph, Base_Color=colour, Roughness=0.85, Sheen_Weight=0.25, Normal=normal)
    tears = graph.noise(graph.join(u * 7, 0.0, graph.object_random()), 1.2, 7, 0.7)
    torn = graph.math("LESS_THAN", v + (tears - 0.5) * 0.30, 0.10)
    return mix_shaders(graph, torn, wool, transparent(graph))


def _weave(graph: ShaderGraph, u: Value, v: Value) -> Value:
    """1 where the ochre thread shows: chevrons within bands, and both borders."""
    zigzag = abs(graph.math("FRACT", u * 4.0) - 0.5)
    stripes = graph.math("LESS_THAN", graph.math("FRACT", v * 16.0 + zigzag * 1.6), 0.34)
    bands = graph.math("LESS_THAN", graph.math("FRACT", v * 2.6 + 0.15), 0.42)
    borders = graph.math("GREATER_THAN", abs(u - 0.5), 0.44)
    return graph.math("MINIMUM", stripes * bands + borders, 1.0)


def _snow(graph: ShaderGraph) -> Value:
    place = graph.world_place()
    drifts, grains = graph.noise(place, 1.1, 9, 0.6), graph.noise(place, 26, 5, 0.6)
    bare = graph.smoothstep(drifts, 0.44, 0.62, 0, 0.85)
    snow = surface(
        graph,
        Base_Color=graph.mix(bare, (0.60, 0.67, 0.77), (0.055, 0.052, 0.05)),
        Roughness=0.6,
        Subsurface_Weight=0.25,
        Subsurface_Radius=(0.1, 0.14, 0.2),
        Subsurface_Scale=0.2,
        Normal=graph.bump(drifts + grains * 0.15, 0.6, 0.12),
    )
    return haze(graph, snow, HAZE, 70, power=1.3, limit=0.9, strength=0.8)


def _mountain(graph: ShaderGraph) -> Value:
    patches = graph.noise(graph.world_place(), 0.02, 10, 0.68)
    up = graph.split(graph.geometry("Normal"))[2]
    covered = graph.smoothstep(up + (patches - 0.5) * 0.9, 0.57, 0.70)
    rock = surface(graph, Base_Color=graph.mix(covered, (0.020, 0.024, 0.032), (0.74, 0.80, 0.88)), Roughness=0.9)
    return haze(graph, rock, (0.24, 0.30, 0.38), 3200, limit=0.85, strength=0.8)


def _pine(graph: ShaderGraph) -> Value:
    needles = graph.mix(graph.attribute("rnd"), (0.008, 0.02, 0.012), (0.03, 0.055, 0.03))
    colour = _dust_with_snow(graph, needles, graph.noise(graph.world_place(), 1.2, 5), 0.62, 0.9)
    return haze(graph, surface(graph, Base_Color=colour, Roughness=0.8), HAZE, 110, limit=0.9, strength=0.8)
