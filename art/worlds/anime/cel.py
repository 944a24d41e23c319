"""Cel shading: flat colours with hard edges, and the materials that several parts of the world share."""

from __future__ import annotations

from mathutils import Vector

from scenery.materials import Shading, emission, make_material
from scenery.nodes import ShaderGraph, Value

SUN = Vector((-0.60, -0.42, 0.70)).normalized()
Colour = tuple[float, ...]


def ink_colour(hexadecimal: str) -> Colour:
    """An sRGB colour such as `#f48fb1`, as the linear light that Blender works with."""
    values = [int(hexadecimal[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values)


HAZE = ink_colour("#bfe4f7")


def ink_stops(*stops: tuple[float, str]) -> list[tuple[float, Colour]]:
    """Stops of a ramp with colours in hexadecimal."""
    return [(position, ink_colour(colour)) for position, colour in stops]


def sunlight(graph: ShaderGraph, normal: Value) -> Value:
    """How much a surface faces the sun: 0 away from it, 0.5 along it, 1 towards it."""
    return graph.math("MULTIPLY_ADD", graph.dot(normal, SUN), 0.5, 0.5)


def tones(
    graph: ShaderGraph,
    normal: Value,
    *stops: tuple[float, str],
    softness: float = 0.02,
    wobble: float = 0.0,
    wobble_scale: float = 3.0,
) -> Value:
    """Flat tones from shadow to light with almost hard edges, which a wobble makes look hand-drawn."""
    light = sunlight(graph, normal)
    if wobble:
        light = light + (graph.noise(graph.world_place(), wobble_scale, 4, 0.55) - 0.5) * wobble
    colours = ink_stops(*stops)
    hard = [(0.0, colours[0][1])]
    for (_, before), (position, colour) in zip(colours, colours[1:], strict=False):
        hard += [(max(0.0, position - softness), before), (position + softness, colour)]
    return graph.ramp(light, hard)


def soft_normal(graph: ShaderGraph, own: float, whole: float) -> Value:
    """Between a puff's own normal and that of the whole it belongs to: light falls on a cloud, not on puffs."""
    shape = graph.normalize(graph.attribute("ctr", "Vector"))
    mine = graph.scale_vector(graph.geometry("Normal"), own)
    return graph.normalize(graph.add_vectors(mine, graph.scale_vector(shape, whole)))


def fade(graph: ShaderGraph, colour: Value, distance_m: float) -> Value:
    """Aerial perspective."""
    amount = (1.0 - graph.math("EXPONENT", graph.view_distance() / -distance_m)) * 0.9
    return graph.mix(amount, colour, HAZE)


def flat(*stops: tuple[float, str], **options: float) -> Shading:
    """A material of flat tones."""
    return lambda graph: emission(graph, tones(graph, graph.geometry("Normal"), *stops, **options))


class Materials:
    """Stone, lamplight, bark, blossom and petals."""

    def __init__(self) -> None:
        stone = flat((0, "#6c7396"), (0.47, "#a3a8bd"), (0.74, "#dad8d8"), softness=0.012, wobble=0.10, wobble_scale=5)
        bark = flat((0, "#43283b"), (0.44, "#6b4148"), (0.68, "#9a6a5c"), softness=0.012, wobble=0.30, wobble_scale=5)
        self.stone = make_material("stone", stone)
        self.lamplight = make_material("lamplight", lambda graph: emission(graph, ink_colour("#ffe9a8"), 1.2))
        self.bark = make_material("bark", bark)
        self.blossom = make_material("blossom", _blossom)
        self.petal = make_material("petal", _petal)


BLOSSOM = ink_stops(
    (0, "#c4659b"), (0.22, "#dd80ae"), (0.40, "#f19ac0"), (0.54, "#f9b6d1"), (0.68, "#fdd3e3"), (0.84, "#fff6f8")
)
PETALS = ink_stops((0, "#f48fb1"), (0.3, "#f9b4cc"), (0.6, "#fdd3e0"), (1, "#fff1f5"))


def _blossom(graph: ShaderGraph) -> Value:
    light = sunlight(graph, graph.normalize(graph.attribute("ctr", "Vector")))
    light = light + (graph.attribute("rnd") - 0.5) * 0.22
    return emission(graph, graph.ramp(light, BLOSSOM, "CONSTANT"))


def _petal(graph: ShaderGraph) -> Value:
    return emission(graph, graph.ramp(graph.attribute("rnd"), PETALS, "CONSTANT"))
