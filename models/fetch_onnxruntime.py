#!/usr/bin/env python3
"""Takes ONNX Runtime's shared libraries out of their PyPI wheel, checked by sha256. Needs pip, but no other package."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from pathlib import Path, PurePosixPath

from photobooth_models.checked_files import is_intact, link_atomically, write_atomically
from photobooth_models.manifest import Runtime, read_manifest
from photobooth_models.packages import read_source
from photobooth_models.problems import Problem, run_reporting


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the library; made if it is not there")
    parser.add_argument(
        "--machine", default=platform.machine(), help="machine type as `uname -m` says it; this one's by default"
    )
    parser.add_argument("--gpu", action="store_true", help="the build for NVIDIA's graphics cards (CUDA 13, cuDNN 9)")
    return parser.parse_args()


def fetch_libraries(runtime: Runtime, machine: str, out: Path) -> list[str]:
    """Puts the libraries for a machine type into `out`, with a link without the version beside the first.

    Returns a line for each, saying what was done. Raises Problem for a machine type that has no pinned library.
    """
    if machine not in runtime.machines:
        known = " and ".join(sorted(runtime.machines))
        raise Problem(
            f"There is no pinned ONNX Runtime for {machine}, only for {known}. Add one to models/manifest.toml."
        )
    package, sources = runtime.machines[machine]
    lines = []
    with tempfile.TemporaryDirectory(prefix="photobooth-onnxruntime-") as work:
        for source in sources:
            library = out / PurePosixPath(source.path).name
            already = is_intact(library, source.sha256)
            if not already:
                write_atomically(library, read_source(package, source, Path(work)))
            lines.append(f"{library.name}: {'already there' if already else f'taken from {package}'}")
    link_atomically(out / runtime.link, PurePosixPath(sources[0].path).name)
    return lines


def main() -> None:
    """Fetches the library as the command line says."""
    if platform.system() != "Linux":
        raise Problem(
            f"ONNX Runtime is fetched for Linux only, and this is {platform.system()}: build in a Linux container."
        )
    arguments = parse_arguments()
    manifest = read_manifest()
    runtime = manifest.runtime_gpu if arguments.gpu else manifest.runtime
    print("\n".join(fetch_libraries(runtime, arguments.machine, arguments.out)), flush=True)


if __name__ == "__main__":
    sys.exit(run_reporting(main))
