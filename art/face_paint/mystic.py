"""Signs that glow on the skin. All are invented: no alphabet, no emblem."""

from __future__ import annotations

import numpy as np

from .canvas import Face, Sheet, blur, curve, leaf_width, mirrored


def draw(face: Face) -> dict[str, np.ndarray]:
    """All stencils by name."""
    return {"signs": _signs(face), "feather-signs": _feather_signs(face)}


def _line(sheet: Sheet, start: np.ndarray, end: np.ndarray, width: float) -> None:
    """A straight stroke, thin at both ends."""
    sheet.stroke(np.linspace(start, end, 40), width, lambda t: 0.35 + 0.65 * np.sin(np.pi * t) ** 0.6)


def _diamond(sheet: Sheet, centre: np.ndarray, wide: float, high: float) -> None:
    sheet.fill(centre + np.array([(0, -high), (wide, 0), (0, high), (-wide, 0)]))


def _signs(face: Face) -> np.ndarray:
    """An open eye on the forehead with rays; beads and ticks along the cheekbones; dots on the chin."""
    sheet = Sheet()
    centre = face.at(151, 0, -8)
    sheet.ring(centre, 40, 7, 205, 500)
    sheet.ring(centre, 20, 5)
    sheet.disc(centre, 7.5)
    _line(sheet, centre + (0, 52), centre + (0, 96), 8)
    sheet.disc(centre + (0, 110), 7)
    for number, (reach, length) in enumerate(((66, 30), (108, 24), (146, 17))):
        foot = centre + (-reach, -4 + number * 6)
        _line(sheet, foot, foot + (-length * 0.4, -28 + number * 2), 7.5 - number)
        sheet.disc(foot + (-12, 22), 5.6 - 0.5 * number)
    for number, place in enumerate(curve(face.path((116, -12, -34), (117, -34, 36), (50, 8, -6), (36, 12, 4)), 9)):
        if number % 2 == 0:
            sheet.disc(place, 8.6 - 0.5 * number)
        else:
            _line(sheet, place - (0, 17), place + (0, 17), 6.5)
        if number == 4:
            sheet.ring(place + (0, 46), 14, 5)
            sheet.disc(place + (0, 46), 5)
    marks = mirrored(sheet.array())
    chin = Sheet()
    chin.disc(face.at(200, 0, 10), 6)
    chin.disc(face.at(199, 0, -4), 8)
    return blur(np.maximum(marks, chin.array()), 0.7)


def _feather(sheet: Sheet, shaft: np.ndarray, barb: float, count: int) -> None:
    """A feather in line: a shaft and barbs that curve towards its tip, longest in the middle."""
    sheet.stroke(shaft, 6.5, lambda t: 1 - 0.75 * t)
    along = np.gradient(shaft, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    last = len(shaft) - 1
    for number in range(count):
        t = 0.16 + 0.78 * number / (count - 1)
        place = int(t * last)
        length = barb * np.sin(np.pi * (0.16 + 0.74 * t)) ** 0.8
        for side in (-1, 1):
            foot = shaft[place]
            middle = foot + across[place] * side * length * 0.42 + along[place] * length * 0.26
            tip = foot + across[place] * side * length * 0.58 + along[place] * length * 0.95
            sheet.stroke(curve([foot, middle, tip], 40), 4.6, lambda s: 1 - 0.85 * s)


def _feather_signs(face: Face) -> np.ndarray:
    """Three feathers fan out from the eye's outer corner over temple and cheekbone; a row of diamonds on the brow."""
    sheet = Sheet()
    root = face.at(35, 18, 2)
    tips = (
        (face.at(68, -14, -34), (-40, 4), 46),
        (face.at(139, -44, 32), (-4, -12), 38),
        (face.at(50, -34, 6), (-46, -2), 44),
    )
    for tip, bend, barb in tips:
        start = root + (tip - root) * 0.16
        _feather(sheet, curve([start, (start + tip) / 2 + bend, tip], 120), barb, 11)
    sheet.disc(root + (6, 0), 6.5)
    for number, place in enumerate(curve(face.path((119, -6, -2), (100, 0, 8), (142, -6, 20)), 4)):
        _diamond(sheet, place, 5.2 - 0.6 * number, 12 - 2 * number)
    for number in range(3):
        _diamond(sheet, face.at(151, -40 - 38 * number, 6 + 7 * number), 6 - number, 15 - 3 * number)
        sheet.disc(face.at(151, -59 - 38 * number, 10 + 8 * number), 3.6 - 0.4 * number)
    sheet.stroke(curve(face.path((18, -44, 4), (18, -22, 18), (18, -6, 22)), 60), 6.5, leaf_width(0.5))
    marks = mirrored(sheet.array())
    middle = Sheet()
    centre = face.at(151, 0, 0)
    _diamond(middle, centre, 15, 40)
    marks = np.maximum(marks, middle.array())
    hollow = Sheet()
    _diamond(hollow, centre, 9, 28)
    marks = marks * (1 - hollow.array())
    inner = Sheet()
    _diamond(inner, centre, 4.5, 14)
    _diamond(inner, face.at(9, 0, -10), 4.5, 22)
    inner.disc(face.at(9, 0, 26), 4.5)
    _diamond(inner, face.at(200, 0, 12), 5, 18)
    inner.disc(face.at(199, 0, 0), 4.5)
    return blur(np.maximum(marks, inner.array()), 0.7)
