"""The pictures in screenshots/, and each screen as text in three sizes, drawn by the app on the embedded broker.

    python -m tests.screenshots            draws them anew
    python -m tests.screenshots --check    fails if they are not what the app draws

Clocks, rates, the port and the names that the broker gives are replaced here, so that every run draws the same.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import html
import os
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from tests.screenshots import scripts
from tests.screenshots.cells import text_of
from tests.screenshots.draw import Scene, play
from tests.screenshots.steady import settle_environment
from tests.screenshots.svg import still
from tests.screenshots.tour import tour

FOLDER = Path(__file__).parents[2] / "screenshots"
SNAPSHOTS = Path(__file__).parent / "snapshots"
SIZES = ((60, 15), (80, 24), (160, 48))
"""Columns and rows of the snapshots."""


async def _still(scene: Scene) -> str:
    (rows,) = await play(scene)
    return still(rows, "stomptui")


async def _snapshots(scene: Scene) -> str:
    _, *sizes = await play(scene, *SIZES)
    return "\n".join(f"{width}x{height}\n{text_of(rows)}" for (width, height), rows in zip(SIZES, sizes, strict=True))


DRAWN: dict[Path, Callable[[], Awaitable[str]]] = {
    **{FOLDER / f"{name}.svg": partial(_still, scene) for name, scene in scripts.PICTURES.items()},
    FOLDER / "tour.svg": tour,
    **{SNAPSHOTS / f"{name}.txt": partial(_snapshots, scene) for name, scene in scripts.SCENES.items()},
}


def words(svg: str) -> list[str]:
    """The text in a picture, an element a line; that of a snapshot as it is."""
    if not svg.startswith("<svg"):
        return svg.splitlines()
    return [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)", svg)]


async def _draw(path: Path) -> str:
    return await DRAWN[path]()


def drawn(path: Path) -> str:
    """A picture or snapshot as the app draws it now, in a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["STOMPTUI_CONFIG_DIR"] = os.environ["STOMPTUI_STATE_DIR"] = home
        return asyncio.run(_draw(path))


def stale(path: Path) -> bool:
    """Whether what is kept is not what the app draws; what differs once, but not a second time, is told as flaky."""
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    now = drawn(path)
    if kept == now:
        return False
    print(f"{path} is not what the app draws:", file=sys.stderr)
    lines = list(difflib.unified_diff(words(kept), words(now), "kept", "drawn", n=0, lineterm=""))[:20]
    print("\n".join(lines) or "the same words in other colours or places", file=sys.stderr)
    if kept == drawn(path):
        print(f"FLAKY {path.name}", file=sys.stderr)
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    names = [path.name for path in DRAWN]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(names)}")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in names]
    if unknown:
        parser.error(f"there is no picture {unknown[0]}; there are: {', '.join(names)}")
    settle_environment()
    chosen = [path for path in DRAWN if not given.names or path.name in given.names]
    if not given.check:
        for path in chosen:
            path.parent.mkdir(exist_ok=True)
            path.write_text(drawn(path), encoding="utf-8")
        return 0
    different = [path for path in chosen if stale(path)]
    if different:
        print("make screenshots draws them anew", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
