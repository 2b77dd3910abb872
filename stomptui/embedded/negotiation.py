"""CONNECT: negotiating version and heart-beats, checking login and virtual host (STOMP 1.2, "Connecting")."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from stomptui.embedded.refused import FrameRefused
from stomptui.protocol.codec import VERSIONS
from stomptui.protocol.frame import Frame


def negotiate_version(frame: Frame) -> str:
    """The highest version both sides know (1.2, "Protocol Negotiation"); 1.0 without accept-version.

    Raises:
        FrameRefused: There is none.
    """
    asked = {v.strip() for v in (frame.get("accept-version") or "1.0").split(",")}
    for known in reversed(VERSIONS):
        if known in asked:
            return known
    raise FrameRefused("Version mismatch", f"Supported versions are {','.join(VERSIONS)}\n")


def negotiate_heart_beat(frame: Frame, minimum: int) -> tuple[int, int]:
    """The `heart-beat` of CONNECTED, in milliseconds: (the broker sends every, it wants every); 0 is none.

    Raises:
        FrameRefused: The header is not two numbers.
    """
    text = frame.get("heart-beat") or "0,0"
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        raise FrameRefused("Processing error", f"heart-beat is two numbers of milliseconds, not '{text}'\n")
    client_sends, client_wants = (int(part) for part in parts)
    return (max(client_wants, minimum) if client_wants else 0, max(client_sends, minimum) if client_sends else 0)


def check_login(frame: Frame, users: Mapping[str, str] | None, vhosts: Collection[str] | None) -> str:
    """The login of the client; without one it is guest, as on RabbitMQ.

    Args:
        frame: The CONNECT frame.
        users: Passcodes by login, None to accept all.
        vhosts: The virtual hosts, None to accept all.

    Raises:
        FrameRefused: Wrong login, passcode or virtual host.
    """
    name = frame.get("login")
    if users is not None and name is not None and users.get(name) != (frame.get("passcode") or ""):
        raise FrameRefused("Bad CONNECT", f"Access refused for user '{name}'\n")
    vhost = frame.get("host")
    if vhosts is not None and vhost is not None and vhost not in vhosts:
        raise FrameRefused("Bad CONNECT", f"Virtual host '{vhost}' access denied")
    return name or "guest"
