"""Conversations recorded from real servers: what each side wrote, turn by turn.

`BROKER/CASE.bin` holds the bytes of all turns in order; `index.json` says who wrote how many of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Capture:
    """One recorded conversation."""

    broker: str
    case: str
    version: str
    """The version of the server."""
    description: str
    turns: tuple[tuple[str, bytes], ...]
    """("c" or "s", what the client or the server wrote). Over WebSocket one turn is one message."""
    end: str
    """How it ended: "client-closed", "FIN", "RST:..." or "ws-close CODE, FIN"."""
    server_frames: tuple[str, ...]
    """The commands the server sent, "<http>" and the like where it spoke no STOMP."""
    odd: dict[int, str]
    """Index of a frame that is not as it should be -> why."""
    websocket: dict[str, Any] | None
    """For STOMP inside WebSocket messages: path, subprotocol, close (code, reason), opcodes of the turns."""

    @property
    def name(self) -> str:
        return f"{self.broker}/{self.case}"

    @property
    def speaks_stomp(self) -> bool:
        return bool(self.server_frames) and not self.server_frames[0].startswith("<")

    @property
    def from_server(self) -> list[bytes]:
        return [data for who, data in self.turns if who == "s"]


@cache
def captures() -> dict[str, Capture]:
    """All captures by name ("rabbitmq/ack-twice")."""
    found: dict[str, Capture] = {}
    for entry in json.loads((FOLDER / "index.json").read_text()):
        data = (FOLDER / entry["broker"] / f"{entry['case']}.bin").read_bytes()
        turns: list[tuple[str, bytes]] = []
        position = 0
        for who, size in entry["turns"]:
            turns.append((who, data[position : position + size]))
            position += size
        capture = Capture(
            entry["broker"],
            entry["case"],
            entry["version"],
            entry["description"],
            tuple(turns),
            entry["end"],
            tuple(entry["server_frames"]),
            {int(index): why for index, why in entry["odd"].items()},
            entry.get("ws"),
        )
        found[capture.name] = capture
    return found
