"""The sea and the islands on the horizon."""

from __future__ import annotations

from mathutils import Vector, noise

from scenery.geometry import add_flat, add_terrain

from .materials import Materials

SEA_LEVEL = -14
# Centre, size and height in metres, and the seed of the ridges.
ISLANDS = [
    ((-620, 2300), (1500, 700), 330, 3),
    ((900, 2900), (1700, 800), 520, 8),
    ((260, 4200), (1500, 700), 300, 15),
    ((-1700, 4600), (2400, 900), 640, 21),
]


def build(materials: Materials) -> None:
    """Builds both."""
    add_flat("sea", 9000, (15, SEA_LEVEL), (15000, SEA_LEVEL), materials.sea)
    for centre, size, height, seed in ISLANDS:
        _raise_island(materials, centre, size, height, seed)


def _raise_island(
    materials: Materials, centre: tuple[float, float], size: tuple[float, float], height: float, seed: int
) -> None:
    def height_at(x: float, y: float) -> float:
        u, v = (x - centre[0]) / (size[0] / 2), (y - centre[1]) / (size[1] / 2)
        place = Vector((x / size[0] * 3 + seed, y / size[1] * 3, seed))
        ridges = noise.ridged_multi_fractal(place, 0.9, 2.1, 7, 1.0, 2.0) * 0.42
        return -16 + height * max(0, 1 - u * u - v * v) ** 0.8 * (0.25 + 0.6 * ridges)

    add_terrain("island", (150, 90), size, height_at, materials.island, centre)
