"""Figures on made-up portraits: where each face's points are taken from, and what is counted as kept, same and moved."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from photobooth_quality.comparison import Comparison, Photo, compare
from photobooth_quality.figures import all_figures, as_table, summarise
from photobooth_quality.recognition import CHIP_SIDE, cut_chip
from photobooth_quality.skin import median_skin, shift, to_lab

POINTS = np.array([[30, 40], [44, 41], [66, 41], [80, 40], [55, 70]], float)


class StandIn:
    """Recognises a face by its colour, and finds the faces that it was told."""

    def __init__(self, *found: list[np.ndarray]) -> None:
        self.found = list(found)

    def find_faces(self, picture: Image.Image) -> list[np.ndarray]:
        """The next answer."""
        return self.found.pop(0)

    def describe(self, picture: Image.Image, points: np.ndarray) -> np.ndarray:
        """Red, green and blue at the nose's base."""
        return np.array(picture.getpixel(tuple(points[4].astype(int))), float) / 255


def flat(colour: tuple[int, int, int]) -> Image.Image:
    """A picture of one colour."""
    return Image.new("RGB", (110, 110), colour)


class CompareTest(unittest.TestCase):
    """One photo and one portrait."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.portrait = Path(folder.name, "hero.png")
        self.photo = flat((200, 150, 120))
        flat((200, 150, 60)).save(self.portrait)

    def compare(self, outcome: dict, faces: int = 1, recogniser: StandIn | None = None) -> Comparison:
        """Compares with a report of this content."""
        self.portrait.with_suffix(".json").write_text(json.dumps(outcome), encoding="utf-8")
        comparison = Comparison("photo", ("glasses",), "greek", "hero", faces)
        compare(comparison, Photo(self.photo, recogniser or StandIn()), self.portrait)
        return comparison

    def test_a_report_that_names_points_and_skin_is_believed(self) -> None:
        guest = {"costume": "full", "reason": None, "photo_points": POINTS.tolist(), "portrait_points": POINTS.tolist()}
        guest["skin"] = {"photo": [60, 10, 10], "portrait": [64, 10, 12]}
        found = self.compare({"report": {"faces": 1, "guests": [guest, {**guest, "costume": "lighter"}]}})
        self.assertEqual((found.kept, found.guests, found.in_costume), (1, 2, 1))
        self.assertAlmostEqual(found.distances[0], 60 / 255)
        self.assertAlmostEqual(found.lightnesses[0], 4)
        self.assertAlmostEqual(found.hues[0], np.degrees(np.arctan2(12, 10)) - 45)

    def test_without_points_faces_are_looked_for(self) -> None:
        found = self.compare({"report": {"faces": 1}}, recogniser=StandIn([POINTS], [POINTS]))
        self.assertEqual((found.kept, found.guests, len(found.distances)), (1, 0, 1))
        self.assertGreater(found.hues[0], 15, "a yellower portrait")

    def test_unequal_numbers_of_faces_are_not_compared(self) -> None:
        found = self.compare({"report": {"faces": 1}}, recogniser=StandIn([POINTS, POINTS], [POINTS]))
        self.assertEqual((found.kept, found.distances), (1, []))

    def test_a_refused_photo_keeps_nobody(self) -> None:
        found = self.compare({"refused": "no face"}, faces=3)
        self.assertEqual((found.refused, found.kept), ("no face", 0))


class FiguresTest(unittest.TestCase):
    """Sums over portraits."""

    def setUp(self) -> None:
        self.comparisons = [
            Comparison("a", ("glasses",), "greek", "hero", 3, 2, None, 2, 1, [0.2, 0.7], [5.0, None], [-9.0, 2.0]),
            Comparison("b", ("glasses", "hat"), "greek", "poet", 1, 0, "too dark"),
        ]

    def test_shares_are_of_what_was_counted(self) -> None:
        found = summarise(self.comparisons)
        self.assertEqual((found["faces_in"], found["faces_kept"], found["refused"]), (4, 2, 1))
        self.assertEqual((found["faces_kept_share"], found["full_costume_share"]), (0.5, 0.5))
        self.assertEqual((found["same_person_share"], found["lightness_within_limit_share"]), (0.5, 0.5))
        self.assertEqual((found["hue_median_degrees"], found["hue_within_limit_share"]), (5, 1))

    def test_every_group_has_its_row(self) -> None:
        figures = all_figures(self.comparisons)
        self.assertEqual(list(figures["by variant"]), ["greek, hero", "greek, poet"])
        self.assertEqual(figures["by tag"]["hat"]["faces_in"], 1)
        table = as_table(figures)
        self.assertRegex(table, r"greek, poet +0 +1 +1 +0 +0\.0% +- +0 +-")


class ColourTest(unittest.TestCase):
    """Skin's colour."""

    def test_lab_of_known_colours(self) -> None:
        lab = to_lab(np.array([[255.0, 255, 255], [255, 0, 0], [0, 0, 0]]))
        self.assertTrue(np.allclose(lab, [[100, 0, 0], [53.24, 80.09, 67.2], [0, 0, 0]], atol=0.05), lab)

    def test_skin_is_the_cheeks_and_not_the_mouth(self) -> None:
        picture = flat((200, 150, 120))
        picture.paste((90, 20, 20), (0, 78, 110, 110))
        self.assertTrue(np.allclose(median_skin(picture, POINTS), to_lab(np.array([[200.0, 150, 120]]))[0]))

    def test_hue_turns_the_short_way_and_grey_has_none(self) -> None:
        turned, _ = shift(np.array([60, -10, 1]), np.array([60, -10, -1]))
        self.assertAlmostEqual(turned, 2 * np.degrees(np.arctan2(1, 10)))
        self.assertEqual(shift(np.array([60, 1, 1]), np.array([50, 20, 20])), (None, -10))


class ChipTest(unittest.TestCase):
    """The square that the network sees."""

    def test_eyes_lie_level_where_they_are_expected(self) -> None:
        turn = np.array([[0, -4], [4, 0]])
        points = (POINTS - 55) @ turn.T + 300
        picture = Image.new("RGB", (600, 600))
        for x, y in points[[0, 3]]:
            picture.paste((255, 255, 255), (int(x) - 8, int(y) - 8, int(x) + 9, int(y) + 9))
        chip = cut_chip(picture, points)
        self.assertEqual(chip.shape, (CHIP_SIDE, CHIP_SIDE, 3))
        rows, columns = np.nonzero(chip[..., 0] > 128)
        self.assertTrue(38 <= rows.min() and rows.max() <= 54, (rows.min(), rows.max()))
        self.assertTrue(30 <= columns.min() <= 40 and 108 <= columns.max() <= 118, (columns.min(), columns.max()))


if __name__ == "__main__":
    unittest.main()
