"""SockJS endpoints (its protocol, 0.3.3): which one a path belongs to, and where its plain WebSocket is.

An endpoint `/ws` answers `GET /ws/info`, and speaks plain STOMP over WebSocket at `/ws/websocket`. What a browser shows
of a connection, and people copy, are paths below it: `/ws/info`, `/ws/websocket`, `/ws/4/efa0b978/websocket`.
"""

from __future__ import annotations

import json
import re

from stomptui.connection.transport.websocket.handshake import HttpResponse

_SESSION = re.compile(
    r"/\d{1,4}/[^/.]+/(?P<transport>websocket|xhr|xhr_streaming|xhr_send|eventsource|htmlfile|jsonp|jsonp_send)/?$"
)
_INFO = "/info"
_WEBSOCKET = "/websocket"


def is_session(path: str) -> bool:
    """Whether a path looks like the WebSocket of a SockJS session, whose messages are framed once more."""
    found = _SESSION.search(path)
    return found is not None and found["transport"] == "websocket"


def endpoint_of(path: str) -> str:
    """The endpoint that a path belongs to, if it belongs to one; without a slash at its end."""
    path = path.rstrip("/")
    if found := _SESSION.search(path):
        return path[: found.start()]
    return path.removesuffix(_INFO)


def info_path(endpoint: str) -> str:
    return endpoint + _INFO


def websocket_path(endpoint: str) -> str:
    """Where an endpoint speaks without SockJS frames."""
    return endpoint + _WEBSOCKET


def shortened(path: str) -> str:
    """The path without what only a SockJS endpoint has behind its own, or without its last slash; "" if it has none."""
    short = endpoint_of(path)
    for end in (_INFO, _WEBSOCKET):
        short = short.removesuffix(end)
    return (short or "/") if path not in (short, "/") else ""


def offers_websocket(response: HttpResponse) -> bool | None:
    """Whether the endpoint that gave this answer to `GET <endpoint>/info` has WebSocket; None if it is no SockJS."""
    try:
        info = json.loads(response.body)
    except (ValueError, RecursionError):
        return None
    if response.status != 200 or not isinstance(info, dict) or not isinstance(info.get("websocket"), bool):
        return None
    return info["websocket"] is True
