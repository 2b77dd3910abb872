"""The pictures in screenshots/, drawn by the running app on the embedded broker.

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
from tests.screenshots.draw import Picture, play
from tests.screenshots.steady import settle_environment
from tests.screenshots.svg import still
from tests.screenshots.tour import tour

FOLDER = Path(__file__).parents[2] / "screenshots"


async def _still(picture: Picture) -> str:
    return still(await play(picture), "stomptui")


PICTURES: dict[str, Callable[[], Awaitable[str]]] = {
    **{name: partial(_still, picture) for name, picture in scripts.PICTURES.items()},
    "tour": tour,
}


def words(svg: str) -> list[str]:
    """The text in a picture, an element a line."""
    return [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)", svg)]


async def _draw(name: str) -> str:
    return await PICTURES[name]()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(PICTURES)}")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in PICTURES]
    if unknown:
        parser.error(f"there is no picture {unknown[0]}; there are: {', '.join(PICTURES)}")
    settle_environment()
    stale = []
    for name in given.names or PICTURES:
        path = FOLDER / f"{name}.svg"
        with tempfile.TemporaryDirectory() as home:
            os.environ["STOMPTUI_CONFIG_DIR"] = os.environ["STOMPTUI_STATE_DIR"] = home
            svg = asyncio.run(_draw(name))
        if not given.check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(svg, encoding="utf-8")
            continue
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        if kept != svg:
            stale.append(name)
            print(f"{path} is not what the app draws:", file=sys.stderr)
            lines = list(difflib.unified_diff(words(kept), words(svg), "kept", "drawn", n=0, lineterm=""))[:20]
            print("\n".join(lines) or "the same words in other colours or places", file=sys.stderr)
    if stale:
        print("make screenshots draws them anew", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
