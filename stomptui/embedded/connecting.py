"""CONNECT: which version is spoken, how hearts beat, who may come in."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from stomptui.embedded.refused import FrameRefused
from stomptui.protocol.codec import VERSIONS
from stomptui.protocol.frame import Frame


def version(frame: Frame) -> str:
    """The newest version both know (1.2, "Protocol Negotiation"); without accept-version the client speaks 1.0."""
    asked = {v.strip() for v in (frame.get("accept-version") or "1.0").split(",")}
    for known in reversed(VERSIONS):
        if known in asked:
            return known
    raise FrameRefused("Version mismatch", f"Supported versions are {','.join(VERSIONS)}\n")


def heart_beat(frame: Frame, minimum: int) -> tuple[int, int]:
    """What CONNECTED says in milliseconds: (the broker sends every, it wants one every); 0 is none."""
    text = frame.get("heart-beat") or "0,0"
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        raise FrameRefused("Processing error", f"heart-beat is two numbers of milliseconds, not '{text}'\n")
    client_sends, client_wants = (int(part) for part in parts)
    return (max(client_wants, minimum) if client_wants else 0, max(client_sends, minimum) if client_sends else 0)


def login(frame: Frame, users: Mapping[str, str] | None, vhosts: Collection[str] | None) -> str:
    """Who came in; None for users or vhosts lets everybody in everywhere. No login at all is guest, as on RabbitMQ."""
    name = frame.get("login")
    if users is not None and name is not None and users.get(name) != (frame.get("passcode") or ""):
        raise FrameRefused("Bad CONNECT", f"Access refused for user '{name}'\n")
    vhost = frame.get("host")
    if vhosts is not None and vhost is not None and vhost not in vhosts:
        raise FrameRefused("Bad CONNECT", f"Virtual host '{vhost}' access denied")
    return name or "guest"
