"""War paint put on with fingers and a stiff brush, a scar, grime, and the chieftain's blue spirals."""

from __future__ import annotations

import numpy as np

from .canvas import SIZE, Face, Sheet, blur, brush, brush_width, curve, mirrored, noise, sides, smooth

SEED = 1


def draw(face: Face) -> dict[str, np.ndarray]:
    """All stencils by name."""
    scar = _scar(face)
    return {
        "war-paint": _band(face),
        "blood-stripes": _stripes(face),
        "chin-stripe": _chin(face),
        "scar": blur(scar, 1.6),
        "scar-flush": np.clip(blur(scar, 8) * 1.9, 0, 1),
        "grime": smooth(-0.3, 1.9, noise(60, 60, SEED + 8) + 0.35 * noise(9, 9, SEED + 7)),
        "woad": _woad(face),
    }


def _wear(paint: np.ndarray, seed: int, amount: float) -> np.ndarray:
    """Paint that dried: thin along the stroke in places, gone in the skin's grain."""
    streaks = noise(26, 3, seed) + 0.5 * noise(2, 2, seed + 1)
    return paint * (1 - amount + amount * smooth(-1.3, 0.3, streaks))


def _band(face: Face) -> np.ndarray:
    """A dark band over both eyes, drawn outwards from the nose so that it frays at the temples."""
    middle = curve(face.path((143, -14, -18), (33, -34, -12), (159, -4, -4), (133, 8, -2), (168, 0, 6)), 160)
    half = brush(middle[::-1], 112, SEED, ends=0.05)
    # The bristles end at the nose unevenly: a second, shorter stroke joins the halves.
    bridge = brush(curve(face.path((157, -10, 2), (168, 0, 12), (384, 10, 2)), 120), 116, SEED + 4, ends=0.03)
    smear = brush(
        curve(face.path((130, -6, -26), (156, -6, -26), (139, 2, -30)), 120), 70, SEED + 6, ends=0.16, dryness=0.3
    )
    paint = np.maximum(mirrored(np.maximum(half, smear * 0.7)), bridge)
    return _wear(paint, SEED + 1, 0.42)


def _stripes(face: Face) -> np.ndarray:
    """Three fingers of paint down each cheek, of uneven length, each with a run that has dried below it."""
    sheet = Sheet()
    stripes = np.zeros((SIZE, SIZE), np.float32)
    for number, (landmark, reach) in enumerate(((117, 118), (118, 164), (119, 126))):
        lean = (number - 1) * 5
        top = face.at(landmark, 0, -14)
        line = curve([top, top + (lean * 0.4 - 1, reach * 0.45), top + (lean, reach)], 120)
        stripes = np.maximum(stripes, brush(line, 27, SEED + 11 + number, ends=0.05))
        if number != 2:
            start = line[-1] + (2 - 4 * number, -24)
            run = curve([start, start + (1, 26), start + (0, 44 + 18 * number)], 60)
            sheet.stroke(run, 6.5, lambda t: 1 - 0.45 * t)
            sheet.oval(run[-1] - (0, 1), (4.6, 6.6))
    drips = blur(sheet.array(), 0.8)
    both = mirrored(np.maximum(stripes, drips * 0.92))
    return _wear(both, SEED + 3, 0.30)


def _chin(face: Face) -> np.ndarray:
    """One stroke from below the lower lip over the chin, with two short ones beside it."""
    middle = brush(curve(face.path((17, 0, 24), (200, 0, 0), (152, 0, -28)), 120), 38, SEED + 5, ends=0.05)
    beside = brush(curve(face.path((201, -10, -22), (201, -10, 26)), 80), 15, SEED + 6, ends=0.08)
    return _wear(np.maximum(middle, mirrored(beside)), SEED + 9, 0.3)


