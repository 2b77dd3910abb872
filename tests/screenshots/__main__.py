"""The pictures in screenshots/, and each screen as text in three sizes, drawn by the app on the embedded broker.

    python -m tests.screenshots            draws them anew
    python -m tests.screenshots --check    fails if they are not what the app draws

Clocks, rates, the port and the names that the broker gives are replaced here, so that every run draws the same.
Several are drawn at once, each in a process of its own: most of the time the app waits to come to rest.
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
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.screenshots import scripts
from tests.screenshots.cells import text_of
from tests.screenshots.draw import Scene, play
from tests.screenshots.steady import settle_environment
from tests.screenshots.svg import still
from tests.screenshots.tour import tour
from tests.support.ports import take_share

FOLDER = Path(__file__).parents[2] / "screenshots"
SNAPSHOTS = Path(__file__).parent / "snapshots"
SIZES = ((60, 15), (80, 24), (160, 48))
"""Columns and rows of the snapshots."""
AT_ONCE = 2 * (os.cpu_count() or 1)
"""How many are drawn at the same time."""


@dataclass(frozen=True)
class Drawing:
    """What is drawn while the app plays one script.

    Attributes:
        paths: The files that it gives.
        draw: Plays it; the content of each of them.
    """

    paths: tuple[Path, ...]
    draw: Callable[[], Awaitable[list[str]]]


async def _drawn_scene(scene: Scene, picture: bool, snapshots: bool) -> list[str]:
    """A picture in the scene's own size, and what is seen in the sizes of the snapshots."""
    rows, *sizes = await play(scene, *(SIZES if snapshots else ()))
    texts = [f"{width}x{height}\n{text_of(seen)}" for (width, height), seen in zip(SIZES, sizes, strict=snapshots)]
    return [still(rows, "stomptui")] * picture + ["\n".join(texts)] * snapshots


async def _drawn_tour() -> list[str]:
    return [await tour()]


def _drawing(name: str) -> Drawing:
    """What a scene gives; one that is both a picture and snapshots is played once."""
    picture, snapshots = name in scripts.PICTURES, name in scripts.SCENES
    paths = [FOLDER / f"{name}.svg"] * picture + [SNAPSHOTS / f"{name}.txt"] * snapshots
    scene = scripts.PICTURES[name] if picture else scripts.SCENES[name]
    return Drawing(tuple(paths), partial(_drawn_scene, scene, picture, snapshots))


# The tour takes the longest: it begins first.
DRAWINGS = [Drawing((FOLDER / "tour.svg",), _drawn_tour), *map(_drawing, {**scripts.PICTURES, **scripts.SCENES})]


def words(svg: str) -> list[str]:
    """The text in a picture, an element a line; that of a snapshot as it is."""
    if not svg.startswith("<svg"):
        return svg.splitlines()
    return [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)", svg)]


async def _draw(number: int) -> list[str]:
    return await DRAWINGS[number].draw()


def drawn(number: int) -> dict[Path, str]:
    """A drawing as the app draws it now, in a home of its own."""
    settle_environment()
    take_share(number, len(DRAWINGS))
    with tempfile.TemporaryDirectory() as home:
        os.environ["STOMPTUI_CONFIG_DIR"] = os.environ["STOMPTUI_STATE_DIR"] = home
        return dict(zip(DRAWINGS[number].paths, asyncio.run(_draw(number)), strict=True))


def kept(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def tell_difference(path: Path, now: str) -> None:
    """Say what differs between what is kept and what was drawn."""
    print(f"{path} is not what the app draws:", file=sys.stderr)
    lines = list(difflib.unified_diff(words(kept(path)), words(now), "kept", "drawn", n=0, lineterm=""))[:20]
    print("\n".join(lines) or "the same words in other colours or places", file=sys.stderr)


def stale(number: int, differing: dict[Path, str]) -> bool:
    """Tell what differs, and draw it once more, alone; whether it differs again: what does not is told as flaky."""
    for path, now in differing.items():
        tell_difference(path, now)
    again = drawn(number)
    flaky = [path for path in differing if kept(path) == again[path]]
    for path in flaky:
        print(f"FLAKY {path.name}", file=sys.stderr)
    return len(flaky) < len(differing)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    names = [path.name for drawing in DRAWINGS for path in drawing.paths]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(names)}")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in names]
    if unknown:
        parser.error(f"there is no picture {unknown[0]}; there are: {', '.join(names)}")
    wanted = {path for drawing in DRAWINGS for path in drawing.paths if not given.names or path.name in given.names}
    numbers = [number for number, drawing in enumerate(DRAWINGS) if wanted.intersection(drawing.paths)]
    with ProcessPoolExecutor(AT_ONCE) as pool:
        results = dict(zip(numbers, pool.map(drawn, numbers), strict=True))
    if not given.check:
        for number in numbers:
            for path, text in results[number].items():
                if path in wanted:
                    path.parent.mkdir(exist_ok=True)
                    path.write_text(text, encoding="utf-8")
        return 0
    differing = {
        number: {path: text for path, text in results[number].items() if path in wanted and text != kept(path)}
        for number in numbers
    }
    different = [number for number, files in differing.items() if files and stale(number, files)]
    if different:
        print("make screenshots draws them anew", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
