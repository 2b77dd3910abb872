"""Asking what to subscribe to, and how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Button, Input, Label, Select, Static, TextArea

from stomptui.protocol.codec import name_problem, value_problem


@dataclass(frozen=True)
class SubscribeRequest:
    """What the person asked for. `mode` is a key of the modes offered; `prefetch` None follows from the mode."""

    destination: str
    mode: str
    prefetch: int | None = None
    selector: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class SubscribeScreen(ModalScreen[SubscribeRequest | None]):
    """A form for one subscription; the default is whatever takes nothing out of a queue."""

    BINDINGS = [
        Binding("escape", "cancel", "Cancel", id="subscribe.cancel"),
        Binding("f5", "accept", "Subscribe", id="subscribe.accept"),
    ]
    DEFAULT_CSS = """
    SubscribeScreen {
        align: center middle;
        & > #box {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $primary;
            background: $surface;
            padding: 0 2;
        }
        & Label { color: $text-muted; margin-top: 1; }
        & Input, & Select, & TextArea { width: 1fr; }
        & TextArea { height: 4; }
        & .hint { color: $text-muted; height: auto; }
        & .problem { color: $text-error; height: auto; display: none; }
        & .problem.-shown { display: block; }
        & #consume-warning { color: $text-error; text-style: bold; height: auto; display: none; }
        & #consume-warning.-shown { display: block; }
        & Horizontal { height: auto; margin-top: 1; align-horizontal: right; }
        & Button { margin-left: 2; }
        & .narrow { width: 18; }
    }
    """

    def __init__(
        self,
        modes: Callable[[str], Sequence[tuple[str, str]]],
        hints: Callable[[str, str], Sequence[str]],
        version: str,
        destinations: Sequence[str] = (),
        destination: str = "",
    ) -> None:
        """
        Args:
            modes: For a destination the modes it can be read in, (key, words), the safest first.
            hints: What the broker's dialect knows about a destination in a mode.
            version: The STOMP version spoken.
            destinations: Those seen so far, for completion.
            destination: What to begin with.
        """
        super().__init__()
        self._modes = modes
        self._hints = hints
        self._version = version
        self._destinations = list(destinations)
        self._destination = destination
        self._chosen = False

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="box", can_focus=False) as box:
            box.border_title = "Subscribe"
            box.border_subtitle = "f5 subscribe · esc cancel"
            yield Label("Destination")
            yield Input(
                self._destination,
                placeholder="/queue/orders or /topic/orders.*",
                suggester=SuggestFromList(self._destinations, case_sensitive=False),
                id="destination",
            )
            yield Static("", classes="problem", id="destination-problem", markup=False)
            yield Static("", classes="hint", id="hint", markup=False)
            yield Label("How")
            yield Select[str](self._options(), allow_blank=False, id="mode")
            yield Static("Every message shown is taken out of the queue for good.", id="consume-warning", markup=False)
            yield Label("Prefetch (messages the broker sends ahead; empty: as this broker needs)")
            yield Input(placeholder="100", id="prefetch", classes="narrow", type="integer")
            yield Label("Selector (where the broker has them)")
            yield Input(placeholder="color = 'red'", id="selector")
            yield Label("Extra headers, one name:value a line")
            yield TextArea(id="headers", tab_behavior="focus")
            yield Static("", classes="problem", id="headers-problem", markup=False)
            with Horizontal():
                yield Button("Cancel", id="cancel")
                yield Button("Subscribe", id="accept", variant="primary")

    def on_mount(self) -> None:
        self.query_one("#destination", Input).focus()
        self._tell()

    @property
    def _typed(self) -> str:
        return self.query_one("#destination", Input).value.strip() if self.is_mounted else self._destination

    def _options(self) -> list[tuple[str, str]]:
        return [(words, key) for key, words in self._modes(self._typed)]

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

    def _tell(self) -> None:
        mode = str(self.query_one("#mode", Select).value)
        self.query_one("#hint", Static).update("\n".join(self._hints(self._typed, mode)) if self._typed else "")
        self.query_one("#consume-warning").set_class(mode == "consume", "-shown")
        self._problem("destination", "")
        self._problem("headers", "")

    def _problem(self, field: str, text: str) -> None:
        label = self.query_one(f"#{field}-problem", Static)
        label.update(text)
        label.set_class(bool(text), "-shown")

    @on(Input.Submitted)
    @on(Button.Pressed, "#accept")
    def action_accept(self) -> None:
        destination = self._typed
        if not destination:
            self._problem("destination", "a destination is needed")
            self.query_one("#destination").focus()
            return
        problem = value_problem(destination, "SUBSCRIBE", self._version)
        if problem:
            self._problem("destination", problem)
            return
        headers: list[tuple[str, str]] = []
        for number, line in enumerate(self.query_one("#headers", TextArea).text.splitlines(), 1):
            if not line.strip():
                continue
            name, colon, value = line.partition(":")
            problem = None if colon else "name:value is needed"
            problem = problem or name_problem(name, "SUBSCRIBE", self._version)
            if problem or name in ("id", "destination", "ack", "receipt"):
                self._problem("headers", f"line {number}: {problem or name + ' is set by the fields above'}")
                self.query_one("#headers").focus()
                return
            headers.append((name, value))
        prefetch = self.query_one("#prefetch", Input).value
        self.dismiss(
            SubscribeRequest(
                destination,
                str(self.query_one("#mode", Select).value),
                int(prefetch) if prefetch.isdigit() and int(prefetch) else None,
                self.query_one("#selector", Input).value.strip(),
                tuple(headers),
            )
        )

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        self.dismiss(None)
