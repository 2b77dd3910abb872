"""The form that asks which queue to peek at and how far, and says what the broker will notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Label, Static

from stomptui.protocol.clean import clean
from stomptui.protocol.names import shown
from stomptui.protocol.numbers import whole_number
from stomptui.queues.actions.action import ActionKind
from stomptui.queues.peek.peek import HOLD, LONGEST_HOLD
from stomptui.queues.peek.peek_values import USUAL
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.dialogs.lookalike_name import NameCheck
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.text.completion import Words, complete
from stomptui.ui.widgets.text.fields import ExactField, Field

SHORTEST_HOLD = 2.0
ALL = "all"

TITLE = "Peek: see what is in a queue"
SAFE_TITLE = f"{TITLE} and take nothing out"
"""Said once it is known that nothing is lost by it."""


@dataclass(frozen=True)
class PeekRequest:
    """What the person asked for."""

    queue: str
    limit: int | None = USUAL
    """None for all."""
    hold: float = HOLD
    """Seconds."""
    start: str = ""
    """Where to begin in a stream."""


@dataclass(frozen=True)
class Notice:
    """What the form says of a queue once its broker was asked."""

    text: str
    holds: bool = True
    stream: bool = False
    ask: bool = False
    """Whether a peek may do harm."""
    refusal: str | None = None
    """Why it cannot be peeked at."""


class PeekForm(Dialog[PeekRequest | None]):
    """Dismisses with what was asked for.

    Args:
        queue: What to begin with.
        destinations: Those seen so far, for completion.
        hold: Seconds that messages stay unacknowledged.
        survey: Asked what is known of a queue; answers through `show_notice`, sooner or later.
        then: What will be asked for with the messages; the form begins with all of them then.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.PEEK_FORM)
    DEFAULT_CSS = """
    PeekForm {
        #peek-notice { height: auto; margin-top: 1; min-height: 2; }
        #peek-notice.-ask { color: $text-error; }
        #row-start { display: none; }
        #row-start.-shown { display: block; }
        &.-tiny #peek-notice { margin-top: 0; }
        &.-narrow .beside { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(
        self,
        queue: str,
        destinations: Words,
        hold: float,
        survey: Callable[[str], None],
        then: ActionKind | None = None,
    ) -> None:
        super().__init__()
        self._survey = survey
        self._hold = hold
        self._then = then
        self._notice: Notice | None = None
        self._asked = ""
        self._queue = ExactField(queue, placeholder="for example /queue/orders", id="peek-queue")
        complete(self._queue, destinations)
        self._naming = NameCheck(self, self._queue, "peek-queue-name")

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            if self._then is not None:
                yield Static(f"You see the messages first, then you are asked how to {self._then} them.", markup=False)
            with Horizontal(classes="row"):
                yield Label("Queue")
                yield self._queue
            yield Static("", classes="name", id="peek-queue-name", markup=False)
            yield Static("", classes="under", id="peek-queue-problem", markup=False)
            with Horizontal(classes="row"):
                yield Label("How many")
                yield Field(str(USUAL) if self._then is None else ALL, id="peek-limit", classes="narrow")
                yield Static("messages, oldest first, or all", classes="beside", id="peek-limit-hint", markup=False)
            yield Static("", classes="under", id="peek-limit-problem", markup=False)
            with Horizontal(classes="row", id="row-hold"):
                yield Label("Hold")
                yield Field(f"{self._hold:g}", id="peek-hold", classes="narrow")
                yield Static("seconds, then returned", classes="beside", markup=False)
            yield Static("", classes="under", id="peek-hold-problem", markup=False)
            with Horizontal(classes="row", id="row-start"):
                yield Label("From")
                yield Field("first", id="peek-start", classes="narrow")
                yield Static("first, last, next, offset=N or timestamp=SECONDS", classes="beside", markup=False)
            yield Static("", id="peek-notice", markup=False)
            with Horizontal(classes="buttons", id="peek-buttons"):
                yield Button("Cancel", id="peek-no", compact=True)
                yield Button("Peek", id="peek-yes", variant="primary", compact=True)

    def _show_label(self, title: str) -> None:
        accept, cancel = key_of(self, "peek.accept"), key_of(self, "peek.cancel")
        self.label(title, f"{accept} peeks", f"{cancel} cancels")

    def on_mount(self) -> None:
        self._show_label(TITLE)
        self._queue.focus()
        self._naming.show()
        if self._typed:
            self._check()

    @property
    def _typed(self) -> str:
        return self._queue.exact

    # -- what the broker will notice -------------------------------------------------------------------------------

    def _check(self) -> None:
        """Ask about the queue as it is typed now."""
        if self._typed != self._asked:
            self._asked, self._notice = self._typed, None
            if self._asked:
                self._say_notice("asking the broker…", False)
                self._survey(self._asked)

    def show_notice(self, queue: str, notice: Notice) -> None:
        """What is known of a queue."""
        if queue != self._asked:
            return
        self._notice = notice
        self._say_notice(
            f"✗ {notice.refusal}" if notice.refusal is not None else notice.text,
            notice.ask or notice.refusal is not None,
        )
        self._show_label(TITLE if notice.ask or notice.refusal is not None else SAFE_TITLE)
        self._say_limit()
        self.query_one("#row-hold").display = notice.holds
        self.query_one("#row-start").set_class(notice.stream, "-shown")
        button = self.query_one("#peek-yes", Button)
        button.label = "Peek anyway" if notice.ask else "Peek"
        button.variant = "error" if notice.ask else "primary"

    def _say_notice(self, text: str, bad: bool) -> None:
        label = self.query_one("#peek-notice", Static)
        label.update(Content(clean(text)))
        label.set_class(bad, "-ask")

    # -- what the person does --------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        for field in ("queue", "limit", "hold"):
            self._problem(field, "")
        if event.input is self._queue:
            self._naming.show()
        if event.input is self._queue and self._typed != self._asked:
            self._notice = None
            self._asked = ""
            self._say_notice("", False)
            self._show_label(TITLE)
        self._say_limit()

    def _say_limit(self) -> None:
        """What the number means, for the queue as far as it is known."""
        text = "messages, oldest first, or all"
        if self.query_one("#peek-limit", Field).value.strip() == ALL:
            holds = self._notice is None or self._notice.holds
            text = "all; they are unacked while you look" if holds else "all, however many there are"
        self.query_one("#peek-limit-hint", Static).update(text)

    @on(ExactField.Blurred, "#peek-queue")
    def _left(self) -> None:
        self._check()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_accept()

    def _problem(self, field: str, text: str) -> None:
        label = self.query_one(f"#peek-{field}-problem", Static)
        label.update(f"✗ {text}" if text else "")
        label.set_class(bool(text), "-shown")

    @on(Button.Pressed, "#peek-yes")
    def action_accept(self) -> None:
        if not self._typed:
            self._problem("queue", "a queue is needed")
            self._queue.focus()
            return
        if not self._naming.sure(self.action_accept):
            return
        limit = self.query_one("#peek-limit", Field).value.strip()
        if limit != ALL and not whole_number(limit):
            self._problem("limit", "a whole number of 1 or more, or all")
            self.query_one("#peek-limit").focus()
            return
        hold = _seconds(self.query_one("#peek-hold", Field).value)
        if hold is None:
            self._problem("hold", f"a number of seconds from {SHORTEST_HOLD:g} to {LONGEST_HOLD:g}")
            self.query_one("#peek-hold").focus()
            return
        if self._notice is None:
            # Nobody peeks before having been told what it does.
            self._check()
            return
        if self._notice.refusal is not None:
            return
        start = self.query_one("#peek-start", Field).value.strip() if self._notice.stream else ""
        request = PeekRequest(self._typed, None if limit == ALL else whole_number(limit), hold, start)
        if self._notice.ask and self.focused is not None and self.focused.id != "peek-yes":
            self._ask(request, self._notice)
            return
        self.dismiss(request)

    def _ask(self, request: PeekRequest, notice: Notice) -> None:
        """A key of the form is no yes to what may do harm."""

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(request)

        question = ConfirmScreen(
            f"Peek at {shown(request.queue)} anyway?", "Peek anyway", "Cancel", danger=True, detail=notice.text
        )
        self.app.push_screen(question, answered)

    @on(Button.Pressed, "#peek-no")
    def action_cancel(self) -> None:
        self.dismiss(None)


def _seconds(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if SHORTEST_HOLD <= value <= LONGEST_HOLD else None
