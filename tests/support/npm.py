"""Packages of npm, downloaded with their checksums compared and unpacked side by side, without a lock file."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path

from tests.support.brokers.base import CannotFetch


def install(folder: Path, packages: Iterable[str], sums: Path) -> None:
    """Put packages, each as `NAME@VERSION`, into node_modules of a folder; their dependencies have to be among them.

    Raises:
        CannotFetch: There is no npm.
        AssertionError: The download failed, or brought something else than what `sums` says.
    """
    if not shutil.which("npm"):
        raise CannotFetch("npm is not installed")
    done = subprocess.run(
        ["npm", "pack", "--silent", *packages],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    check(folder.glob("*.tgz"), sums)
    for archive in folder.glob("*.tgz"):
        with tarfile.open(archive) as packed:
            described = packed.extractfile(next(name for name in packed.getnames() if _inside(name) == "package.json"))
            assert described
            home = folder / "node_modules" / json.loads(described.read())["name"]
            home.mkdir(parents=True)
            for member in packed.getmembers():
                member.name = _inside(member.name)
                packed.extract(member, home)
        archive.unlink()


def check(files: Iterable[Path], sums: Path) -> None:
    """Compare each file with its sum, as `sha256sum` writes them; one that has none is not taken."""
    wanted = {name: digest for digest, name in map(str.split, sums.read_text().splitlines())}
    for file in sorted(files):
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        assert wanted.get(file.name) == found, f"{file.name} has the sum {found}, not that of {sums.name}"


def _inside(name: str) -> str:
    """The name of a file within its package: archives have all of it in one folder."""
    return name.partition("/")[2]
