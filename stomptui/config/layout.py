"""The layout of the screen as a person left it: sizes of panes, where the message stands, what the log hides.

It is kept in the state directory, not among the settings: it changes with every drag of the mouse.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal, get_args

from stomptui.config.files.paths import make_folder_of, state_dir, write_private
from stomptui.config.files.regular_files import read_regular

log = logging.getLogger(__name__)

Place = Literal["auto", "below", "right", "whole"]
"""Where the message stands."""
Times = Literal["milliseconds", "seconds", "since"]
LARGEST = 64 << 10


@dataclass
class Layout:
    """Sizes and places; None is what fits the terminal."""

    side: int | None = None
    """Columns of the list of subscriptions."""
    message_place: Place = "auto"
    message_share: float = 0.5
    """Of the space of log and message that the message has."""
    compose: float | None = None
    """Of the height that the compose pane has."""
    times: Times = "milliseconds"
    """How the log shows times."""
    hidden: tuple[str, ...] | None = None
    """The groups of rows that the log hides."""


def layout_path() -> Path:
    """The path of layout.json."""
    return state_dir() / "layout.json"


def load_layout(path: Path | None = None) -> Layout:
    """The layout as it was left; what cannot be read or makes no sense is as it would be at a first start."""
    path = path or layout_path()
    layout = Layout()
    try:
        found = json.loads(read_regular(path, LARGEST))
    except FileNotFoundError:
        return layout
    except (OSError, ValueError, RecursionError) as error:
        log.warning("the layout in %s is not used: %s", path, error)
        return layout
    if not isinstance(found, dict):
        return layout
    checks = {
        "side": lambda value: type(value) is int and 1 <= value <= 500,
        "message_place": lambda value: value in get_args(Place),
        "message_share": lambda value: isinstance(value, float) and 0 < value < 1,
        "compose": lambda value: isinstance(value, float) and 0 < value < 1,
        "times": lambda value: value in get_args(Times),
        "hidden": lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
    }
    for item in fields(Layout):
        value = found.get(item.name)
        if value is not None and checks[item.name](value):
            setattr(layout, item.name, tuple(value) if isinstance(value, list) else value)
    return layout


def save_layout(layout: Layout, path: Path | None = None) -> None:
    """Write the layout down.

    Raises:
        OSError: The file cannot be written.
    """
    path = path or layout_path()
    make_folder_of(path)
    write_private(path, json.dumps(asdict(layout)).encode())
