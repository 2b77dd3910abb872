"""What of a repair is kept on disk with its draft: all of it, or only which message it was and why no more."""

from __future__ import annotations

import base64
from typing import Any

from stomptui.compose.repair import Repair
from stomptui.config.secret_names import without_secrets
from stomptui.protocol.codec import encode
from stomptui.protocol.frame import Frame

LARGEST = 256 << 10
"""A message of more bytes than this is not kept on disk."""
_UNREADABLE = "what was kept of it on disk cannot be read"


def kept_repair(repair: Repair | None, bodies: bool) -> Any:
    """A repair as a value for JSON, without secrets.

    Args:
        repair: The repair, None for a draft that takes the place of nothing.
        bodies: Whether bodies are kept.
    """
    if repair is None:
        return None
    names = {"queue": repair.queue, "broker": repair.broker, "id": repair.message.get("message-id") or ""}
    if why := repair.lapsed or _why_not_kept(repair, bodies):
        return {**names, "lapsed": why}
    return {
        **names,
        "frame": base64.b64encode(repair.message.raw).decode(),
        "version": repair.message.version,
        "position": repair.position,
        "headers": [list(line) for line in repair.headers],
        "set-aside": list(repair.set_aside),
        "origin": repair.origin,
    }


def _why_not_kept(repair: Repair, bodies: bool) -> str:
    if not bodies:
        return "its body was not kept on disk, as you chose in the settings"
    if len(repair.message.raw) > LARGEST:
        return "it was too large to be kept on disk"
    if any(without_secrets(*line) != line[1] for line in (*repair.message.headers, *repair.headers)):
        return "its headers hold secrets, which are never kept on disk"
    return ""


def repair_of(kept: Any) -> Repair | None:
    """The repair that a value of JSON describes; one that makes no sense has lapsed. Never raises."""
    if kept is None:
        return None
    try:
        return _repair(kept)
    except (ValueError, TypeError, KeyError, AttributeError):
        return Repair("", "", Frame(b"MESSAGE"), 0, lapsed=_UNREADABLE)


def _repair(kept: Any) -> Repair:
    queue, broker, id = str(kept["queue"]), str(kept["broker"]), str(kept["id"])
    if why := kept.get("lapsed"):
        raw = encode("MESSAGE", [("message-id", id)], b"", "1.2").removesuffix(b"\0")
        return Repair(queue, broker, Frame(raw), 0, lapsed=str(why))
    return Repair(
        queue,
        broker,
        Frame(base64.b64decode(kept["frame"], validate=True), str(kept["version"])),
        int(kept["position"]),
        tuple((str(name), str(value)) for name, value in kept["headers"]),
        tuple(str(name) for name in kept["set-aside"]),
        str(kept["origin"]),
    )
