"""Reads models/manifest.toml into typed records."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MANIFEST_PATH = Path(__file__).resolve().parent.parent / "manifest.toml"


@dataclass(frozen=True)
class Package:
    """A package at one version in one registry, `pypi` or `npm`.

    `platform` picks one of several wheels; `sdist` takes the source archive of a package that has no wheel.
    """

    name: str
    registry: str
    version: str
    platform: str | None = None
    sdist: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class Source:
    """A file inside a package, pinned by its sha256."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Model:
    """One ONNX file: the files it is made from, the converter that makes it, and the sha256 it must come out with.

    An `optional` one is used by no theme of this repository, only by themes that others may write.
    """

    file: str
    sha256: str
    package: Package
    sources: tuple[Source, ...]
    converter: str
    licence: str
    used_by: str
    rename: dict[str, str] = field(default_factory=dict)
    optional: bool = False


@dataclass(frozen=True)
class Runtime:
    """ONNX Runtime: for every machine type (as `uname -m` says it) a wheel and the files inside, the library first.

    The others are its providers, which it looks for in its own folder. `link` is the library's name without a version.
    """

    machines: dict[str, tuple[Package, tuple[Source, ...]]]
    link: str


@dataclass(frozen=True)
class Manifest:
    """Everything that is fetched."""

    models: tuple[Model, ...]
    runtime: Runtime
    runtime_gpu: Runtime


def read_manifest(path: Path = MANIFEST_PATH) -> Manifest:
    """Reads a manifest. A missing or misspelt key raises KeyError or TypeError: that is a mistake in the repository."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    packages = {name: Package(name=name, **entry) for name, entry in data["packages"].items()}
    models = tuple(_read_model(entry, packages) for entry in data["models"])
    return Manifest(models, _read_runtime(data["runtime"]), _read_runtime(data["runtime_gpu"]))


def _read_model(entry: dict[str, Any], packages: dict[str, Package]) -> Model:
    fields = dict(entry)
    fields["package"] = packages[entry["package"]]
    fields["sources"] = tuple(Source(**source) for source in entry["sources"])
    return Model(**fields)


def _read_runtime(entry: dict[str, Any]) -> Runtime:
    machines = {
        machine: (
            Package(entry["package"], "pypi", entry["version"], wheel["platform"]),
            (
                Source(entry["path"], wheel["sha256"]),
                *(Source(**provider) for provider in wheel.get("providers", ())),
            ),
        )
        for machine, wheel in entry["machines"].items()
    }
    return Runtime(machines, entry["link"])
