"""Reads tests/photos/people.toml: which photos there are, how many faces each has, and what is special about it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photobooth_models.manifest import Package, Source


@dataclass(frozen=True)
class Photo:
    """A photo of the list.

    It comes out of a package (`package`, `source`), is a file beside the list (`committed`), or is made of other photos
    put next to each other (`beside`).
    """

    name: str
    faces: int
    tags: tuple[str, ...]
    sheet: bool = False
    package: Package | None = None
    source: Source | None = None
    committed: Path | None = None
    beside: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The file's name in the cache, without folders."""
        made_from = self.source.path if self.source else str(self.committed or "photo.jpg")
        return self.name + Path(made_from).suffix


def read_photo_list(path: Path) -> tuple[Photo, ...]:
    """Reads a list. A missing or misspelt key raises KeyError or TypeError: that is a mistake in the repository."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    packages = {name: Package(name=name, **entry) for name, entry in data["packages"].items()}
    return tuple(_read_photo(entry, packages, path.parent) for entry in data["photos"])


def _read_photo(entry: dict[str, Any], packages: dict[str, Package], folder: Path) -> Photo:
    fields = dict(entry)
    fields["tags"] = tuple(entry["tags"])
    if "package" in entry:
        fields["package"] = packages[entry["package"]]
        fields["source"] = Source(fields.pop("path"), fields.pop("sha256"))
    if "committed" in entry:
        fields["committed"] = folder / entry["committed"]
    if "beside" in entry:
        fields["beside"] = tuple(entry["beside"])
    return Photo(**fields)
