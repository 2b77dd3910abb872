"""A pytest plugin that leaves out tests of the screen: `-p tests.support.parts --one-in 4` runs every fourth.

They are counted in each module anew, so that something of each is run; tests of anything else all run.
`.ci/run` uses it, by `make busy ONE_IN=4`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

SCREEN = Path(__file__).parents[1] / "ui"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--one-in", type=int, default=1, metavar="N", help="of tests/ui run the first of each N tests")


# Last, when what -m leaves out is gone: it does not count.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    every = config.getoption("--one-in")
    seen: Counter[Path] = Counter()
    kept, left_out = [], []
    for item in items:
        if item.path.is_relative_to(SCREEN):
            seen[item.path] += 1
            if (seen[item.path] - 1) % every:
                left_out.append(item)
                continue
        kept.append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept
