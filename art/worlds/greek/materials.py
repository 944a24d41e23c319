"""Marble, stone floor, sea, islands, leaves and clay."""

from __future__ import annotations

from scenery.materials import foliage, haze, make_material, surface
from scenery.nodes import ShaderGraph, Value

HAZE = (1.0, 0.50, 0.26)
MARBLE = (0.86, 0.82, 0.76)
MARBLE_VEINS = [(0.0, (0.60, 0.55, 0.51)), (0.018, tuple(0.90 * x for x in MARBLE)), (0.08, MARBLE), (1, MARBLE)]
FLOOR_COLOURS = [(0.3, (0.30, 0.23, 0.17)), (0.5, (0.52, 0.43, 0.34)), (0.7, (0.66, 0.57, 0.47))]
SLAB_M = 1.1


class Materials:
    """All materials of this world."""

    def __init__(self) -> None:
        self.marble = make_material("marble", _marble)
        self.floor = make_material("floor", _floor)
        self.sea = make_material("sea", _sea)
        self.island = make_material("island", _island)
        self.cypress = make_material("cypress", foliage((0.05, 0.10, 0.04), (0.16, 0.21, 0.08), 0.4))
        self.ivy = make_material("ivy", foliage((0.04, 0.11, 0.02), (0.16, 0.24, 0.05)))
        self.bougainvillea = make_material("bougainvillea", foliage((0.75, 0.03, 0.22), (0.95, 0.16, 0.42), 0.45))
        self.clay = make_material("clay", _clay)
        self.bark = make_material("bark", _bark)


def _marble(graph: ShaderGraph) -> Value:
    place = graph.object_place()
    warp = graph.noise(place, 1.3, 3, 0.6, 0.8, colour=True)
    vein = abs(graph.noise(graph.add_vectors(place, graph.scale_vector(warp, 1.2)), 1.1, 6, 0.62) - 0.5)
    dirt = graph.noise(graph.stretch(place, (1, 1, 0.35)), 2.2, 5, 0.68)
    colour = graph.mix(graph.remap(dirt, 0.55, 0.8, 0, 0.4), graph.ramp(vein, MARBLE_VEINS), (0.46, 0.37, 0.27))
    height = graph.noise(place, 38, 4, 0.6) * 0.25 + dirt * 0.8
    return surface(
        graph,
        Base_Color=colour,
        Roughness=graph.remap(dirt, 0.3, 0.7, 0.35, 0.62),
        Normal=graph.bump(height, 0.35, 0.03),
        Subsurface_Weight=0.12,
        Subsurface_Radius=(0.08, 0.05, 0.03),
        Subsurface_Scale=0.4,
    )


def _floor(graph: ShaderGraph) -> Value:
    place = graph.world_place()
    slabs = {"Scale": 1.0, "Mortar Size": 0.008, "Mortar Smooth": 0.2, "Brick Width": SLAB_M, "Row Height": SLAB_M}
    joint = graph.value(graph.node("TexBrick", {"Vector": place, **slabs}, offset=0.0), "Fac")
    # One random grey a slab.
    slab = graph.node("VectorMath", {0: place, 1: (SLAB_M,) * 3}, operation="DIVIDE")
    shade = graph.split(graph.cells(graph.value(slab), 1.0, randomness=0.0, output="Color"))[0]
    wear = graph.noise(place, 1.2, 5, 0.62, 1.2)
    colour = graph.mix(shade * 0.25, graph.ramp(wear, FLOOR_COLOURS), (0.42, 0.34, 0.27))
    colour = graph.mix(graph.remap(joint, 0, 1, 0, 0.8), colour, (0.16, 0.12, 0.09))
    normal = graph.bump(wear * 0.3 - joint, 0.35, 0.02)
    return surface(graph, Base_Color=colour, Roughness=graph.remap(wear, 0.3, 0.7, 0.24, 0.5), Normal=normal)


def _sea(graph: ShaderGraph) -> Value:
    place = graph.stretch(graph.world_place(), (0.35, 1, 1))
    waves = graph.noise(place, 0.22, 5, 0.6) + graph.noise(place, 1.7, 4, 0.55) * 0.25
    normal = graph.bump(waves, 0.55, 0.9)
    water = surface(graph, Base_Color=(0.012, 0.07, 0.11), Roughness=0.10, IOR=1.33, Normal=normal)
    return haze(graph, water, HAZE, 3800, limit=0.75, strength=0.8)


def _island(graph: ShaderGraph) -> Value:
    up = graph.split(graph.geometry("Normal"))[2]
    scrub = graph.remap(up + graph.noise(graph.world_place(), 0.012, 9, 0.7) * 0.6, 0.8, 1.25)
    ground = surface(graph, Base_Color=graph.mix(scrub, (0.34, 0.25, 0.18), (0.11, 0.13, 0.06)), Roughness=0.95)
    return haze(graph, ground, (0.62, 0.36, 0.34), 3000, limit=0.95, strength=0.75)


def _clay(graph: ShaderGraph) -> Value:
    place = graph.object_place()
    colour = graph.mix(graph.noise(place, 6, 8), (0.42, 0.15, 0.07), (0.66, 0.33, 0.19))
    return surface(graph, Base_Color=colour, Roughness=0.8, Normal=graph.bump(graph.noise(place, 30, 5), 0.3, 0.02))


def _bark(graph: ShaderGraph) -> Value:
    normal = graph.bump(graph.noise(graph.object_place(), 9, 8), 0.9, 0.05)
    return surface(graph, Base_Color=(0.16, 0.10, 0.06), Roughness=0.9, Normal=normal)
