"""The layout of the screen as a person left it: sizes of panes, where the message stands, what the log shows.

It is kept in the state directory, not among the settings: it changes with every drag of the mouse.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from stomptui.config.files.paths import make_folder_of, state_dir, write_private
from stomptui.config.files.regular_files import read_regular

log = logging.getLogger(__name__)

Place = Literal["auto", "below", "right", "whole"]
"""Where the message stands."""
Times = Literal["milliseconds", "seconds", "since"]
LARGEST = 256 << 10
MOST_LOGS = 200
"""Profiles and brokers of which is remembered what their log shows; the ones used longest ago are forgotten."""
LONGEST_NAME = 200
"""Characters of the name of a header."""


@dataclass(frozen=True)
class LogLayout:
    """What the log shows of one broker; None is what a log shows unless something else is asked for."""

    hidden: tuple[str, ...] | None = None
    """The groups of rows that it hides."""
    header: str | None = None
    """The name of the header that has a column of its own."""


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
    logs: Mapping[str, LogLayout] = field(default_factory=dict)
    """What the log shows, by the name of the profile, or without one by host and port; the one used last at the end."""


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
        "logs": lambda value: isinstance(value, dict),
    }
    for item in fields(Layout):
        value = found.get(item.name)
        if value is not None and checks[item.name](value):
            setattr(layout, item.name, _logs(value) if item.name == "logs" else value)
    return layout


def _logs(found: Mapping[str, Any]) -> dict[str, LogLayout]:
    """What makes sense of what was kept of logs."""
    logs = {}
    for name, log_layout in list(found.items())[-MOST_LOGS:]:
        if isinstance(log_layout, dict):
            hidden, header = log_layout.get("hidden"), log_layout.get("header")
            if not isinstance(hidden, list) or not all(isinstance(each, str) for each in hidden):
                hidden = None
            named = isinstance(header, str) and 0 < len(header) <= LONGEST_NAME
            logs[name] = LogLayout(None if hidden is None else tuple(hidden), header if named else None)
    return logs


def with_log(logs: Mapping[str, LogLayout], name: str, log_layout: LogLayout) -> dict[str, LogLayout]:
    """What is known of logs, with that of one of them, which is the one used last."""
    changed = {other: known for other, known in logs.items() if other != name}
    if log_layout != LogLayout():
        changed[name] = log_layout
    return dict(list(changed.items())[-MOST_LOGS:])


def save_layout(layout: Layout, path: Path | None = None) -> None:
    """Write the layout down.

    Raises:
        OSError: The file cannot be written.
    """
    path = path or layout_path()
    make_folder_of(path)
    write_private(path, json.dumps(asdict(layout)).encode())