def _scar(face: Face) -> np.ndarray:
    """A cut over the brow that skips the eye and goes on down the cheek, not quite straight."""
    rng = np.random.default_rng(SEED)
    stops = face.path((66, 0, -40), (52, -6, 0), (223, -6, 10), (230, -12, 30), (118, -22, 30), (205, -60, -10))
    line = curve(stops, 160)
    line = line + np.cumsum(rng.normal(0, 0.35, line.shape), axis=0)
    sheet = Sheet()
    sheet.stroke(line, 8, lambda t: np.sin(np.pi * np.clip(0.05 + 0.92 * t, 0, 1)) ** 0.7)
    for place in (0.10, 0.74, 0.84):
        # Where it was sewn.
        centre, across = line[int(place * 159)], sides(line)[int(place * 159)]
        sheet.stroke(curve([centre - across * 9, centre, centre + across * 8], 40), 3, lambda t: np.sin(np.pi * t))
    return sheet.array()


def _spiral(centre: np.ndarray, radius: float, turns: float, start: float, hand: int) -> np.ndarray:
    """A spiral inwards from `start` degrees; hand 1 is clockwise."""
    t = np.linspace(0, 1, 260)
    angle = np.radians(start) + hand * t * turns * 2 * np.pi
    reach = radius * (1 - 0.86 * t**0.9)
    return centre + np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach[:, None]


def _woad(face: Face) -> np.ndarray:
    """Blue paint: two joined spirals round one eye, claw strokes on the other cheek, a stroke on the chin."""
    paint = np.maximum(_spirals(face), _claws(face))
    chin = Sheet()
    chin.stroke(curve(face.path((17, 0, 26), (200, 0, 0), (199, 0, 30)), 80), 17, brush_width(0.4, 0.1))
    for side in (-1, 1):
        chin.disc(face.at(200, side * 28, -6), 6)
        chin.disc(face.at(200, side * 26, 20), 4.6)
    return _wear(np.maximum(paint, blur(chin.array(), 1.0)), SEED + 15, 0.25)


def _spirals(face: Face) -> np.ndarray:
    """A spiral on the forehead runs down outside the eye into a larger one on the cheek."""
    high = _spiral(face.at(299, 26, 16), 60, 1.55, 15, -1)
    low = _spiral(face.at(425, 30, -8), 84, 1.7, -30, 1)
    link = curve([high[6], high[0], face.at(383, 16, -16), face.at(265, 34, 0), low[0], low[6]], 160)[12:-12]
    sheet = Sheet()
    sheet.stroke(high, 18, lambda t: 1 - 0.6 * t)
    sheet.stroke(low, 22, lambda t: 1 - 0.6 * t)
    sheet.stroke(link, 27, lambda t: 0.72 + 0.28 * np.sin(np.pi * t))
    sheet.disc(high[-1], 8)
    sheet.disc(low[-1], 10)
    for number in range(3):
        # Dashes over the brow towards the middle, fins under the cheek's spiral.
        start = high[0] + (-96 - 44 * number, -22 + 5 * number)
        sheet.stroke(curve([start, start + (-16, -7), start + (-32, -5)], 40), 14 - 2.5 * number, brush_width(0.5))
        angle = np.radians(58 + 34 * number)
        way = np.array([np.cos(angle), np.sin(angle)])
        foot = face.at(425, 30, -8) + way * (98 - 5 * number)
        tip = foot + way * (46 - 6 * number) + (-8, 8)
        sheet.stroke(curve([foot, (foot + tip) / 2 + (5, 0), tip], 40), 15, brush_width(0.6))
    for number in range(6):
        sheet.disc(face.at(449, 34 - 29 * number, 28 + 3.2 * number - 0.9 * number**2), 7 - 0.6 * number)
    worn = smooth(-2.6, -1.1, noise(3, 3, SEED + 21) + 0.7 * noise(14, 14, SEED + 22))
    return blur(sheet.array(), 1.0) * worn


def _claws(face: Face) -> np.ndarray:
    """Four fingers drawn down the cheek."""
    claws = np.zeros((SIZE, SIZE), np.float32)
    for number, reach in enumerate((-30, 0, -8, -46)):
        start, end = (
            face.at(116, -24 + 44 * number, -18 - 8 * number),
            face.at(214, -14 + 37 * number, reach - 60 - 12 * number),
        )
        bend = (start + end) / 2 + (-14, 4)
        line = curve([start, bend, end], 120)
        claws = np.maximum(claws, brush(line, 22 - abs(number - 1.5), SEED + 31 + number, ends=0.05))
    return claws
