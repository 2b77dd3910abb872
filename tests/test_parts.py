"""What `make busy ONE_IN=N` leaves out."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support.parts import SCREEN, pytest_collection_modifyitems


def left_of(paths: list[Path], every: int) -> tuple[list[int], list[int]]:
    """The places of the tests that run and of those that are left out, of one test for each of these modules."""
    items = [cast(pytest.Item, SimpleNamespace(path=path, place=place)) for place, path in enumerate(paths)]
    told: list[Any] = []
    hook = SimpleNamespace(pytest_deselected=lambda items: told.extend(items))
    config = cast(pytest.Config, SimpleNamespace(getoption={"--one-in": every}.__getitem__, hook=hook))
    pytest_collection_modifyitems(config, items)
    return [cast(Any, item).place for item in items], [item.place for item in told]


def test_of_each_module_of_the_screen_one_in_so_many_runs_and_of_others_all() -> None:
    log, names = SCREEN / "test_message_log.py", SCREEN / "compose" / "test_names.py"
    elsewhere = SCREEN.parent / "e2e" / "test_names.py"
    paths = [log] * 5 + [elsewhere] * 3 + [names] * 2
    assert left_of(paths, 4) == ([0, 4, 5, 6, 7, 8], [1, 2, 3, 9])
    assert left_of(paths, 1) == (list(range(10)), [])
