"""What is built of marble: two colonnades with their entablatures, the terrace, and the balustrade towards the sea."""

from __future__ import annotations

import random

from scenery.geometry import add_box, add_lathe, copy_object

from .materials import Materials

COLUMN_RADIUS = 0.40
SHAFT_FOOT, SHAFT_HEAD = 0.58, 4.16
COLUMN_TOP = SHAFT_HEAD + 0.32
ENTABLATURE = COLUMN_TOP + 0.16
COLONNADE_X = 2.75
COLUMNS_Y = (2.2, 5.4, 8.6, 11.8)
BALUSTRADE_Y = 13.9
# Originals of what is copied stand far below the ground.
OUT_OF_SIGHT = (0, 0, -60)

BASE = [(1.34, 0.20), (1.42, 0.24), (1.44, 0.29), (1.38, 0.34), (1.18, 0.36)]
BASE += [(1.12, 0.40), (1.22, 0.43), (1.24, 0.47), (1.10, 0.50), (1.02, 0.53)]
CAPITAL = [(0.90, 0.03), (0.92, 0.07), (0.88, 0.09), (1.0, 0.14), (1.22, 0.22), (1.34, 0.29), (1.30, 0.32)]
BALUSTER = [(0.10, 0), (0.10, 0.06), (0.055, 0.10), (0.06, 0.16), (0.105, 0.28)]
BALUSTER += [(0.10, 0.34), (0.05, 0.50), (0.05, 0.56), (0.09, 0.60), (0.09, 0.66)]


def build(materials: Materials, dice: random.Random) -> None:
    """Builds all of it."""
    _build_colonnades(materials, dice)
    for x in (-COLONNADE_X, COLONNADE_X):
        _build_entablature(materials, x)
    add_box("terrace", (9, 22, 0.5), (0, 4, -0.25), materials.floor)
    for i in range(3):
        size = (9.4 + i * 0.7, 22.4 + i * 0.7, 0.2)
        add_box("step", size, (0, 4, -0.35 - 0.2 * i), materials.marble, bevel=0.02)
    _build_balustrade(materials)


def _column_profile() -> list[tuple[float, float]]:
    """An Ionic column with a swelling shaft, as (radius, height)."""
    steps = [i / 29 for i in range(30)]
    shaft = [(1.0 - 0.16 * t**1.6, SHAFT_FOOT + t * (SHAFT_HEAD - SHAFT_FOOT)) for t in steps]
    capital = [(radius, SHAFT_HEAD + height) for radius, height in CAPITAL]
    return [(COLUMN_RADIUS * radius, height) for radius, height in BASE + shaft + capital]


def _build_colonnades(materials: Materials, dice: random.Random) -> None:
    marble, side = materials.marble, COLUMN_RADIUS
    flutes = {"flutes": 20, "flute_depth": 0.10, "flute_range": (0.66, SHAFT_HEAD - 0.08)}
    column = add_lathe("column", _column_profile(), 240, marble, location=OUT_OF_SIGHT, sharp_degrees=50, **flutes)
    plinth = add_box("plinth", (side * 2.95, side * 2.95, 0.2), OUT_OF_SIGHT, marble, bevel=0.02)
    abacus = add_box("abacus", (side * 2.8, side * 2.8, 0.16), OUT_OF_SIGHT, marble, bevel=0.02)
    for y in COLUMNS_Y:
        for x in (-COLONNADE_X, COLONNADE_X):
            copy_object(column, (x, y, 0), (0, 0, dice.uniform(0, 6)))
            copy_object(plinth, (x, y, 0.1))
            copy_object(abacus, (x, y, COLUMN_TOP + 0.08))


def _build_entablature(materials: Materials, x: float) -> None:
    """Architrave, frieze with triglyphs, dentils and cornice above one row of columns."""
    marble = materials.marble
    length, middle = COLUMNS_Y[-1] - COLUMNS_Y[0] + 2.2, (COLUMNS_Y[0] + COLUMNS_Y[-1]) / 2
    courses = [
        ("architrave", 0.92, length, 0.42, 0.21, 0.015),
        ("architrave", 1.0, length + 0.08, 0.10, 0.47, 0.015),
        ("frieze", 0.90, length, 0.46, 0.75, 0.01),
        ("cornice", 1.36, length + 0.3, 0.16, 1.16, 0.03),
        ("cornice", 1.5, length + 0.44, 0.10, 1.29, 0.03),
    ]
    for name, width, depth, height, z, bevel in courses:
        add_box(name, (width, depth, height), (x, middle, ENTABLATURE + z), marble, bevel=bevel)
    y = COLUMNS_Y[0] - 1.0
    while y < COLUMNS_Y[-1] + 1.1:
        for offset in (-0.12, 0, 0.12):
            add_box("triglyph", (1.0, 0.075, 0.44), (x, y + offset, ENTABLATURE + 0.75), marble, bevel=0.012)
        y += 1.07
    y = COLUMNS_Y[0] - 1.1
    while y < COLUMNS_Y[-1] + 1.1:
        add_box("dentil", (1.12, 0.12, 0.10), (x, y, ENTABLATURE + 1.03), marble)
        y += 0.24


def _build_balustrade(materials: Materials) -> None:
    marble = materials.marble
    baluster = add_lathe("baluster", BALUSTER, 32, marble, location=OUT_OF_SIGHT)
    for i in range(-13, 14):
        if i % 9 == 0:
            add_box("post", (0.42, 0.42, 1.02), (i * 0.33, BALUSTRADE_Y, 0.51), marble, bevel=0.02)
        else:
            copy_object(baluster, (i * 0.33, BALUSTRADE_Y, 0.14))
    add_box("rail", (9, 0.34, 0.14), (0, BALUSTRADE_Y, 0.07), marble, bevel=0.02)
    add_box("rail", (9, 0.36, 0.13), (0, BALUSTRADE_Y, 0.865), marble, bevel=0.03)
