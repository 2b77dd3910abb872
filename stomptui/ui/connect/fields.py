"""What is filled in on the connection form: one field, tick or choice for each thing that a `Form` has."""

from __future__ import annotations

from collections.abc import Callable

from textual.widgets import Input, Select

from stomptui.config.connection import HeaderLines, TransportKind
from stomptui.config.environment import EnvironmentColour
from stomptui.config.form import Form
from stomptui.config.url import password_spans
from stomptui.ui.connect.rows import (
    COLOURS,
    CONNECT_NAMES,
    DIALECT_CHOICES,
    HANDSHAKE_NAMES,
    TRANSPORTS,
    HostField,
    PlainField,
    Tick,
    UrlField,
    header_lines,
    version_offers,
)
from stomptui.ui.widgets.compose.header_editor import HeaderEditor
from stomptui.ui.widgets.text.completion import complete_path
from stomptui.ui.widgets.text.fields import ExactField

FILES = ("ca_file", "cert_file", "key_file")
"""The fields that name files."""
TEXTS = (
    "host",
    "port",
    "vhost",
    "login",
    "passcode",
    "timeout",
    "beat_out",
    "beat_in",
    "ca_file",
    "cert_file",
    "key_file",
    "key_password",
    "server_name",
    "ws_path",
    "ws_login",
    "ws_passcode",
    "proxy",
    "ws_message_size",
    "frame_limit",
    "no_receipts",
    "management",
)
"""The fields that are typed into."""
PASSWORDS = ("passcode", "ws_passcode", "key_password")
PLACEHOLDERS = {
    "server_name": "same as the host",
    "ca_file": "system default",
    "cert_file": "PEM file, if the broker requires one",
    "ws_path": "for example /ws",
    "ws_login": "if it is another",
    "proxy": "as http_proxy says; none goes without",
    "frame_limit": "as the broker is known to take; 0 warns of none",
    "no_receipts": "commands that are never confirmed",
    "ws_message_size": "as the broker needs; 0 cuts none",
    "management": "URL of the HTTP management, to list queues",
}
"""What stands in a field that is empty."""


class FormFields:
    """The widgets that are filled in, by the names that a `Form` has for them.

    Args:
        form: What they say at first.
        url: The URL that says the same, "" if none does.
        take_url: Called with a URL that was pasted where a host goes.
        take_code: Called with code that was pasted.

    Attributes:
        texts: What is typed into, with the URL.
        headers: The lists of header lines.
        ticks: What is on or off.
        transport: TCP, TLS or WebSocket.
        versions: The versions of STOMP that are offered.
        colour: The colour of the environment.
        dialect: What the broker is treated as.
        remember: Whether the password is kept in the keyring; no part of the `Form`.
    """

    def __init__(self, form: Form, url: str, take_url: Callable[[str], None], take_code: Callable[[str], None]) -> None:
        self.host = HostField(form.host, take_url, take_code, id="field-host")
        self.url = UrlField(url, take_code, id="field-url", placeholder="for example stomp://guest@127.0.0.1:61613/")
        self.texts: dict[str, ExactField] = {
            name: self.host if name == "host" else PlainField(getattr(form, name), take_code, id=f"field-{name}")
            for name in TEXTS
        }
        self.texts["url"] = self.url
        for name in PASSWORDS:
            self.texts[name].password = True
        for name in ("host", "url", "ws_path", "management", "proxy"):
            self.texts[name].hides = password_spans
        for name in FILES:
            complete_path(self.texts[name])
        self._names: dict[Input, str] = {field: name for name, field in self.texts.items()}
        self.headers = {
            "headers": HeaderEditor(header_lines(form.headers), lambda: CONNECT_NAMES, id="field-headers"),
            "ws_headers": HeaderEditor(header_lines(form.ws_headers), lambda: HANDSHAKE_NAMES, id="field-ws_headers"),
        }
        self.transport: Select[TransportKind] = Select(
            TRANSPORTS, value=form.transport, allow_blank=False, compact=True, id="field-transport"
        )
        self.versions: Select[tuple[str, ...]] = Select(
            version_offers(form.versions), value=form.versions, allow_blank=False, compact=True, id="field-versions"
        )
        self.colour: Select[EnvironmentColour] = Select(
            COLOURS, value=form.colour, allow_blank=False, compact=True, id="field-colour"
        )
        self.dialect: Select[str] = Select(
            DIALECT_CHOICES, value=form.dialect, allow_blank=False, compact=True, id="field-dialect"
        )
        self.ticks = {
            "production": Tick("production", form.production, id="field-production"),
            "read_only": Tick("read-only", form.read_only, id="field-read_only"),
            "send_host": Tick("send", form.send_host, id="field-send_host"),
            "verify": Tick("verify", form.verify, id="field-verify"),
            "ws_basic": Tick("the login and password above", form.ws_basic, id="field-ws_basic"),
        }
        self.remember = Tick("in the keyring", False, id="field-remember")
        self.remember.display = False
        self._explain()

    def _explain(self) -> None:
        self.dialect.tooltip = "What the broker is treated as"
        self.colour.tooltip = "The colour that this connection is marked with"
        self.ticks["send_host"].tooltip = "Whether the CONNECT frame has a host header"
        self.ticks["production"].tooltip = "Deleting and emptying queues wants the queue's name typed"
        self.ticks["read_only"].tooltip = "Nothing can be sent, acknowledged or changed"
        self.remember.tooltip = "Keep the password in the system's keyring"

    def begin(self) -> None:
        """Say what may stand in an empty field, once they are on the screen."""
        self.url.select_on_focus = True
        for name, text in PLACEHOLDERS.items():
            self.texts[name].placeholder = text

    def name_of(self, field: Input) -> str | None:
        """The name of what is typed into, None for what is none of these fields, as the parts of a header line."""
        return self._names.get(field)

    def lines_of(self, name: str) -> HeaderLines:
        """The header lines of a list that are switched on."""
        return tuple((line.name, line.value) for line in self.headers[name].lines if line.enabled)

    def show(self, form: Form) -> None:
        """Make the fields say what a form says; the URL has `write_url`."""
        for name in TEXTS:
            self.texts[name].exact = getattr(form, name)
        self.transport.value = form.transport
        self.colour.value = form.colour
        self.dialect.value = form.dialect
        if self.versions.value != form.versions:
            self.versions.set_options(version_offers(form.versions))
            self.versions.value = form.versions
        for name, tick in self.ticks.items():
            tick.value = getattr(form, name)
        for name, editor in self.headers.items():
            if (lines := getattr(form, name)) != self.lines_of(name):
                editor.load(header_lines(lines))

    def write_url(self, url: str) -> None:
        """Make the URL field say this, with the cursor behind it."""
        self.url.exact = url
        self.url.cursor_position = len(url)

    def show_secrets(self, shown: bool) -> None:
        """Show the passwords as they are, or not."""
        for name in PASSWORDS:
            self.texts[name].password = not shown
