"""The form for a new subscription: destination, mode, prefetch, selector, headers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Label, Select, Static

from stomptui.compose.draft import HeaderLine
from stomptui.compose.suggestions import header_values
from stomptui.connection.dialect.durable import Durability
from stomptui.connection.dialect.durable_id import default_identity
from stomptui.protocol.clean import clean
from stomptui.protocol.codec import name_problem, value_problem
from stomptui.protocol.features import Feature
from stomptui.protocol.numbers import whole_number
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.dialogs.lookalike_name import NameCheck
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.compose.header_editor import HeaderEditor
from stomptui.ui.widgets.text.completion import Words, complete
from stomptui.ui.widgets.text.fields import ExactField, Field

OURS = ("id", "destination", "ack", "receipt", "selector")
"""Headers of SUBSCRIBE that the fields of the form set."""
_NEEDS = {"#prefetch-row": Feature.ACKNOWLEDGEMENTS, "#selector-row": Feature.SELECTORS}
"""Rows that mean nothing where the broker lacks something."""
DURABLE = "durable"
"""The mode that makes a subscription durable, whatever headers that takes."""


@dataclass(frozen=True)
class SubscribeRequest:
    """What the person asked for. `mode` is a key of the modes offered; `prefetch` None follows from the mode."""

    destination: str
    mode: str
    prefetch: int | None = None
    selector: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    identity: str = ""
    """The person's own name for a durable subscription, "" for one that is not durable."""


