"""Counts which headers many messages lose or have changed, and says so in a few lines."""

from __future__ import annotations

from collections import Counter

from stomptui.connection.dialect.header_rules import shortened
from stomptui.protocol.frame import Headers
from stomptui.queues.headers.carrying import Change

NAMES = 12
"""Names that a line has room for; of more it is said how many."""
MOST = 1000
"""Different lines, and different names, that are kept."""


class Differences:
    """What becomes of the headers of some messages; small however many they are."""

    def __init__(self) -> None:
        self._count = 0
        self._lines: dict[tuple[str, str], None] = {}
        self._gone: Counter[str] = Counter()
        self._changed: Counter[tuple[str, str]] = Counter()
        """By title and name."""
        self._examples: dict[tuple[str, str], str] = {}

    def add(self, left_out: Headers, changed: tuple[Change, ...]) -> None:
        """Count one message."""
        self._count += 1
        for line in left_out:
            if len(self._lines) < MOST:
                self._lines[line] = None
        for name in dict.fromkeys(name for name, _ in left_out):
            if name in self._gone or len(self._gone) < MOST:
                self._gone[name] += 1
        for what, text in {(change.title, change.what): change.text for change in changed}.items():
            if what in self._changed or len(self._changed) < MOST:
                self._changed[what] += 1
                self._examples.setdefault(what, text)

    @property
    def left_out(self) -> Headers:
        """The different lines that are not carried over."""
        return tuple(self._lines)

    @property
    def told(self) -> list[str]:
        """In words, a line each; [] where all goes as it is."""
        gone = [f"{shortened(name)}{self._share(count)}" for name, count in self._gone.items()]
        groups = {"Headers not carried over": gone}
        for (title, what), count in self._changed.items():
            groups.setdefault(title, []).append(f"{self._examples[title, what]}{self._others(count)}")
        return [f"{title}: {_some(items)}" for title, items in groups.items() if items]

    def _share(self, count: int) -> str:
        return "" if count == self._count else f" (of {count:,} of {self._count:,} messages)"

    @staticmethod
    def _others(count: int) -> str:
        return "" if count == 1 else f", and so in {count - 1:,} more"


def _some(items: list[str]) -> str:
    more = len(items) - NAMES
    return "; ".join(items[:NAMES]) + (f"; and {more:,} more" if more > 0 else "")
