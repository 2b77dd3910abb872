"""How many MESSAGE frames of a batch belong to which subscription, without looking at each where possible."""

from __future__ import annotations

from stomptui.protocol.escapes import unescape
from stomptui.protocol.marker import Batch

_FIELD = b"\nsubscription:"

FEW = 3
"""Up to so many frames looking at each is cheaper."""
MOST = 64
"""Subscriptions remembered."""


class SubscriptionCounter:
    """Counts per `subscription` header; remembers the subscriptions it has seen."""

    def __init__(self) -> None:
        self._lines: dict[str, bytes] = {}

    def count(self, batch: Batch, version: str) -> dict[str, int]:
        """MESSAGE frames per subscription; "" are those that name none."""
        wanted = len(batch) - len(batch.others)
        if wanted == 0:
            return {}
        if wanted > FEW:
            counts = self._search(batch, wanted)
            if counts:
                return counts
        return self._look(batch, version)

    def _search(self, batch: Batch, wanted: int) -> dict[str, int]:
        """Count header lines in all the bytes at once; {} unless they add up to the number of messages."""
        counts: dict[str, int] = {}
        data, begin, end = batch.data, batch.marks[0], batch.marks[-1]
        for name, line in self._lines.items():
            found = data.count(line, begin, end)
            if found:
                counts[name] = found
                wanted -= found
                if wanted <= 0:
                    break
        return {} if wanted else counts

    def _look(self, batch: Batch, version: str) -> dict[str, int]:
        data, marks, others = batch.data, batch.marks, set(batch.others)
        raw_counts: dict[bytes, int] = {}
        for index in range(len(batch)):
            if index in others:
                continue
            begin, end = marks[2 * index], marks[2 * index + 1]
            blank = data.find(b"\n\n", begin, end)
            other = data.find(b"\n\r\n", begin, blank if blank >= 0 else end)
            head = max(blank, other) if other < 0 or blank < 0 else other
            at = data.find(_FIELD, begin, head + 1 if head >= 0 else end)
            raw = b"" if at < 0 else data[at + len(_FIELD) : data.find(b"\n", at + 1, end)]
            raw_counts[raw] = raw_counts.get(raw, 0) + 1
        counts: dict[str, int] = {}
        for raw, found in raw_counts.items():
            name = unescape(raw.rstrip(b"\r").decode("utf-8", "surrogateescape"), version, [])
            counts[name] = counts.get(name, 0) + found
            if name and name not in self._lines and len(self._lines) < MOST and not raw.endswith(b"\r"):
                self._lines[name] = _FIELD + raw + b"\n"
        return counts
