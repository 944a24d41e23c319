#!/usr/bin/env python3
"""Draws the face paint of all themes: `python art/stencils.py --uv uv_coords.js --out themes`.

Stencils are 8-bit greyscale PNGs in the face mesh's canonical UV space. Its coordinates are in the npm package
@tensorflow-models/facemesh 0.0.5, in `dist/uv_coords.js`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from face_paint import barbarian, greek, mystic
from face_paint.canvas import Face
from PIL import Image

THEMES = {"barbarian": barbarian, "greek": greek, "mystic": mystic}


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--uv", type=Path, required=True, help="uv_coords.js")
    parser.add_argument("--out", type=Path, required=True, help="folder with one folder a theme")
    parser.add_argument("--theme", choices=THEMES, help="only this one")
    return parser.parse_args()


def main() -> None:
    """Draws and writes every stencil."""
    arguments = parse_arguments()
    face = Face(arguments.uv)
    for theme, designs in THEMES.items():
        if arguments.theme not in (None, theme):
            continue
        folder = arguments.out / theme / "stencils"
        folder.mkdir(parents=True, exist_ok=True)
        for name, stencil in designs.draw(face).items():
            picture = (np.clip(stencil, 0, 1) * 255 + 0.5).astype(np.uint8)
            Image.fromarray(picture, "L").save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
