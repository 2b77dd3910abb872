"""What of a check is worth keeping in a profile, by the keys that profiles have for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stomptui.application.check.answers import Verdict
from stomptui.application.check.report import Report
from stomptui.application.check.summary import AT_LEAST
from stomptui.config.connection import CONFIRMED

JOINED = 8192
"""Bytes of WebSocket messages where the server joins them: no server is known that takes no message of that size."""


def learnt(report: Report) -> dict[str, Any]:
    """What a profile can keep, by its keys; what was not found out is not among it."""
    values: dict[str, Any] = {}
    # Where nothing at all was confirmed, silence says nothing about the commands.
    if any(_is(report, f"receipt-{command}", Verdict.YES) for command in (*CONFIRMED, "DISCONNECT")):
        silent = [each for each in CONFIRMED if _is(report, f"receipt-{each}", Verdict.NO_ANSWER)]
        values["no_receipts"] = tuple(silent)
    cut = report.answer("websocket-cut")
    if cut is not None and cut.verdict is not Verdict.NOT_ASKED:
        values["ws_message_size"] = JOINED if cut.verdict is Verdict.YES else 0
    largest = report.answer("largest-frame")
    # What was not refused is no limit.
    if largest is not None and largest.verdict is Verdict.YES and not largest.detail.startswith(AT_LEAST):
        values["frame_limit"] = largest.value
    return values


def _is(report: Report, key: str, verdict: Verdict) -> bool:
    answer = report.answer(key)
    return answer is not None and answer.verdict is verdict


def in_words(values: Mapping[str, Any]) -> str:
    """What is kept, for a person."""
    parts = []
    if "no_receipts" in values:
        parts.append(f"no receipts for {', '.join(values['no_receipts']) or 'nothing: all is confirmed'}")
    if "ws_message_size" in values:
        size = values["ws_message_size"]
        parts.append(f"WebSocket messages of {size:,} bytes at most" if size else "frames are never cut over WebSocket")
    if "frame_limit" in values:
        parts.append(f"frames of {values['frame_limit']:,} bytes at most")
    return "; ".join(parts)
