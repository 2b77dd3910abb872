"""Count the MESSAGE frames of a batch by their `subscription` header, searching all bytes at once where possible."""

from __future__ import annotations

from stomptui.protocol.escapes import unescape
from stomptui.protocol.marker import Batch

_HEADER = b"\nsubscription:"

EXAMINE_UP_TO = 3
"""Frames up to which examining each one is cheaper."""
MAX_REMEMBERED = 64
"""Subscriptions whose header line is remembered."""


class SubscriptionCounter:
    """Counts messages per subscription; remembers the header lines it has seen."""

    def __init__(self) -> None:
        self._header_lines: dict[str, bytes] = {}

    def count(self, batch: Batch, version: str) -> dict[str, int]:
        """The number of MESSAGE frames by subscription id; "" stands for those without the header."""
        messages = len(batch) - len(batch.others)
        if messages == 0:
            return {}
        if messages > EXAMINE_UP_TO:
            counts = self._search(batch, messages)
            if counts:
                return counts
        return self._examine(batch, version)

    def _search(self, batch: Batch, messages: int) -> dict[str, int]:
        """Count header lines in all the bytes at once; {} unless they add up to the number of messages."""
        counts: dict[str, int] = {}
        data, begin, end = batch.data, batch.marks[0], batch.marks[-1]
        for name, line in self._header_lines.items():
            found = data.count(line, begin, end)
            if found:
                counts[name] = found
                messages -= found
                if messages <= 0:
                    break
        return {} if messages else counts

    def _examine(self, batch: Batch, version: str) -> dict[str, int]:
        data, marks, others = batch.data, batch.marks, set(batch.others)
        raw_counts: dict[bytes, int] = {}
        for index in range(len(batch)):
            if index in others:
                continue
            begin, end = marks[2 * index], marks[2 * index + 1]
            blank = data.find(b"\n\n", begin, end)
            other = data.find(b"\n\r\n", begin, blank if blank >= 0 else end)
            head = max(blank, other) if other < 0 or blank < 0 else other
            at = data.find(_HEADER, begin, head + 1 if head >= 0 else end)
            raw = b"" if at < 0 else data[at + len(_HEADER) : data.find(b"\n", at + 1, end)]
            raw_counts[raw] = raw_counts.get(raw, 0) + 1
        counts: dict[str, int] = {}
        for raw, found in raw_counts.items():
            name = unescape(raw.rstrip(b"\r").decode("utf-8", "surrogateescape"), version, [])
            counts[name] = counts.get(name, 0) + found
            if (
                name
                and name not in self._header_lines
                and len(self._header_lines) < MAX_REMEMBERED
                and not raw.endswith(b"\r")
            ):
                self._header_lines[name] = _HEADER + raw + b"\n"
        return counts
