"""Materials of the painted costumes: leather, wool, linen, velvet, fur, metals and gems. Colours are linear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bpy
from scenery.materials import make_material, mix_shaders, surface
from scenery.nodes import Number, ShaderGraph, Value

from . import patterns

Colour = Sequence[float]
Material = bpy.types.Material
# A factor and a colour that are mixed over the cloth.
Trim = Callable[[ShaderGraph], tuple[Value, Colour]]


@dataclass(frozen=True)
class Band:
    """A woven band: where it lies on the UV's second axis (with `upright` the first), and how high it is, in metres.

    `length` is how many metres the UV's other axis is long.
    """

    start: float
    end: float
    height: float
    length: float = 1.0
    upright: bool = False


def _inside(graph: ShaderGraph, value: Value, low: float, high: float) -> Value:
    return graph.math("GREATER_THAN", value, low) * graph.math("LESS_THAN", value, high)


def _threads(graph: ShaderGraph, place: Number, count: float) -> Value:
    return graph.math("SINE", place * count)


def leather(name: str, dark: Colour, bright: Colour, worn: Colour, *, stitched: bool = False) -> Material:
    """Grained leather, worn where it sticks out; `stitched` sews both edges of a strap."""

    def shade(graph: ShaderGraph) -> Value:
        place = graph.object_place()
        broad, grain, fine = graph.noise(place, 14, 8, 0.62), graph.cells(place, 420), graph.noise(place, 90, 5, 0.6)
        wear = graph.remap(graph.geometry("Pointiness"), 0.52, 0.58) * graph.remap(fine, 0.35, 0.6)
        height = grain * 0.5 + broad * 1.5
        colour = graph.mix(graph.remap(broad, 0.32, 0.68), dark, bright)
        across, along, _ = graph.split(graph.uv())
        edge = abs(across - 0.5)
        if stitched:
            wear = graph.math("MAXIMUM", wear, graph.remap(edge, 0.40, 0.5) * graph.remap(fine, 0.38, 0.56))
        scratches = graph.noise(graph.stretch(place, (1, 1, 0.15)), 70, 4, 0.7)
        wear = graph.math("MAXIMUM", wear, graph.remap(scratches, 0.63, 0.75, 0, 0.55))
        colour = graph.mix(wear, colour, worn)
        if stitched:
            stitch = graph.math("LESS_THAN", abs(edge - 0.39), 0.022)
            stitch = stitch * graph.math("GREATER_THAN", _threads(graph, along, 900), -0.45)
            colour, height = graph.mix(stitch, colour, (0.42, 0.31, 0.19)), height + stitch * 1.2
        rough = graph.remap(fine, 0.3, 0.7, 0.32, 0.58) + wear * 0.1
        bump = graph.bump(height, 0.35, 0.0016)
        return surface(graph, Base_Color=colour, Roughness=rough, Specular_IOR_Level=0.45, Normal=bump)

    return make_material(name, shade)


def metal(
    name: str,
    first: Colour,
    second: Colour,
    patina: Colour,
    *,
    roughness: tuple[float, float] = (0.2, 0.45),
    hammered: float = 0.5,
    dent_scale: float = 60,
    patina_scale: float = 22,
    patina_amount: float = 1.0,
) -> Material:
    """Hammered, scratched metal with patina in its hollows and bare edges."""
    bare = tuple(min(1, channel * 1.7 + 0.05) for channel in first)

    def shade(graph: ShaderGraph) -> Value:
        place = graph.object_place()
        broad, fine = graph.noise(place, patina_scale, 8, 0.65), graph.noise(place, 160, 4, 0.6)
        dents, point = graph.cells(place, dent_scale, "SMOOTH_F1"), graph.geometry("Pointiness")
        hollow = broad + graph.remap(point, 0.44, 0.52, 0.35, -0.05)
        old = graph.remap(hollow, 0.52, 0.68) * patina_amount
        colour = graph.mix(old, graph.mix(graph.remap(broad, 0.4, 0.62), first, second), patina)
        colour = graph.mix(graph.remap(point, 0.52, 0.60, 0, 0.6), colour, bare)
        scratches = graph.noise(graph.stretch(place, (0.3, 1, 1)), 240, 3, 0.7)
        rough = graph.remap(fine, 0.3, 0.7, *roughness) + old * 0.3
        bump = graph.bump(dents * hammered + scratches * 0.12, 0.4, 0.004)
        return surface(graph, Base_Color=colour, Metallic=1.0 - old * 0.75, Roughness=rough, Normal=bump)

    return make_material(name, shade)


def bronze() -> Material:
    """Dark bronze with a green patina."""
    return metal("bronze", (0.44, 0.235, 0.080), (0.22, 0.105, 0.040), (0.045, 0.062, 0.045))


def gold(patina_amount: float = 0.6, hammered: float = 0.25) -> Material:
    """Gold, brown in its hollows."""
    look = {"roughness": (0.14, 0.30), "hammered": hammered, "patina_amount": patina_amount}
    return metal("gold", (1.0, 0.66, 0.24), (0.90, 0.52, 0.16), (0.26, 0.12, 0.04), **look)


def iron() -> Material:
    """Iron with rust."""
    look = {"roughness": (0.28, 0.5), "patina_amount": 0.7}
    return metal("iron", (0.36, 0.35, 0.34), (0.12, 0.115, 0.11), (0.09, 0.045, 0.025), **look)


def silver(
    first: Colour = (0.42, 0.43, 0.50),
    second: Colour = (0.26, 0.27, 0.36),
    roughness: tuple[float, float] = (0.22, 0.42),
) -> Material:
    """Silver, blue in its hollows."""
    look = {"roughness": roughness, "hammered": 0.12, "dent_scale": 80, "patina_scale": 16, "patina_amount": 0.7}
    return metal("silver", first, second, (0.04, 0.04, 0.07), **look)


def gem(name: str, colour: Colour, glow: float = 0.0) -> Material:
    """A polished stone; the mystic ones glow."""
    look = {"Roughness": 0.06, "Coat_Weight": 1.0, "Transmission_Weight": 0.35, "IOR": 1.7}
    light = {"Emission_Color": colour, "Emission_Strength": glow}
    return make_material(name, lambda graph: surface(graph, Base_Color=colour, **look, **light))


def plain(name: str, colour: Colour) -> Material:
    """A dull surface under fur, feathers and mail."""
    return make_material(name, lambda graph: surface(graph, Base_Color=colour, Roughness=0.9))


def wool(
    name: str, dark: Colour, bright: Colour, *, scale: float = 1.0, threads: float = 2100, trim: Trim | None = None
) -> Material:
    """A coarse weave with fuzz."""

    def shade(graph: ShaderGraph) -> Value:
        place = graph.object_place()
        broad, fuzz = graph.noise(place, 9 * scale, 7, 0.65), graph.noise(place, 300, 3, 0.6)
        x, y, z = graph.split(place)
        weave = _threads(graph, x + y, threads) * _threads(graph, z, threads)
        colour = graph.mix(graph.remap(broad, 0.3, 0.7), dark, bright)
        colour = graph.mix(graph.remap(weave * 0.25 + fuzz, 0.3, 0.75, 0, 0.42), colour, (0, 0, 0))
        if trim:
            factor, thread = trim(graph)
            colour = graph.mix(factor, colour, thread)
        bump = graph.bump(weave * 0.5 + fuzz * 1.2, 0.55, 0.0012)
        look = {"Roughness": 0.95, "Sheen_Weight": 0.35, "Sheen_Roughness": 0.5, "Specular_IOR_Level": 0.2}
        return surface(graph, Base_Color=colour, Normal=bump, **look)

    return make_material(name, shade)


def linen(name: str, dark: Colour, bright: Colour, *, band: Band | None = None, translucent: float = 0.25) -> Material:
    """Thin cloth with light shining through; a band carries a golden meander. With a band, UVs are metres."""

    def shade(graph: ShaderGraph) -> Value:
        place = graph.object_place()
        broad, thread, fuzz = (
            graph.noise(place, 7, 6, 0.6),
            graph.noise(place, 1100, 2, 0.5),
            graph.noise(place, 260, 3, 0.6),
        )
        colour, height = graph.mix(graph.remap(broad, 0.3, 0.7), dark, bright), thread * 0.16 + fuzz
        woven, along, across = None, *graph.split(graph.uv())[:2]
        if band:
            key = patterns.meander(
                graph, along * (band.length / band.height), graph.remap(across, band.start, band.end)
            )
            woven = _inside(graph, across, band.start, band.end) * key
            height = height + woven * 3.0
        look = {"Roughness": 0.85, "Sheen_Weight": 0.15, "Specular_IOR_Level": 0.2}
        cloth = surface(graph, Base_Color=colour, Normal=graph.bump(height, 0.4, 0.0012), **look)
        shining = graph.value(graph.node("BsdfTranslucent", {"Color": colour}))
        cloth = mix_shaders(graph, translucent, cloth, shining)
        if woven is None:
            return cloth
        twist = graph.bump(height + _threads(graph, along + across, 3000), 0.5, 0.0012)
        golden = graph.mix(fuzz, (0.95, 0.60, 0.20), (0.50, 0.26, 0.06))
        return mix_shaders(
            graph, woven, cloth, surface(graph, Base_Color=golden, Metallic=0.85, Roughness=0.38, Normal=twist)
        )

    return make_material(name, shade)


def meander_metal(name: str, height: float) -> Material:
    """A gilded belt with a raised meander; the UV is that of a strap."""

    def shade(graph: ShaderGraph) -> Value:
        across, along, _ = graph.split(graph.uv())
        key = patterns.meander(graph, along * (1 / height), across)
        rough = graph.remap(graph.noise(graph.object_place(), 120, 4), 0.3, 0.7, 0.18, 0.36)
        colour = graph.mix(key, (0.16, 0.075, 0.03), (1.0, 0.66, 0.25))
        return surface(graph, Base_Color=colour, Metallic=1.0, Roughness=rough, Normal=graph.bump(key, 0.8, 0.002))

    return make_material(name, shade)


def velvet(
    name: str,
    dark: Colour,
    bright: Colour,
    *,
    band: Band | None = None,
    lining: Colour | None = None,
    glow: Colour = (0.10, 0.75, 1.0),
) -> Material:
    """Velvet with sheen and sparks of silver thread; a band is embroidered with signs that glow a little."""

    def shade(graph: ShaderGraph) -> Value:
        place = graph.object_place()
        fuzz, pile = graph.noise(place, 330, 3, 0.6), graph.noise(place, 900, 2, 0.5)
        colour = graph.mix(graph.remap(graph.noise(place, 8, 6, 0.6), 0.3, 0.7), dark, bright)
        shade_over = graph.remap(graph.noise(place, 3.2, 3), 0.45, 0.7, 0, 0.45)
        colour = graph.mix(shade_over, colour, tuple(channel * 0.45 for channel in dark))
        height, embroidered = pile * 0.25 + fuzz, None
        if band:
            along, across, _ = graph.split(graph.uv())
            along, across = (across, along) if band.upright else (along, across)
            inside = _inside(graph, across, band.start, band.end)
            sign = patterns.signs(graph, along * (band.length / band.height), graph.remap(across, band.start, band.end))
            embroidered = inside * sign
            colour, height = graph.mix(inside * 0.75, colour, (0.012, 0.010, 0.045)), height + embroidered * 3.0
        if lining:
            colour = graph.mix(graph.geometry("Backfacing"), colour, lining)
        look = {"Roughness": 0.78, "Sheen_Weight": 0.3, "Sheen_Roughness": 0.35, "Specular_IOR_Level": 0.25}
        bump = graph.bump(height, 0.4, 0.0012)
        cloth = surface(graph, Base_Color=colour, Sheen_Tint=(0.65, 0.45, 1.0), Normal=bump, **look)
        cloth = mix_shaders(graph, graph.remap(graph.cells(place, 27), 0.035, 0.075, 1, 0), cloth, _spark(graph))
        if embroidered is None:
            return cloth
        light = {"Emission_Color": glow, "Emission_Strength": 0.75}
        thread_bump = graph.bump(height + pile, 0.5, 0.0012)
        thread = surface(
            graph, Base_Color=(0.10, 0.42, 0.62), Metallic=0.5, Roughness=0.45, Normal=thread_bump, **light
        )
        return mix_shaders(graph, embroidered, cloth, thread)

    return make_material(name, shade)


def _spark(graph: ShaderGraph) -> Value:
    look = {"Metallic": 0.8, "Roughness": 0.35, "Emission_Color": (0.5, 0.7, 1.0), "Emission_Strength": 0.35}
    return surface(graph, Base_Color=(0.75, 0.80, 1.0), **look)


def fur(name: str, root: Colour, dark: Colour, bright: Colour, tip: Colour, tip_start: float = 0.6) -> Material:
    """Hair, dark at the root and pale at the tip; every hair and every tuft a little different."""

    def shade(graph: ShaderGraph) -> Value:
        hair = graph.node("HairInfo")
        along, tint = graph.value(hair, "Intercept"), graph.attribute("tint")
        colour = graph.mix(graph.value(hair, "Random"), dark, bright)
        colour = graph.mix(tint * 0.75, colour, tuple(channel * 0.35 for channel in dark))
        colour = graph.mix(graph.remap(along, tip_start, 1.0, 0, 0.8), colour, tip)
        colour = graph.mix(graph.remap(along, 0.0, 0.45, 0.9, 0), colour, root)
        inputs = {"Color": colour, "Roughness": 0.42, "Radial Roughness": 0.55}
        return graph.value(graph.node("BsdfHairPrincipled", inputs, model="CHIANG", parametrization="COLOR"))

    return make_material(name, shade)
