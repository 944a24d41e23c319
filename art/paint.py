#!/usr/bin/env python3
"""Paints the backdrops and costumes of a theme by the brush that paints guests, once, when the art is made.

`python art/paint.py themes/greek --portrait target/release/portrait`. Run it on art as it was rendered: what is
already as large as painted art is left alone. Cel art is only enlarged (`--cel`): it has no strokes.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

# Widths of a painted backdrop and of a painted costume's full frame: about what a portrait shows of them.
BACKDROP_WIDTH = 2400
COSTUME_WIDTH = 2400
# Eyes to chin over the height of the face that a bust was made for; portrait reads costumes the same way.
EYES_TO_CHIN = 0.61
BACKDROP_RADIUS = 6.0
COSTUME_RADIUS = 4.0
JPEG_QUALITY = 88
WEBP_QUALITY = 90


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("theme", type=Path, help="folder of the theme")
    parser.add_argument("--portrait", type=Path, default=Path("target/release/portrait"), help="the program portrait")
    parser.add_argument("--cel", action="store_true", help="only enlarge: cel art has no strokes")
    return parser.parse_args()


def paint(portrait: Path | None, picture: Path, width: int, *options: str) -> Image.Image:
    """A picture at a width, painted, or only enlarged where no program is given."""
    if portrait is None:
        with Image.open(picture) as image:
            image.load()
        return image.resize((width, -(-image.height * width // image.width)), Image.Resampling.LANCZOS)
    with tempfile.TemporaryDirectory() as work:
        painted = Path(work) / "painted.png"
        command = [portrait, "theme", "paint", picture, "-o", painted, "--width", str(width), *options]
        subprocess.run(command, check=True)
        with Image.open(painted) as image:
            image.load()
    return image


def paint_backdrop(path: Path, portrait: Path | None) -> None:
    """Paints a backdrop in its place."""
    with Image.open(path) as image:
        if image.width >= BACKDROP_WIDTH:
            return
    painted = paint(portrait, path, BACKDROP_WIDTH, "--radius", str(BACKDROP_RADIUS), "--detail", "0.2")
    painted.convert("RGB").save(path, quality=JPEG_QUALITY, subsampling=0)


def paint_costume(folder: Path, portrait: Path | None) -> None:
    """Paints the layers of a costume in their place and brings its anchors to their new size."""
    description = folder / "costume.json"
    costume = json.loads(description.read_text())
    scale = COSTUME_WIDTH / costume["size"][0]
    if scale <= 1:
        return
    face_height = (costume["chin"][1] - costume["eyes"][1]) / EYES_TO_CHIN * scale
    ends = []
    for name, layer in costume["layers"].items():
        ends.append(enlarge(folder, layer, scale, portrait if name != "shadow" else None, face_height))
    if "opening" in costume:
        ends.append(enlarge(folder, costume["opening"], scale, None, face_height))
    for key, value in costume.items():
        if isinstance(value, list):
            costume[key] = [round(number * scale, 1) for number in value]
    costume["size"] = [max(math.ceil(side), *over) for side, over in zip(costume["size"], zip(*ends))]
    costume["pixels_per_metre"] = round(costume["pixels_per_metre"] * scale, 1)
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in costume.items()]
    description.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def enlarge(folder: Path, layer: dict, scale: float, portrait: Path | None, face_height: float) -> list[int]:
    """Paints one layer, or only enlarges it where no program is given. Returns where it ends, right and down."""
    path = folder / layer["file"]
    with Image.open(path) as image:
        width = int(image.width * scale)
    options = ["--face-height", str(face_height), "--radius", str(COSTUME_RADIUS), "--detail", "0.4"]
    painted = paint(portrait, path, width, *options)
    layer["offset"] = [int(side * scale) for side in layer["offset"]]
    if path.suffix == ".webp":
        painted.save(path, quality=WEBP_QUALITY, alpha_quality=100, method=6)
    else:
        painted.convert("L").save(path, optimize=True)
    return [layer["offset"][0] + painted.width, layer["offset"][1] + painted.height]


def main() -> None:
    """Paints everything of a theme that is not painted yet."""
    arguments = parse_arguments()
    portrait = None if arguments.cel else arguments.portrait
    for backdrop in sorted((arguments.theme / "backdrops").glob("*.jpg")):
        paint_backdrop(backdrop, portrait)
    for description in sorted((arguments.theme / "costumes").glob("*/costume.json")):
        paint_costume(description.parent, portrait)


if __name__ == "__main__":
    main()
