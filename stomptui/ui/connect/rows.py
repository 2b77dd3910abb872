"""Rows of the connection form: labels, fields and their units."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Checkbox, Static

from stomptui.compose.draft import HeaderLine
from stomptui.config.connection import HeaderLines, TransportKind
from stomptui.config.dialects import DIALECTS, RECOGNISED
from stomptui.config.environment import EnvironmentColour
from stomptui.config.pasted_code import looks_like_code
from stomptui.config.several_hosts import listed_urls
from stomptui.config.url import unquoted
from stomptui.protocol.clean import clean
from stomptui.protocol.codec import VERSIONS
from stomptui.ui.widgets.text.fields import ExactField

TRANSPORTS = (
    ("TCP", TransportKind.TCP),
    ("TLS", TransportKind.TLS),
    ("WebSocket", TransportKind.WS),
    ("secure WebSocket", TransportKind.WSS),
)
DIALECT_CHOICES = (("as it says of itself", RECOGNISED), *((words, name) for name, words in DIALECTS.items()))
COLOURS = tuple((colour.label, colour) for colour in EnvironmentColour)
NOT_VERIFIED = "Not verified: anyone in between can read and change everything, including the password."
CONNECT_NAMES = ("client-id", "Authorization", "X-CSRF-TOKEN", "X-Auth-Token")
HANDSHAKE_NAMES = ("Authorization", "Cookie", "Origin", "Sec-WebSocket-Protocol", "User-Agent")
_URL = re.compile(r"\s*[\"'`<“‘„]*[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def _is_url(text: str) -> bool:
    """Whether a text begins as a URL does, or is a list of them."""
    if "://" not in text:
        return False
    plain = unquoted(text)
    return bool(_URL.match(plain)) or listed_urls(plain) is not None


class Tick(Checkbox):
    """A check box whose mark is seen by its shape, not by its colour alone."""

    def __init__(self, label: str, value: bool, id: str) -> None:
        super().__init__(label, value, compact=True, id=id)
        self._draw()

    def watch_value(self) -> None:
        super().watch_value()
        self._draw()

    def _draw(self) -> None:
        self.BUTTON_INNER = "✓" if self.value else " "


class UrlField(ExactField):
    """A URL. One that is pasted takes the place of the one there, wherever the cursor is.

    Args:
        text: The text to begin with.
        take_code: Called with code that was pasted, which is no URL and has one in it.
    """

    _whole = False

    def __init__(self, text: str, take_code: Callable[[str], None], *, id: str, placeholder: str) -> None:
        super().__init__(text, id=id, placeholder=placeholder)
        self._take_code = take_code

    def came_whole(self) -> bool:
        """Whether anything was put in as a whole, and not key by key, since this was last asked.

        Many keys can come before what they typed is examined, and a URL can be as long as the one before.
        """
        whole, self._whole = self._whole, False
        return whole

    def insert_text_at_cursor(self, text: str) -> None:
        self._whole |= len(text) > 1
        super().insert_text_at_cursor(text)

    def replace(self, text: str, start: int, end: int) -> None:
        self._whole |= len(text) > 1
        super().replace(text, start, end)

    def _paste(self, text: str) -> None:
        if looks_like_code(text):
            self._take_code(text)
        elif _is_url(text):
            self._whole = True
            self.exact = self.taken(unquoted(text))
            self.cursor_position = len(self.value)
        else:
            super()._paste(text)


class HostField(ExactField):
    """A host. A whole URL that is put here is meant for the whole form.

    Args:
        text: The text to begin with.
        take: Called with a URL that was pasted.
        take_code: Called with code that was pasted.
    """

    def __init__(self, text: str, take: Callable[[str], None], take_code: Callable[[str], None], *, id: str) -> None:
        super().__init__(text, id=id)
        self._take = take
        self._take_code = take_code

    @property
    def url(self) -> str:
        """The URL that stands here instead of a host, "" if none does."""
        return self.exact.strip() if _is_url(self.exact) else ""

    def _paste(self, text: str) -> None:
        if looks_like_code(text):
            self._take_code(text)
        elif _is_url(text):
            self._take(self.taken(unquoted(text)))
        else:
            super()._paste(text)


class PlainField(ExactField):
    """What is neither a URL nor a host. Code that connects, in several lines, is meant for the whole form here too.

    Args:
        text: The text to begin with.
        take_code: Called with code that was pasted.
    """

    def __init__(self, text: str, take_code: Callable[[str], None], *, id: str) -> None:
        super().__init__(text, id=id)
        self._take_code = take_code

    def _paste(self, text: str) -> None:
        # In a single line it may be a password.
        if len(text.strip().splitlines()) > 1 and looks_like_code(text):
            self._take_code(text)
        else:
            super()._paste(text)


class FieldRow(Vertical):
    """A label, what is filled in, and what is wrong with it."""

    def __init__(self, name: str, label: str, *widgets: Widget, classes: str = "") -> None:
        super().__init__(id=f"row-{name}", classes=classes)
        self.field_name = name
        self._label = label
        self._said = ""
        self._widgets = widgets
        self._problem: Static | None = None
        """Made when something is wrong for the first time."""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(self._label, classes="label", markup=False)
            yield from self._widgets
        if self._problem is not None:
            yield self._problem

    def say(self, text: str) -> None:
        """Say what is wrong; "" if nothing is."""
        if text != self._said:
            self._said = text
            shown = f"✗ {clean(text)}" if text else ""
            if self._problem is not None:
                self._problem.update(shown)
            else:
                self._problem = Static(shown, classes="problem", markup=False)
                if self.is_mounted:
                    self.mount(self._problem)
            self.set_class(bool(text), "-wrong")


class Section(Vertical):
    """Rows that only some connections have. They are made when they are shown for the first time.

    Args:
        make: Makes the rows.
    """

    def __init__(self, make: Callable[[], Iterable[Widget]], *, id: str) -> None:
        super().__init__(id=id)
        self._make = make
        self._made = False

    def show(self, shown: bool) -> None:
        """Show the rows, or hide them."""
        if shown and not self._made:
            self._made = True
            self.mount_all(self._make())
        self.display = shown


def unit(text: str) -> Static:
    """What a number counts, behind its field."""
    return Static(text, classes="unit", markup=False)


def header_lines(headers: HeaderLines) -> list[HeaderLine]:
    """Headers as the editor wants them."""
    return [HeaderLine(name, value) for name, value in headers]


def version_offers(chosen: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """What to offer for the STOMP version, what is chosen included."""
    offers = [("1.0–1.2", VERSIONS), *((f"{v} only", (v,)) for v in reversed(VERSIONS))]
    if chosen not in [versions for _, versions in offers]:
        offers.append((" or ".join(chosen), chosen))
    return offers
