"""The fields of the connection form; the URL field and the other fields always agree."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Select, Static

from stomptui.compose.draft import HeaderLine
from stomptui.config.connection import Connection, TransportKind
from stomptui.config.environment import EnvironmentColour
from stomptui.config.form import Form, Place
from stomptui.config.header_sources import sources_in
from stomptui.config.pasted_code import code_text, read_code
from stomptui.config.secret_names import is_secret
from stomptui.config.url import UrlError, parse_url, password_spans
from stomptui.ui.connect.problems import FieldProblems
from stomptui.ui.connect.rows import (
    COLOURS,
    CONNECT_NAMES,
    DIALECT_CHOICES,
    HANDSHAKE_NAMES,
    NOT_VERIFIED,
    TRANSPORTS,
    FieldRow,
    HostField,
    Section,
    Tick,
    UrlField,
    header_lines,
    unit,
    version_offers,
)
from stomptui.ui.widgets.compose.header_editor import HeaderEditor
from stomptui.ui.widgets.reveal import shows_secrets
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


@dataclass(frozen=True)
class Typed:
    """All that stands in the form, whether it makes sense or not."""

    form: Form
    url: str
    headers: dict[str, list[HeaderLine]]

    @property
    def without_passwords(self) -> Typed:
        """The same as far as a profile can keep it."""
        return replace(self, form=replace(self.form, passcode="", ws_passcode="", key_password=""))


class ConnectForm(VerticalScroll, can_focus=False):
    """Edits one connection; read it with `connection`."""

    class Changed(Message):
        """Something in the form is different now."""

    class CodeRead(Message):
        """Code that was pasted was read.

        Args:
            text: What came of it, in a sentence; "" once another address is pasted.
            failed: Whether nothing did.
        """

        def __init__(self, text: str, failed: bool = False) -> None:
            super().__init__()
            self.text = text
            self.failed = failed

    def __init__(self, connection: Connection) -> None:
        super().__init__(id="form")
        self.form = Form.of(connection)
        self.sources = set(sources_in(connection))
        """Where header values may come from: what the person agreed to for the place the form connects to, and what a
        profile or the command line has."""
        self._url = self.form.url() or ""
        self._url_problem = ""
        self._code_told = False
        """Whether what was taken from pasted code is what is said last."""
        self._fields = {name: ExactField(getattr(self.form, name), id=f"field-{name}") for name in TEXTS}
        for name in PASSWORDS:
            self._fields[name].password = True
        self._host = self._fields["host"] = HostField(self.form.host, self._take_url, self._take_code, id="field-host")
        self._host.hides = password_spans
        for name in ("ws_path", "management", "proxy"):
            self._fields[name].hides = password_spans
        for name in FILES:
            complete_path(self._fields[name])
        self._fields["url"] = UrlField(
            self._url, self._take_code, id="field-url", placeholder="for example stomp://guest@127.0.0.1:61613/"
        )
        self._fields["url"].hides = password_spans
        self._names = {field: name for name, field in self._fields.items()}
        self._headers: dict[str, HeaderEditor] = {
            "headers": HeaderEditor(header_lines(self.form.headers), lambda: CONNECT_NAMES, id="field-headers"),
            "ws_headers": HeaderEditor(
                header_lines(self.form.ws_headers), lambda: HANDSHAKE_NAMES, id="field-ws_headers"
            ),
        }
        self._transport: Select[TransportKind] = Select(
            TRANSPORTS, value=self.form.transport, allow_blank=False, compact=True, id="field-transport"
        )
        self._versions: Select[tuple[str, ...]] = Select(
            version_offers(self.form.versions),
            value=self.form.versions,
            allow_blank=False,
            compact=True,
            id="field-versions",
        )
        self._colour: Select[EnvironmentColour] = Select(
            COLOURS, value=self.form.colour, allow_blank=False, compact=True, id="field-colour"
        )
        self._dialect: Select[str] = Select(
            DIALECT_CHOICES, value=self.form.dialect, allow_blank=False, compact=True, id="field-dialect"
        )
        self._dialect.tooltip = "What the broker is treated as"
        self._checks = {
            "production": Tick("production", self.form.production, id="field-production"),
            "read_only": Tick("read-only", self.form.read_only, id="field-read_only"),
            "send_host": Tick("send", self.form.send_host, id="field-send_host"),
            "verify": Tick("verify", self.form.verify, id="field-verify"),
            "ws_basic": Tick("the login and password above", self.form.ws_basic, id="field-ws_basic"),
        }
        self._checks["send_host"].tooltip = "Whether the CONNECT frame has a host header"
        self._colour.tooltip = "The colour that this connection is marked with"
        self._checks["production"].tooltip = "Deleting and emptying queues wants the queue's name typed"
        self._checks["read_only"].tooltip = "Nothing can be sent, acknowledged or changed"
        self._remember = Tick("in the keyring", False, id="field-remember")
        self._remember.tooltip = "Keep the password in the system's keyring"
        self._remember.display = False
        self._tls = Section(self._tls_rows, id="tls")
        self._not_verified = Static(NOT_VERIFIED, id="not-verified", markup=False)
        self._websocket = Section(self._websocket_rows, id="websocket")
        self._rows: dict[str, FieldRow] = {}
        """Those of sections that are not shown yet are missing."""
        self.problems = FieldProblems(self._rows, lambda: self.connection()[1])
        self._begun = self.typed

    def compose(self) -> ComposeResult:
        fields, row = self._fields, self._row
        yield Static("Paste a URL, or fill in the fields", classes="section", markup=False)
        yield row("url", "URL", fields["url"])
        with Horizontal(classes="pair"):
            yield row("host", "Host", fields["host"])
            yield row("port", "Port", fields["port"], classes="second")
        with Horizontal(classes="pair"):
            yield row("vhost", "Virtual host", fields["vhost"], self._checks["send_host"])
            yield row("versions", "STOMP", self._versions, classes="second")
        with Horizontal(classes="pair"):
            yield row("login", "Login", fields["login"])
            yield row("passcode", "Password", fields["passcode"], classes="second")
        yield row("remember", "", self._remember)
        with Horizontal(classes="pair"):
            yield row("transport", "Transport", self._transport)
            yield row("timeout", "Timeout", fields["timeout"], unit("s"), classes="second")
        with Horizontal(classes="pair"):
            yield row("beat_out", "Heart-beats", fields["beat_out"], unit("s sent"))
            yield row("beat_in", "received", fields["beat_in"], unit("s"), classes="second")
        yield row("management", "Management", fields["management"])
        yield row("colour", "Environment", self._colour, self._checks["production"], self._checks["read_only"])
        yield self._tls
        yield self._websocket
        yield Static("Extra CONNECT headers", classes="section", markup=False)
        yield row("headers", "Headers", self._headers["headers"])
        yield Static("What the broker does", classes="section", markup=False)
        yield row("dialect", "Treat as", self._dialect)
        yield row("no_receipts", "No receipts", fields["no_receipts"])
        yield row("frame_limit", "Frame limit", fields["frame_limit"], unit("bytes"))

    def _tls_rows(self) -> Iterator[Widget]:
        fields, row = self._fields, self._row
        yield Static("TLS", classes="section", markup=False)
        yield row("verify", "Certificate", self._checks["verify"])
        yield self._not_verified
        yield row("ca_file", "CA file", fields["ca_file"])
        yield row("server_name", "Server name", fields["server_name"])
        yield row("cert_file", "Client cert.", fields["cert_file"])
        yield row("key_file", "Client key", fields["key_file"])
        yield row("key_password", "Key password", fields["key_password"])

    def _websocket_rows(self) -> Iterator[Widget]:
        yield Static("WebSocket", classes="section", markup=False)
        yield self._row("ws_path", "Path", self._fields["ws_path"])
        yield self._row("ws_basic", "HTTP Basic", self._checks["ws_basic"])
        yield Horizontal(
            self._row("ws_login", "HTTP login", self._fields["ws_login"]),
            self._row("ws_passcode", "Password", self._fields["ws_passcode"], classes="second"),
            classes="pair",
        )
        yield self._row("ws_headers", "Handshake", self._headers["ws_headers"])
        yield self._row("proxy", "Proxy", self._fields["proxy"])
        yield self._row("ws_message_size", "Messages of", self._fields["ws_message_size"], unit("bytes at most"))

    def on_mount(self) -> None:
        fields = self._fields
        fields["url"].select_on_focus = True
        fields["server_name"].placeholder = "same as the host"
        fields["ca_file"].placeholder = "system default"
        fields["cert_file"].placeholder = "PEM file, if the broker requires one"
        fields["ws_path"].placeholder = "for example /ws"
        fields["ws_login"].placeholder = "if it is another"
        fields["proxy"].placeholder = "as http_proxy says; none goes without"
        fields["frame_limit"].placeholder = "as the broker is known to take; 0 warns of none"
        fields["no_receipts"].placeholder = "commands that are never confirmed"
        fields["ws_message_size"].placeholder = "as the broker needs; 0 cuts none"
        fields["management"].placeholder = "URL of the HTTP management, to list queues"
        self.secrets_switched()
        self._arrange()

    @property
    def remember(self) -> bool:
        """Whether the person wants the password in the keyring."""
        return bool(self._remember.display and self._remember.value)

    @remember.setter
    def remember(self, wanted: bool) -> None:
        self._remember.value = wanted

    def offer_keyring(self) -> None:
        """Show the tick that keeps the password in the keyring."""
        self._remember.display = True
        self._rows["remember"].add_class("-shown")

    def connection(self) -> tuple[Connection, dict[str, str]]:
        """The connection said, and what is wrong by the name of the field."""
        said, wrong = self.form.connection()
        if self._url_problem:
            wrong = {"url": self._url_problem, **wrong}
        return said, wrong

    def load(self, connection: Connection) -> None:
        """Fill the form with a connection."""
        self.form = Form.of(connection)
        self.sources = set(sources_in(connection))
        self._url_problem = ""
        self.problems.reset("ca_file", "cert_file", "key_file", "management")
        self._show()
        self.keep()
        self.post_message(self.Changed())

    @property
    def typed(self) -> Typed:
        """What stands in the form, to be put back by `put_back`."""
        headers = {name: [replace(line) for line in editor.lines] for name, editor in self._headers.items()}
        return Typed(replace(self.form), self._url, headers)

    def put_back(self, typed: Typed) -> None:
        """Put back what stood in the form before; it counts as changed since the last `load`."""
        self.form = replace(typed.form)
        self._show()
        for name, editor in self._headers.items():
            editor.load([replace(line) for line in typed.headers[name]])
        if typed.url != self._url:
            # No URL: the field keeps it, and says so.
            self._url = typed.url
            self._write_url()
            self.problems.touch("url")
            self._understand(typed.url, False)
        self.post_message(self.Changed())

    def keep(self) -> None:
        """What stands in the form now is kept elsewhere: nothing counts as changed any more."""
        self._begun = self.typed

    @property
    def changed(self) -> bool:
        """Whether anything is different since the form was loaded or kept."""
        return self.typed != self._begun

    @property
    def unsaved(self) -> bool:
        """Whether anything is different that a profile could keep."""
        return self.typed.without_passwords != self._begun.without_passwords

    def fill_password(self, passcode: str) -> None:
        """Put a password in, unless the person typed one meanwhile."""
        if not self.form.passcode:
            changed = self.changed
            self.form.passcode = passcode
            self._show()
            if not changed:
                self.keep()
            self.post_message(self.Changed())

    def focus_missing(self) -> None:
        """Go to what has to be typed before connecting: a password or the value of a secret header; else to the URL."""
        headers = [name for name in ("ws_headers", "headers") if any(map(_lacks_value, getattr(self.form, name)))]
        if self.form.login and not self.form.passcode:
            self.focus_field("passcode")
        else:
            self.focus_field(next(iter(headers), "url"))

    def focus_field(self, name: str) -> None:
        """Go to a field."""
        found = self.query(f"#field-{name}")
        if not found:
            return
        widget = found.first()
        if isinstance(widget, HeaderEditor):
            widget.go_to_missing()
        else:
            widget.focus()
        self._rows[name].scroll_visible(animate=False)

    def secrets_switched(self) -> None:
        for name in PASSWORDS:
            self._fields[name].password = not shows_secrets(self)

    def _row(self, name: str, label: str, *widgets: Widget, classes: str = "") -> FieldRow:
        self._rows[name] = FieldRow(name, label, *widgets, classes=classes)
        return self._rows[name]

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        name = self._names.get(event.input)  # type: ignore[call-overload]
        if name is None:
            return
        event.stop()
        text = self._fields[name].exact
        if name == "url":
            if text != self._url:
                self._url_typed(text)
        elif text != getattr(self.form, name):
            setattr(self.form, name, text)
            self._changed(name)

    def settle(self) -> None:
        """Take a whole URL that was typed in place of the host as what it is, if it can be understood."""
        if text := self._host.url:
            with contextlib.suppress(UrlError):
                parse_url(text)
                self._take_url(text)

    def _take_url(self, text: str) -> None:
        """Fill the form from a whole URL that was put into another field."""
        self._understand(text, True)
        self._write_url()
        if self._url_problem:
            self.focus_field("url")

    def _take_code(self, text: str) -> None:
        """Fill the form from code that was pasted, and say what of it was read."""
        code = read_code(text)
        before = self.form.place
        try:
            taken = self.form.fill_from_code(code)
        except UrlError as error:
            self.post_message(self.CodeRead(f"✗ {code_text([], code.unread)}; its address: {error}", True))
            return
        self._ask_anew_if_elsewhere(before)
        if taken:
            self._url_problem = ""
            self._show()
            self._changed("code")
        mark = "✓" if taken else "✗"
        self._code_told = True
        self.post_message(self.CodeRead(f"{mark} {code_text(taken, code.unread)}", not taken))

    def _url_typed(self, text: str) -> None:
        field = self._fields["url"]
        self._understand(text, abs(len(text) - len(self._url)) > 1 and isinstance(field, UrlField) and field.whole)

    def _understand(self, text: str, pasted: bool) -> None:
        """Fill the form from a URL, or say what is wrong with it."""
        self._url, self._url_problem = text, ""
        before = self.form.place
        try:
            secret = self.form.fill_from_url(text, pasted)
        except UrlError as error:
            self._url_problem = str(error)
            if pasted:
                self.problems.touch("url")
        else:
            if pasted:
                self._ask_anew_if_elsewhere(before)
                if self._code_told:
                    # What was said of the code that was pasted before holds no more.
                    self._code_told = False
                    self.post_message(self.CodeRead(""))
            self._show(url=secret and pasted)
        self._arrange()
        self._changed("url")

    def _ask_anew_if_elsewhere(self, before: Place) -> None:
        """What was agreed to be read for one place is not agreed to for another."""
        if before.is_left_for(self.form.place):
            self.sources.clear()

    def _changed(self, name: str) -> None:
        if name != "url":
            url = self.form.url()
            if url is not None:
                self._url, self._url_problem = url, ""
                self._write_url()
        self.problems.changed(name)
        self.post_message(self.Changed())

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        name = self._names.get(event.input)  # type: ignore[call-overload]
        if name is None:
            return
        self.problems.touch(name)
        if name == "host":
            self.settle()
        if name == "url" and not self._url_problem:
            self._url = self.form.url() or self._url
            self._write_url()
        self.problems.show()

    @on(Select.Changed)
    def _chosen(self, event: Select.Changed) -> None:
        event.stop()
        name = (event.select.id or "").removeprefix("field-")
        if event.value == getattr(self.form, name) or event.value is Select.NULL:
            return
        before = self.form.transport
        setattr(self.form, name, event.value)
        if name == "transport":
            self.form.transport_changed(before)
            self._show()
        self._changed(name)

    @on(Checkbox.Changed)
    def _ticked(self, event: Checkbox.Changed) -> None:
        event.stop()
        name = (event.checkbox.id or "").removeprefix("field-")
        if name == "remember" or event.value == getattr(self.form, name):
            return
        setattr(self.form, name, event.value)
        self._arrange()
        self._changed(name)

    @on(HeaderEditor.Changed)
    def _header_edited(self, event: HeaderEditor.Changed) -> None:
        event.stop()
        for name, editor in self._headers.items():
            if editor is event.editor:
                lines = tuple((line.name, line.value) for line in editor.lines if line.enabled)
                setattr(self.form, name, tuple(line for line in lines if line != ("", "")))
                self.problems.touch(name)
                self._changed(name)

    def _show(self, url: bool = True) -> None:
        """Make the widgets say what the form says."""
        if url:
            self._url = self.form.url() or self._url
            self._write_url()
        for name in TEXTS:
            self._fields[name].exact = getattr(self.form, name)
        self._transport.value = self.form.transport
        self._colour.value = self.form.colour
        self._dialect.value = self.form.dialect
        if self._versions.value != self.form.versions:
            self._versions.set_options(version_offers(self.form.versions))
            self._versions.value = self.form.versions
        for name, check in self._checks.items():
            check.value = getattr(self.form, name)
        for name, editor in self._headers.items():
            lines = getattr(self.form, name)
            if lines != tuple((line.name, line.value) for line in editor.lines if line.enabled):
                editor.load(header_lines(lines))
        self._arrange()
        self.problems.show()

    def _write_url(self) -> None:
        self._fields["url"].exact = self._url
        self._fields["url"].cursor_position = len(self._url)

    def _arrange(self) -> None:
        """Show the sections that this transport has."""
        self._tls.show(self.form.transport.encrypted)
        self._websocket.show(self.form.transport.websocket)
        self._not_verified.display = not self.form.verify
        self.set_class(not self.form.verify, "-unverified")
        self._fields["vhost"].disabled = not self.form.send_host


def _lacks_value(line: tuple[str, str]) -> bool:
    name, value = line
    return is_secret(name) and not value.strip()
