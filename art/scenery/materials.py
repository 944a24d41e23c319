"""Materials and skies from shader graphs, and the shaders that all worlds share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import bpy

from .nodes import Colour, Number, ShaderGraph, Value

Shading = Callable[[ShaderGraph], Value]


def make_material(name: str, shading: Shading) -> bpy.types.Material:
    """A material from a function that builds its surface."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    _shade(material.node_tree, shading, "OutputMaterial")
    return material


def paint_sky(shading: Shading) -> None:
    """Gives the scene a sky from a function that builds its background."""
    world = bpy.context.scene.world
    world.use_nodes = True
    _shade(world.node_tree, shading, "OutputWorld")


def _shade(tree: bpy.types.NodeTree, shading: Shading, output_kind: str) -> None:
    tree.nodes.clear()
    graph = ShaderGraph(tree)
    graph.node(output_kind, {"Surface": shading(graph)})


def background(graph: ShaderGraph, colour: Colour, strength: float = 1.0) -> Value:
    """A sky of this colour."""
    return graph.value(graph.node("Background", {0: colour, 1: strength}))


def surface(graph: ShaderGraph, **inputs: Any) -> Value:
    """Blender's Principled BSDF; `Base_Color` stands for its input `Base Color`."""
    named = {name.replace("_", " "): value for name, value in inputs.items()}
    return graph.value(graph.node("BsdfPrincipled", named))


def emission(graph: ShaderGraph, colour: Colour, strength: Number = 1.0) -> Value:
    """Light of this colour, whatever falls on the surface."""
    return graph.value(graph.node("Emission", {0: colour, 1: strength}))


def transparent(graph: ShaderGraph) -> Value:
    """Nothing."""
    return graph.value(graph.node("BsdfTransparent"))


def glow(graph: ShaderGraph, colour: Colour, strength: Number) -> Value:
    """Light added to what is behind: fire, aurora, halo."""
    return graph.value(graph.node("AddShader", {0: emission(graph, colour, strength), 1: transparent(graph)}))


def mix_shaders(graph: ShaderGraph, factor: Number, first: Value, second: Value) -> Value:
    """The first shader at 0, the second at 1."""
    return graph.value(graph.node("MixShader", {0: factor, 1: first, 2: second}))


def haze(
    graph: ShaderGraph,
    shader: Value,
    colour: Sequence[float],
    distance_m: float,
    *,
    power: float = 1.0,
    limit: float = 1.0,
    strength: float = 1.0,
) -> Value:
    """Aerial perspective: fades into the air's colour with distance, never beyond `limit`."""
    thickness = (graph.view_distance() / distance_m) ** power
    amount = (1.0 - graph.math("EXPONENT", thickness * -1.0)) * limit
    return mix_shaders(graph, amount, shader, emission(graph, colour, strength))


def foliage(dark: Sequence[float], bright: Sequence[float], light_through: float = 0.35) -> Shading:
    """Leaves and petals: each a little different, with light shining through."""

    def shade(graph: ShaderGraph) -> Value:
        colour = graph.mix(graph.attribute("rnd"), dark, bright)
        front = surface(graph, Base_Color=colour, Roughness=0.5, Specular_IOR_Level=0.35)
        return mix_shaders(graph, light_through, front, graph.value(graph.node("BsdfTranslucent", {"Color": colour})))

    return shade


def mist(colour: Sequence[float], strength: float, density: Callable[[ShaderGraph], Value]) -> Shading:
    """A bank of mist on an upright card; `density` says how thick it is where, before its edges fade."""

    def shade(graph: ShaderGraph) -> Value:
        return mix_shaders(graph, density(graph), transparent(graph), emission(graph, colour, strength))

    return shade
