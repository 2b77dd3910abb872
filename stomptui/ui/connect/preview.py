"""The preview of the CONNECT frame in the connection form, secrets masked."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from stomptui.config.connection import Connection
from stomptui.config.secret_names import path_without_secrets
from stomptui.protocol.clean import clean

QUIET = "$foreground-muted"


class ConnectPreview(Static):
    """The CONNECT frame, and the request that opens the WebSocket if there is one."""

    def __init__(self) -> None:
        super().__init__("", id="preview", markup=False)
        self.plain = ""
        """What is shown, without colours."""

    def show(self, connection: Connection) -> None:
        """Show what is sent for a connection."""
        lines: list[Content] = []
        if connection.transport.websocket:
            path = path_without_secrets(connection.ws_path).partition("?")
            query = "?…" if path[1] else ""
            lines.append(_command(f"GET {path[0]}{query}"))
            lines += [_header(name, value, ": ") for name, value in connection.handshake_headers(masked=True)]
            lines.append(Content(""))
        lines.append(_command("CONNECT"))
        lines += [_header(name, value, ":") for name, value in connection.connect_headers(masked=True)]
        lines += [Content(""), Content.styled("␀", QUIET)]
        content = Content("\n").join(lines)
        if content.plain != self.plain:
            self.plain = content.plain
            self.update(content)


def _command(text: str) -> Content:
    return Content.styled(clean(text), "bold")


def _header(name: str, value: str, between: str) -> Content:
    return Content.assemble((clean(name), QUIET), (between, QUIET), clean(value))
