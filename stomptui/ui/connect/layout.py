"""Where the fields of the connection form stand: its rows, and the sections that only some transports have."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from stomptui.config.form import Form
from stomptui.ui.connect.fields import FormFields
from stomptui.ui.connect.rows import NOT_VERIFIED, FieldRow, Section, unit


class FormLayout:
    """The rows of the form, in their order.

    Args:
        fields: What is filled in.

    Attributes:
        rows: The rows by the names of their fields. Those of sections that are not shown yet are missing.
    """

    def __init__(self, fields: FormFields) -> None:
        self._fields = fields
        self.rows: dict[str, FieldRow] = {}
        self._tls = Section(self._tls_rows, id="tls")
        self._not_verified = Static(NOT_VERIFIED, id="not-verified", markup=False)
        self._websocket = Section(self._websocket_rows, id="websocket")

    def compose(self) -> ComposeResult:
        """Everything, from the top."""
        fields, texts, ticks, row = self._fields, self._fields.texts, self._fields.ticks, self._row
        yield Static("Paste a URL, or fill in the fields", classes="section", markup=False)
        yield row("url", "URL", texts["url"])
        with Horizontal(classes="pair"):
            yield row("host", "Host", texts["host"])
            yield row("port", "Port", texts["port"], classes="second")
        with Horizontal(classes="pair"):
            yield row("vhost", "Virtual host", texts["vhost"], ticks["send_host"])
            yield row("versions", "STOMP", fields.versions, classes="second")
        with Horizontal(classes="pair"):
            yield row("login", "Login", texts["login"])
            yield row("passcode", "Password", texts["passcode"], classes="second")
        yield row("remember", "", fields.remember)
        with Horizontal(classes="pair"):
            yield row("transport", "Transport", fields.transport)
            yield row("timeout", "Timeout", texts["timeout"], unit("s"), classes="second")
        with Horizontal(classes="pair"):
            yield row("beat_out", "Heart-beats", texts["beat_out"], unit("s sent"))
            yield row("beat_in", "received", texts["beat_in"], unit("s"), classes="second")
        yield row("management", "Management", texts["management"])
        yield row("colour", "Environment", fields.colour, ticks["production"], ticks["read_only"])
        yield self._tls
        yield self._websocket
        yield Static("Extra CONNECT headers", classes="section", markup=False)
        yield row("headers", "Headers", fields.headers["headers"])
        yield Static("What the broker does", classes="section", markup=False)
        yield row("dialect", "Treat as", fields.dialect)
        yield row("no_receipts", "No receipts", texts["no_receipts"])
        yield row("frame_limit", "Frame limit", texts["frame_limit"], unit("bytes"))

    def _tls_rows(self) -> Iterator[Widget]:
        texts, row = self._fields.texts, self._row
        yield Static("TLS", classes="section", markup=False)
        yield row("verify", "Certificate", self._fields.ticks["verify"])
        yield self._not_verified
        yield row("ca_file", "CA file", texts["ca_file"])
        yield row("server_name", "Server name", texts["server_name"])
        yield row("cert_file", "Client cert.", texts["cert_file"])
        yield row("key_file", "Client key", texts["key_file"])
        yield row("key_password", "Key password", texts["key_password"])

    def _websocket_rows(self) -> Iterator[Widget]:
        texts, row = self._fields.texts, self._row
        yield Static("WebSocket", classes="section", markup=False)
        yield row("ws_path", "Path", texts["ws_path"])
        yield row("ws_basic", "HTTP Basic", self._fields.ticks["ws_basic"])
        yield Horizontal(
            row("ws_login", "HTTP login", texts["ws_login"]),
            row("ws_passcode", "Password", texts["ws_passcode"], classes="second"),
            classes="pair",
        )
        yield row("ws_headers", "Handshake", self._fields.headers["ws_headers"])
        yield row("proxy", "Proxy", texts["proxy"])
        yield row("ws_message_size", "Messages of", texts["ws_message_size"], unit("bytes at most"))

    def _row(self, name: str, label: str, *widgets: Widget, classes: str = "") -> FieldRow:
        self.rows[name] = FieldRow(name, label, *widgets, classes=classes)
        return self.rows[name]

    def offer_keyring(self) -> None:
        """Show the row that keeps the password in the keyring."""
        self._fields.remember.display = True
        self.rows["remember"].add_class("-shown")

    def arrange(self, form: Form) -> None:
        """Show the sections that the transport of this form has."""
        self._tls.show(form.transport.encrypted)
        self._websocket.show(form.transport.websocket)
        self._not_verified.display = not form.verify
        self._fields.texts["vhost"].disabled = not form.send_host
