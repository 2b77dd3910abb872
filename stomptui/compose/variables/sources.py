"""Where the values of variables come from."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from random import Random, SystemRandom

from stomptui.config.files.paths import typed_path
from stomptui.config.files.regular_files import read_regular

LARGEST_FILE = 1 << 20
"""Bytes of a file that a variable takes."""


def read_text(path: str) -> str:
    """The text of a file; blocks.

    Raises:
        OSError, ValueError: It cannot be read, is too large, or is not UTF-8.
    """
    return read_regular(Path(typed_path(path)), LARGEST_FILE).decode("utf-8")


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Sources:
    """What one message is filled in from.

    Args:
        counter: The number of this message, the same wherever it stands in it.
        prompts: What the person answered, by label.
        columns: More variables by name, as the columns of one line of a file.
        now: The time of the message, with its time zone.
        random: Where `uuid`, `randint` and `choice` come from.
        environment: The value of a variable of the environment, None if it is not set.
        read_file: The text of a file; blocks, and raises OSError or ValueError.
    """

    counter: int = 1
    prompts: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    now: datetime = field(default_factory=_utc_now)
    random: Random = field(default_factory=SystemRandom)
    environment: Callable[[str], str | None] = os.environ.get
    read_file: Callable[[str], str] = read_text


def example_sources(counter: int = 1) -> Sources:
    """Sources for a preview: the same values at each key; what is asked for, read or secret is only named."""
    return Sources(
        counter=counter,
        prompts=AnyName(),
        random=Random(0),
        environment=lambda name: f"‹env {name}›" if name in os.environ else None,
        read_file=lambda path: f"‹file {path}›",
    )


class AnyName(dict[str, str]):
    """Gives each name, in marks that say that it is an example."""

    def __contains__(self, label: object) -> bool:
        return True

    def __missing__(self, label: str) -> str:
        return f"‹{label}›"
