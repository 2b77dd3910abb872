"""The connection form: one connection is edited; the URL field and the other fields always agree."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Checkbox, Input, Select

from stomptui.config.connection import Connection
from stomptui.config.form import Form, Place
from stomptui.config.header_sources import sources_in
from stomptui.config.pasted_code import code_text, read_code
from stomptui.config.secret_names import is_secret
from stomptui.config.url import UrlError, parse_url
from stomptui.ui.connect.fields import FormFields
from stomptui.ui.connect.layout import FormLayout
from stomptui.ui.connect.problems import FieldProblems
from stomptui.ui.connect.typed import Typed
from stomptui.ui.widgets.compose.header_editor import HeaderEditor
from stomptui.ui.widgets.reveal import shows_secrets


class ConnectForm(VerticalScroll, can_focus=False):
    """Edits one connection; read it with `connection`."""

    class Changed(Message):
        """Something in the form is different now."""

    class CodeRead(Message):
        """Code or an address that was pasted was read.

        Args:
            text: What came of it, in a sentence or two; "" if nothing is to be said, and nothing before holds.
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
        self.fields = FormFields(self.form, self._url, self._take_url, self._take_code)
        self._rows = FormLayout(self.fields)
        self.problems = FieldProblems(self._rows.rows, lambda: self.connection()[1])
        self._begun = self.typed

    def compose(self) -> ComposeResult:
        yield from self._rows.compose()

    def on_mount(self) -> None:
        self.fields.begin()
        self.secrets_switched()
        self._arrange()

    @property
    def remember(self) -> bool:
        """Whether the person wants the password in the keyring."""
        return bool(self.fields.remember.display and self.fields.remember.value)

    @remember.setter
    def remember(self, wanted: bool) -> None:
        self.fields.remember.value = wanted

    def offer_keyring(self) -> None:
        """Show the tick that keeps the password in the keyring."""
        self._rows.offer_keyring()

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
        headers = {name: [replace(line) for line in editor.lines] for name, editor in self.fields.headers.items()}
        return Typed(replace(self.form), self._url, headers)

    def put_back(self, typed: Typed) -> None:
        """Put back what stood in the form before; it counts as changed since the last `load`."""
        self.form = replace(typed.form)
        self._show()
        for name, editor in self.fields.headers.items():
            editor.load([replace(line) for line in typed.headers[name]])
        if typed.url != self._url:
            # No URL: the field keeps it, and says so.
            self._url = typed.url
            self.fields.write_url(self._url)
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
        self._rows.rows[name].scroll_visible(animate=False)

    def secrets_switched(self) -> None:
        self.fields.show_secrets(shows_secrets(self))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        name = self.fields.name_of(event.input)
        if name is None:
            return
        event.stop()
        text = self.fields.texts[name].exact
        if name == "url":
            whole = self.fields.url.came_whole()
            if text != self._url:
                self._understand(text, whole)
        elif text != getattr(self.form, name):
            setattr(self.form, name, text)
            self._changed(name)

    def settle(self) -> None:
        """Take a whole URL that was typed in place of the host as what it is, if it can be understood."""
        if text := self.fields.host.url:
            with contextlib.suppress(UrlError):
                parse_url(text)
                self._take_url(text)

    def _take_url(self, text: str) -> None:
        """Fill the form from a whole URL that was put into another field."""
        self._understand(text, True)
        self.fields.write_url(self._url)
        if self._url_problem:
            self.focus_field("url")

    def _take_code(self, text: str) -> None:
        """Fill the form from code that was pasted, and say what of it was read."""
        code = read_code(text)
        before, leaves, secrets = self.form.place, self.form.leaves_page(code), self.form.secrets
        try:
            taken = self.form.fill_from_code(code)
        except UrlError as error:
            self.post_message(self.CodeRead(f"✗ {code_text([], code.unread)}; its address: {error}", True))
            return
        if leaves:
            self.sources.clear()
        self._ask_anew_if_elsewhere(before)
        if taken:
            self._url_problem = ""
            self._show()
            self._changed("code")
        mark = "✓" if taken else "✗"
        self._code_told = True
        told = " ".join(filter(None, (f"{mark} {code_text(taken, code.unread)}", self._removed(secrets))))
        self.post_message(self.CodeRead(told, not taken))

    def _understand(self, text: str, pasted: bool) -> None:
        """Fill the form from a URL, or say what is wrong with it."""
        self._url, self._url_problem = text, ""
        before, secrets = self.form.place, self.form.secrets
        try:
            secret = self.form.fill_from_url(text, pasted)
        except UrlError as error:
            self._url_problem = str(error)
            if pasted:
                self.problems.touch("url")
        else:
            if pasted:
                self._ask_anew_if_elsewhere(before)
                removed = self._removed(secrets)
                # What was said of what was pasted before holds no more.
                if removed or self._code_told:
                    self._code_told = bool(removed)
                    self.post_message(self.CodeRead(removed))
            self._show(url=secret and pasted)
        self._arrange()
        self._changed("url")

    def _removed(self, before: list[str]) -> str:
        """Which secrets of those that were there are gone, and why, in a sentence; "" if none is."""
        there = self.form.secrets
        gone = [name for name in before if name not in there]
        return f"Removed, since this is another server or not encrypted: {', '.join(gone)}." if gone else ""

    def _ask_anew_if_elsewhere(self, before: Place) -> None:
        """What was agreed to be read for one place is not agreed to for another."""
        if before.is_left_for(self.form.place):
            self.sources.clear()

    def _changed(self, name: str) -> None:
        if name != "url":
            url = self.form.url()
            if url is not None:
                self._url, self._url_problem = url, ""
                self.fields.write_url(self._url)
        self.problems.changed(name)
        self.post_message(self.Changed())

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        name = self.fields.name_of(event.input)
        if name is None:
            return
        self.problems.touch(name)
        if name == "host":
            self.settle()
        if name == "url" and not self._url_problem:
            self._url = self.form.url() or self._url
            self.fields.write_url(self._url)
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
        for name, editor in self.fields.headers.items():
            if editor is event.editor:
                setattr(self.form, name, tuple(line for line in self.fields.lines_of(name) if line != ("", "")))
                self.problems.touch(name)
                self._changed(name)

    def _show(self, url: bool = True) -> None:
        """Make the widgets say what the form says."""
        if url:
            self._url = self.form.url() or self._url
            self.fields.write_url(self._url)
        self.fields.show(self.form)
        self._arrange()
        self.problems.show()

    def _arrange(self) -> None:
        """Show the sections that this transport has."""
        self._rows.arrange(self.form)
        self.set_class(not self.form.verify, "-unverified")


def _lacks_value(line: tuple[str, str]) -> bool:
    name, value = line
    return is_secret(name) and not value.strip()