class SubscribeScreen(Dialog[SubscribeRequest | None]):
    """A form for one subscription; the default is whatever takes nothing out of a queue.

    Args:
        modes: For a destination the modes it can be read in, (key, words), the safest first.
        hints: What the broker's dialect knows about a destination in a mode.
        version: The STOMP version spoken.
        destinations: Those seen so far, for completion.
        known_headers: Headers of SUBSCRIBE this broker knows, with what they mean.
        destination: What to begin with.
        elsewhere: Modes that subscribe to nothing here, so that prefetch, selector and headers are not asked for.
        misread: Says why the broker would take a destination for another, "" if it would not.
        durability: What the broker keeps of subscriptions.
        client_id: The `client-id` of CONNECT, "" without one.
        usual_identity: The name that a durable subscription to a destination has if the person gives none.
        example: What people subscribe to here.
        lacks: What the broker does not have; what is for that alone is not asked for.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.SUBSCRIBE_FORM)
    DEFAULT_CSS = """
    SubscribeScreen {
        Label { width: 13; }
        .under, .name { padding-left: 13; }
        .row > Field { width: 1fr; }
        #identity-row { display: none; }
        #identity-row.-shown { display: block; }
        HeaderEditor { height: auto; max-height: 6; width: 1fr; }
        &.-elsewhere .frame { display: none; }
        #hint { color: $text-muted; }
        /* What is red can be read on this, too. */
        SelectOverlay:focus > .option-list--option-highlighted { background: $primary 35%; color: $foreground; }
        SelectOverlay:ansi:focus > .option-list--option-highlighted {
            background: ansi_default;
            color: ansi_default;
            text-style: bold underline;
        }
        #consume-warning { text-style: bold; }
    }
    """

    def __init__(
        self,
        modes: Callable[[str], Sequence[tuple[str, str]]],
        hints: Callable[[str, str], Sequence[str]],
        version: str,
        destinations: Words = (),
        known_headers: Mapping[str, str] | None = None,
        destination: str = "",
        elsewhere: Collection[str] = (),
        misread: Callable[[str], str] = lambda destination: "",
        durability: Durability | None = None,
        client_id: str = "",
        usual_identity: Callable[[str], str] = default_identity,
        example: str = "/queue/orders or /topic/orders.*",
        lacks: Collection[Feature] = (),
    ) -> None:
        super().__init__()
        self._modes = modes
        self._hints = hints
        self._version = version
        self._headers: list[HeaderLine] = []
        known = {name: meaning for name, meaning in (known_headers or {}).items() if name not in OURS}
        self._elsewhere = elsewhere
        self._misread = misread
        self._durability = durability or Durability()
        self._client_id = client_id
        self._usual_identity = usual_identity
        self._lacks = lacks
        self._chosen = False
        self._destination = ExactField(destination, placeholder=f"for example {example}", id="destination")
        complete(self._destination, destinations)
        self._naming = NameCheck(self, self._destination, "destination-name")
        self._lines = HeaderEditor(self._headers, lambda: known, header_values, id="headers")

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            with Horizontal(classes="row"):
                yield Label("Destination")
                yield self._destination
            yield Static("", classes="name", id="destination-name", markup=False)
            yield Static("", classes="under", id="destination-problem", markup=False)
            with Horizontal(classes="row"):
                yield Label("How")
                yield Select[str](self._options(), allow_blank=False, compact=True, id="mode")
            yield Static(
                "Every message shown is permanently taken out of the queue.",
                classes="under",
                id="consume-warning",
                markup=False,
            )
            yield Static("", classes="under", id="hint", markup=False)
            with Horizontal(classes="row", id="identity-row"):
                yield Label("Durable id")
                yield Field(id="identity")
            yield Static("", classes="under", id="identity-problem", markup=False)
            with Horizontal(classes="row frame", id="prefetch-row"):
                yield Label("Prefetch")
                yield Field(placeholder="usual", id="prefetch", classes="narrow")
                yield Static("messages sent ahead of an acknowledgement", classes="beside", markup=False)
            yield Static("", classes="under", id="prefetch-problem", markup=False)
            with Horizontal(classes="row frame", id="selector-row"):
                yield Label("Selector")
                yield Field(placeholder="for example color = 'red', where the broker has selectors", id="selector")
            with Horizontal(classes="row frame"):
                yield Label("Headers")
                yield self._lines
            yield Static("", classes="under", id="headers-problem", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel", compact=True)
                yield Button("Subscribe", id="accept", variant="primary", compact=True)

    def on_mount(self) -> None:
        for row, needed in _NEEDS.items():
            if needed in self._lacks:
                self.query_one(row).display = False
        self._destination.focus()
        self._tell()

    @property
    def _typed(self) -> str:
        return self._destination.exact

    def _options(self) -> list[tuple[Content, str]]:
        """The modes; what takes messages out of a queue has the colour of that, in the list too."""
        return [
            (Content.styled(words, "bold $text-error" if key == "consume" else ""), key)
            for key, words in self._modes(self._typed)
        ]

    @on(Input.Changed, "#destination")
    def _destination_changed(self) -> None:
        select = self.query_one("#mode", Select)
        options = self._options()
        kept = select.value if self._chosen and select.value in [key for _, key in options] else options[0][1]
        with self.prevent(Select.Changed):
            select.set_options(options)
            select.value = kept
        self._tell()

    @on(Select.Changed, "#mode")
    def _mode_changed(self) -> None:
        self._chosen = self.query_one("#mode", Select).value != self._options()[0][1]
        self._tell()

    @on(HeaderEditor.Changed)
    def _headers_changed(self) -> None:
        self._tell()

    @property
    def _mode(self) -> str:
        return str(self.query_one("#mode", Select).value)

    @property
    def _written(self) -> list[tuple[str, str]]:
        """The headers of the form, those that the mode needs among them."""
        lines = [(line.name, line.value) for line in self._headers if line.enabled]
        if self._mode == DURABLE:
            names = {name for name, _ in lines}
            lines += [line for line in self._durability.headers(self._identity) if line[0] not in names]
        return lines

    @property
    def _identity(self) -> str:
        return self.query_one("#identity", Field).value.strip() or self._usual_identity(self._typed)

    def _tell(self) -> None:
        self._naming.show()
        mode = self._mode
        kept = self._durability.retained(self._typed, self._written, self._identity, self._client_id)
        told = [*self._hints(self._typed, mode), *self._durability.hints(self._typed, self._written)]
        if kept is not None and mode != DURABLE:
            told.append(
                f"durable: {kept.description} stays when you pause, disconnect or quit; {self._durability.sharing}"
            )
        self._say("hint", "\n".join(told) if self._typed else "")
        names_it = mode == DURABLE or (kept is not None and kept.by_id)
        self.query_one("#identity-row").set_class(names_it, "-shown")
        self.query_one("#identity", Field).placeholder = clean(self._usual_identity(self._typed))
        consumes = mode == "consume"
        self.query_one("#consume-warning").set_class(consumes, "-shown")
        self.set_class(consumes, "-danger")
        self.query_one("#accept", Button).variant = "error" if consumes else "primary"
        # What is said of a SUBSCRIBE frame has no meaning where something else is done.
        elsewhere = mode in self._elsewhere
        self.set_class(elsewhere, "-elsewhere")
        self.query_one("#accept", Button).label = "Continue" if elsewhere else "Subscribe"
        accept, cancel = key_of(self, "subscribe.accept"), key_of(self, "subscribe.cancel")
        self.label("Subscribe", f"{accept} {'continues' if elsewhere else 'subscribes'}", f"{cancel} cancels")
        for field in ("destination", "identity", "prefetch", "headers"):
            self._say(f"{field}-problem", "")

    def _say(self, place: str, text: str) -> None:
        label = self.query_one(f"#{place}", Static)
        label.update(Content("\n".join(clean(line) for line in text.split("\n"))))
        label.set_class(bool(text), "-shown")
        if text and place.endswith("-problem"):
            # On a small terminal it may be below what is shown.
            self.call_after_refresh(label.scroll_visible, animate=False)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_accept()

    @on(Button.Pressed, "#accept")
    def action_accept(self) -> None:
        self._tell()
        problem = self._destination_problem()
        if problem:
            self._say("destination-problem", f"✗ {problem}")
            self._destination.focus()
            return
        if not self._naming.sure(self.action_accept):
            return
        prefetch = self.query_one("#prefetch", Field).value.strip()
        if prefetch and not whole_number(prefetch):
            self._say("prefetch-problem", "✗ a prefetch is a number from 1 on")
            self.query_one("#prefetch").focus()
            return
        lasting = self.query_one("#identity-row").has_class("-shown")
        unfit = value_problem(self._identity, "SUBSCRIBE", self._version) if lasting else None
        if unfit:
            self._say("identity-problem", f"✗ {unfit}")
            self.query_one("#identity").focus()
            return
        for place, problem in (("headers", self._header_problem()), self._durable_problem()):
            if problem:
                self._say(f"{place}-problem", f"✗ {problem}")
                if place == "identity":
                    self.query_one("#identity", Field).focus()
                return
        self.dismiss(
            SubscribeRequest(
                self._typed,
                str(self.query_one("#mode", Select).value),
                whole_number(prefetch) if prefetch else None,
                self.query_one("#selector", Field).value.strip(),
                tuple(self._written),
                self._identity if lasting else "",
            )
        )

    def _destination_problem(self) -> str:
        if not self._typed:
            return "a destination is needed"
        return value_problem(self._typed, "SUBSCRIBE", self._version) or self._misread(self._typed)

    def _durable_problem(self) -> tuple[str, str]:
        """The field that asks for what cannot be durable, and why not; ("", "") if nothing does."""
        if self._mode == DURABLE:
            named = self._durability.headers(self._identity)
            if problem := self._durability.subscribe_problem(self._typed, named, self._client_id):
                return "identity", problem
        return "headers", self._durability.subscribe_problem(self._typed, self._written, self._client_id)

    def _header_problem(self) -> str:
        for line in self._headers:
            if not line.enabled:
                continue
            # Without a field for it, a line is the only way: some applications switch selectors on.
            if line.name in OURS and not (line.name == "selector" and Feature.SELECTORS in self._lacks):
                return f"{line.name} is set by the fields above"
            problem = name_problem(line.name, "SUBSCRIBE", self._version)
            problem = problem or value_problem(line.value, "SUBSCRIBE", self._version)
            if problem:
                return f"{line.name or 'a header'}: {problem}"
        return ""

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        self.dismiss(None)
