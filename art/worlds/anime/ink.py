"""Outlines: a second, slightly larger hull in ink, of which only the inside shows."""

from __future__ import annotations

import bpy

from scenery.geometry import add_to_scene
from scenery.materials import emission, make_material, mix_shaders, transparent
from scenery.nodes import ShaderGraph, Value

from .cel import ink_colour

LINE_M = 0.03
INK = ink_colour("#3a2140")


def outline(things: list[bpy.types.Object]) -> None:
    """Draws the outlines of all given objects."""
    material = make_material("ink", _inside_only)
    for thing in things:
        solid = _as_mesh(thing) if thing.type == "CURVE" else thing
        solid.data.materials.append(material)
        hull = solid.modifiers.new("hull", "SOLIDIFY")
        hull.thickness, hull.offset = -LINE_M, -1
        hull.use_flip_normals, hull.use_rim = True, False
        hull.material_offset = len(solid.data.materials) - 1


def _inside_only(graph: ShaderGraph) -> Value:
    return mix_shaders(graph, graph.geometry("Backfacing"), emission(graph, INK), transparent(graph))


def _as_mesh(curve: bpy.types.Object) -> bpy.types.Object:
    """Replaces a curve by a mesh: the modifier does not work on curves."""
    bpy.context.view_layer.update()
    evaluated = curve.evaluated_get(bpy.context.evaluated_depsgraph_get())
    solid = bpy.data.objects.new(curve.name, bpy.data.meshes.new_from_object(evaluated))
    solid.location = curve.location
    bpy.data.objects.remove(curve)
    return add_to_scene(solid)
