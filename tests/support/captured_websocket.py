"""WebSocket sessions with real servers, as they were written down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.websocket import TEXT

CAPTURES = Path(__file__).parent.parent / "captures"


class Capture:
    """One session with a real server, as it was written down."""

    def __init__(self, entry: dict[str, Any], data: bytes) -> None:
        self.frames: list[str] = entry["server_frames"]
        self.odd: list[str] = [entry["odd"][key] for key in sorted(entry["odd"], key=int)]
        self.close: list[Any] | None = entry.get("ws", {}).get("close")
        opcodes = entry.get("ws", {}).get("opcodes") or [TEXT] * len(entry["turns"])
        self.opcodes = [code for code, (who, _) in zip(opcodes, entry["turns"], strict=False) if who == "s"]
        self.turns: list[tuple[str, bytes]] = []
        position = 0
        for who, size in entry["turns"]:
            self.turns.append((who, data[position : position + size]))
            position += size

    @property
    def messages(self) -> list[bytes]:
        return [data for who, data in self.turns if who == "s"]


def _index() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((CAPTURES / "index.json").read_text())
    return entries


def capture(broker: str, case: str) -> Capture:
    entry = next(entry for entry in _index() if (entry["broker"], entry["case"]) == (broker, case))
    return Capture(entry, (CAPTURES / broker / f"{case}.bin").read_bytes())


def replayable() -> list[tuple[str, str]]:
    return [
        (entry["broker"], entry["case"])
        for entry in _index()
        if "ws" in entry and entry["server_frames"][:1] == ["CONNECTED"]
    ]
