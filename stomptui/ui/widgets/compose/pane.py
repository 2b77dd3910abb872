"""Where a message is made: a Draft is edited, and shown as the frame it will be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.command import SimpleCommand
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from stomptui.compose.checks import Problem, sendable
from stomptui.compose.draft import EDITED, Draft, HeaderLine
from stomptui.compose.earlier_drafts import EarlierDrafts
from stomptui.compose.suggestions import header_meanings, header_values
from stomptui.protocol.clean import clean
from stomptui.ui.keymap import Place, bindings
from stomptui.ui.widgets.compose.body import BodyPart
from stomptui.ui.widgets.compose.draft_context import ComposeFacts, DraftDoubt, Hints, doubts, title, told
from stomptui.ui.widgets.compose.frame_preview import FramePreview
from stomptui.ui.widgets.compose.header_editor import HeaderEditor
from stomptui.ui.widgets.compose.parts import Notes, Parts, Toggle
from stomptui.ui.widgets.reveal import shows_secrets
from stomptui.ui.widgets.text.completion import Words, complete, listed
from stomptui.ui.widgets.text.fields import ExactField

NARROW = 96
"""Columns below which the parts are shown one at a time."""
ROOMY = 118
"""Columns below which the parts side by side have no room for long names of switches."""

SIGNS = {"confirmed": "✓ ", "doubtful": "⚠ ", "refused": "✗ ", "unconfirmed": "? ", "problem": "✗ ", "note": ""}
"""What stands before an outcome."""


class ComposePane(Widget):
    """Edits one draft, which is the truth; posts messages and never does anything itself."""

    DEFAULT_CSS = """
    ComposePane {
        layout: vertical;
        height: 1fr;
        #columns { height: 1fr; }
        #left { width: 5fr; padding-right: 1; }
        #middle { width: 5fr; border-left: solid $foreground 20%; padding: 0 1; }
        #right { width: 3fr; border-left: solid $foreground 20%; padding: 0 1; }
        #to-line { height: 1; }
        #to-line > Static { width: auto; color: $text-muted; }
        #to-line > ExactField { width: 1fr; }
        #switches { height: 1; }
        #meaning { height: 1; color: $text-muted; text-style: italic; }
        #bottom { height: 1; }
        #outcome { width: 1fr; height: 1; text-overflow: ellipsis; text-wrap: nowrap; }
        #outcome.-confirmed { color: $text-success; }
        #outcome.-refused, #outcome.-problem { color: $text-error; }
        #outcome.-unconfirmed, #outcome.-doubtful { color: $text-warning; }
        #size { width: auto; height: 1; padding-left: 1; color: $text-muted; }
        #size.-wrong { color: $text-warning; }

        &.-narrow {
            Parts { display: block; }
            #columns { layout: vertical; }
            #left, #middle, #right { width: 100%; border-left: none; padding: 0; display: none; height: 1fr; }
            &.-body #left, &.-headers #middle, &.-frame #right { display: block; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.COMPOSE)
    HELP = """
    ## Compose

    What you type is the frame: its header lines keep their order, repeats are sent as repeats, and the right side
    shows the bytes. The right arrow takes the rest of the word behind the cursor, down or ctrl+space lists what fits,
    enter takes what was chosen there. A line break pasted into a header is kept and sent escaped.
    """

    class SendRequested(Message):
        """The person wants this sent: a copy that no further typing changes, without an error in it.

        Args:
            draft: What is to be sent.
            doubts: What can hardly be meant in it.
        """

        def __init__(self, draft: Draft, doubts: Sequence[DraftDoubt] = ()) -> None:
            super().__init__()
            self.draft = draft
            self.doubts = tuple(doubts)

    class Changed(Message):
        """The draft is another now."""

        def __init__(self, pane: ComposePane) -> None:
            super().__init__()
            self.pane = pane

        @property
        def control(self) -> ComposePane:
            return self.pane

    class EditorRequested(Message):
        """The person wants to write the body in their own editor; answer with `set_body`."""

        def __init__(self, draft: Draft) -> None:
            super().__init__()
            self.draft = draft

    def __init__(self, draft: Draft | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._draft = draft or Draft()
        self._facts = ComposeFacts()
        self._shelf = EarlierDrafts()
        self._part = "body"
        self._due = False
        self._meant = ""
        self._tried = False
        self._outcome = ""
        """What is told at the bottom, as `show_outcome` has it; "" for nothing."""
        self._by_draft = False
        """Whether that is an error in the draft, which goes when the error does."""
        self._problems: list[Problem] = []
        self._destination = ExactField(edited=self._destination_typed, placeholder="/queue/…", id="destination")
        complete(self._destination, lambda: listed(self._facts.destinations))
        self._body = BodyPart(self._draft, self._touch)
        self._lines = HeaderEditor(self._draft.headers, self._names, self._values, id="headers")
        self._preview = FramePreview(id="preview")

    # What the console says to the pane

    @property
    def draft(self) -> Draft:
        """The draft in hand, itself and not a copy. Change it through `load` and `set_body`."""
        return self._draft

    def load(self, draft: Draft) -> None:
        """Edit a copy of another draft from now on."""
        self._draft = draft.copy()
        self._tried = False
        self._show_draft()
        self._touch()

    def set_body(self, body: str | bytes) -> None:
        """Give the draft another body, which then comes from no file."""
        if isinstance(body, str) and len(body) > EDITED:
            body = body.encode("utf-8", "surrogateescape")
        self._draft.body = body
        self._draft.body_file = None
        self._body.load(self._draft)
        self._touch()

    def set_context(
        self,
        *,
        version: str = "1.2",
        frame_limit: int | None = None,
        header_limit: int | None = None,
        known_headers: Mapping[str, str] | None = None,
        destinations: Words = (),
        known_values: Callable[[str], Sequence[str]] = lambda name: (),
        hints: Hints | None = None,
        connected: bool = True,
        receipt_id: str = "1",
    ) -> None:
        """Say what the draft is for.

        Args:
            version: The STOMP version spoken.
            frame_limit: The largest frame the broker takes, in bytes.
            header_limit: The most headers it takes.
            known_headers: Header names the broker knows, with what they mean.
            destinations: What to complete destinations from, the likeliest first.
            known_values: Values the broker takes for a header, by its name.
            hints: What the broker's dialect has to say about a draft.
            connected: Whether there is a connection to send on.
            receipt_id: The id the next receipt will be asked with, for the preview.
        """
        if connected and not self._facts.connected and self._outcome == "problem":
            self._clear_outcome()
        self._facts = ComposeFacts(
            version,
            frame_limit,
            header_limit,
            known_headers or {},
            destinations,
            known_values,
            hints,
            connected,
            receipt_id,
        )
        self._refresh_soon()

    def set_history(self, drafts: Iterable[Draft]) -> None:
        """Say which drafts were sent, oldest first."""
        self._shelf.put(drafts)

    def show_outcome(self, state: str, text: str) -> None:
        """Say what became of the last send: "waiting", "confirmed", "doubtful" (confirmed, which says
        little), "refused", "unconfirmed", a "problem", or a "note".

        All but "waiting" is of the draft as it was: it goes with the next change.
        """
        self._outcome = state
        self._by_draft = False
        outcome = self.query_one("#outcome", Static)
        sign = SIGNS.get(state, "… ")
        outcome.set_classes(f"-{state}")
        outcome.update(Content(sign + clean(" ".join(text.split()))))
        outcome.tooltip = Content(clean(text))

    def _clear_outcome(self) -> None:
        if self._outcome:
            self._outcome = ""
            outcome = self.query_one("#outcome", Static)
            outcome.set_classes("")
            outcome.update("")
            outcome.tooltip = None

    def _say_not_sent(self) -> None:
        """Say the first thing that keeps the draft from being sent."""
        first = next(problem for problem in self._problems if problem.severity == "error")
        self.show_outcome("problem", f"not sent: {first.text}")
        self._by_draft = True

    # Layout

    def compose(self) -> ComposeResult:
        yield Parts()
        with Horizontal(id="columns"):
            with Vertical(id="left"):
                with Horizontal(id="to-line"):
                    yield Static("SEND to  ", markup=False)
                    yield self._destination
                yield Notes(id="destination-notes")
                yield self._body
            with Vertical(id="middle"):
                yield self._lines
                yield Static("", id="meaning", markup=False)
                with Horizontal(id="switches"):
                    yield Toggle("receipt", "receipt", "Ask the broker to say that it took the message")
                    yield Toggle("content-length", "length", "Say how long the body is; needed for a NUL in it")
                    yield Toggle("persistent", "persistent", "Ask for it to be kept over a restart of the broker")
                yield Notes(id="switch-notes")
            with Vertical(id="right"):
                yield self._preview
        with Horizontal(id="bottom"):
            yield Static("", id="outcome", markup=False)
            yield Static("", id="size", markup=False)

    def on_mount(self) -> None:
        self._show_draft()
        self._show_part()
        self._refresh()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < NARROW, "-narrow")
        self.query_one("#length", Toggle).name_it("length" if NARROW <= event.size.width < ROOMY else "content-length")

    def _show_part(self) -> None:
        for name in Parts.NAMES:
            self.set_class(name == self._part, f"-{name}")
        count = sum(1 for _ in self._draft.lines())
        wrong = {problem.field for problem in self._problems if problem.severity == "error"}
        labels = {
            "body": "Body" + " ✗" * bool(wrong & {"body", "destination"}),
            "headers": f"Headers {count}" + " ✗" * ("header" in wrong),
            "frame": "Frame",
        }
        self.query_one(Parts).show(self._part, labels)

    # The draft, shown

    def _show_draft(self) -> None:
        draft, self._draft = self._draft, Draft()
        # The fields write into a draft of nobody's while they change one after the other.
        self._destination.exact = draft.destination
        self._draft = draft
        self._lines.load(draft.headers)
        self._body.load(self._draft)

    def _touch(self) -> None:
        if self._outcome != "waiting" and not self._by_draft:
            self._clear_outcome()
        self.post_message(self.Changed(self))
        self._refresh_soon()

    def _refresh_soon(self) -> None:
        """Check and paint once, however many keys come in one go."""
        if not self._due and self.is_mounted:
            self._due = True
            # After a refresh would be after one of whatever screen is on top, and never if that one closes first.
            self.call_later(self._refresh)

    def _check(self) -> list[Problem]:
        facts = self._facts
        return self._draft.validate(facts.version, facts.frame_limit, facts.header_limit)

    def _refresh(self) -> None:
        self._due = False
        draft, facts = self._draft, self._facts
        # Nobody is told what is wrong before having written anything.
        self._problems = [] if draft.empty and not self._tried else self._check()
        if self._by_draft and sendable(self._problems):
            self._clear_outcome()
        elif self._by_draft:
            self._say_not_sent()
        notes = told(draft, self._problems, facts.hints)
        about = notes.take("destination")
        self._destination.set_class(any(severity == "error" for severity, _ in about), "-wrong")
        self.query_one("#destination-notes", Notes).say(about)
        self._body.say(notes.take("body"))
        self._lines.say(notes.lines)
        self._say_meaning()
        self.query_one("#switch-notes", Notes).say(notes.rest())
        self.query_one("#receipt", Toggle).show(draft.receipt)
        self.query_one("#length", Toggle).show(draft.content_length)
        self.query_one("#persistent", Toggle).show(draft.get("persistent") == "true")
        size = self.query_one("#size", Static)
        bytes_long = f"{draft.size(facts.version, facts.receipt_id):,} bytes"
        size.update(bytes_long, layout=len(bytes_long) != size.content_size.width)
        size.set_class("frame" in {problem.field for problem in self._problems}, "-wrong")
        self._preview.show(draft, facts.version, facts.receipt_id)
        self._show_part()

    # What the person types

    def _destination_typed(self) -> None:
        if self._destination.exact != self._draft.destination:
            self._draft.destination = self._destination.exact
            self._touch()

    @on(HeaderEditor.Changed)
    def _lines_changed(self, event: HeaderEditor.Changed) -> None:
        event.stop()
        self._touch()

    @on(ExactField.Submitted, "#destination")
    def _destination_entered(self, event: ExactField.Submitted) -> None:
        event.stop()
        self._body.field.focus()

    def _names(self) -> Iterable[str]:
        return header_meanings(self._facts.known_headers)

    def _values(self, name: str) -> Iterable[str]:
        return header_values(name, listed(self._facts.destinations), self._facts.known_values(name))

    def on_descendant_focus(self) -> None:
        self._say_meaning()

    def _say_meaning(self) -> None:
        place = self._lines.current
        name = self._draft.headers[place].name if place is not None and place < len(self._draft.headers) else ""
        meaning = header_meanings(self._facts.known_headers).get(name, "")
        meant = clean(f"{name}: {meaning}") if meaning else ""
        if meant != self._meant:
            self._meant = meant
            self.query_one("#meaning", Static).update(Content(meant), layout=False)

    @on(Toggle.Pressed)
    def _toggled(self, event: Toggle.Pressed) -> None:
        event.stop()
        if event.toggle.id == "receipt":
            self.action_receipt()
        elif event.toggle.id == "persistent":
            self.action_persistent()
        else:
            self.action_content_length()

    # What the person asks for

    def action_send(self) -> None:
        self._problems = self._check()
        if sendable(self._problems):
            found = doubts(self._draft, self._problems, self._facts.hints)
            self.post_message(self.SendRequested(self._draft.copy(), found))
            return
        self._tried = True
        self._say_not_sent()
        self._go_to(next(problem for problem in self._problems if problem.severity == "error"))
        self._refresh_soon()

    def _go_to(self, problem: Problem) -> None:
        self._part = "headers" if problem.field == "header" else "body"
        self._show_part()
        if problem.index is not None:
            self.call_after_refresh(self._lines.go_to, problem.index, problem.part)
        elif problem.field == "destination":
            self.call_after_refresh(self._destination.focus)
        else:
            self.call_after_refresh(self._body.field.focus)

    def action_format(self) -> None:
        if why := self._body.lay_out():
            self.show_outcome("problem", f"not formatted: {why}")

    def action_receipt(self) -> None:
        self._draft.receipt = not self._draft.receipt
        self._touch()

    def action_content_length(self) -> None:
        self._draft.content_length = not self._draft.content_length
        self._touch()

    def action_persistent(self) -> None:
        lines = self._draft.headers
        if self._draft.get("persistent") == "true":
            lines[:] = [line for line in lines if line.name != "persistent"]
        elif (line := next((line for line in lines if line.name == "persistent"), None)) is not None:
            line.value, line.enabled = "true", True
        else:
            lines.append(HeaderLine("persistent", "true"))
        self._lines.load(lines)
        self._touch()

    def action_editor(self) -> None:
        self.post_message(self.EditorRequested(self._draft.copy()))

    def action_new(self) -> None:
        self._shelf.set_aside(self._draft)
        self.load(Draft(receipt=self._draft.receipt, content_length=self._draft.content_length))
        self._destination.focus()

    def action_older(self) -> None:
        self._turn_to(self._shelf.older(self._draft), "there is no earlier draft")

    def action_newer(self) -> None:
        self._turn_to(self._shelf.newer(self._draft), "this is the newest draft")

    def _turn_to(self, draft: Draft | None, why_not: str) -> None:
        if draft is not None:
            self.load(draft)
        else:
            self._say_nothing_done(why_not)

    def _say_nothing_done(self, why: str) -> None:
        """Say why a key did nothing; what is still waited for stays in sight."""
        if self._outcome == "waiting":
            self.notify(why, markup=False)
        else:
            self.show_outcome("note", why)

    @on(HeaderEditor.FramePasted)
    def _frame_pasted(self, event: HeaderEditor.FramePasted) -> None:
        """Put what came with header lines where it belongs, if nothing is there yet."""
        event.stop()
        draft = self._draft
        line = next((line for line in draft.headers if line.name == "destination"), None)
        if line is not None and not draft.destination:
            draft.headers[:] = [other for other in draft.headers if other is not line]
            self._lines.load(draft.headers)
            self._destination.exact = line.value
        if not event.body:
            return
        if draft.body or draft.body_file is not None:
            self._say_nothing_done("there is a body already: that of the pasted frame is left out")
        else:
            self.set_body(event.body)

    @on(HeaderEditor.NothingDone)
    def _nothing_done(self, event: HeaderEditor.NothingDone) -> None:
        event.stop()
        self._say_nothing_done(event.why)

    def action_history(self) -> None:
        drafts = self._shelf.drafts
        if not drafts:
            self._say_nothing_done("there is no earlier draft")
            return
        # Numbers make each title its own: the palette would offer equal ones once.
        commands = [
            SimpleCommand(name, partial(self.take_up, draft), headers)
            for name, headers, draft in (
                (*title(draft, number, shows_secrets(self)), draft) for number, draft in enumerate(drafts, 1)
            )
        ]
        self.app.search_commands(commands[::-1], "Search for an earlier draft…")

    def take_up(self, draft: Draft) -> None:
        """Edit a copy of another draft; the one in hand is kept among the earlier ones."""
        self._shelf.set_aside(self._draft)
        self.load(draft)

    def action_next_part(self) -> None:
        names = Parts.NAMES
        self._choose(names[(names.index(self._part) + 1) % len(names)])

    @on(Parts.Chosen)
    def _part_chosen(self, event: Parts.Chosen) -> None:
        event.stop()
        self._choose(event.name)

    def _choose(self, part: str) -> None:
        self._part = part
        self._show_part()
        if part == "headers":
            self.call_after_refresh(self._lines.enter)
        else:
            self.call_after_refresh((self._body.field if part == "body" else self._preview).focus)

    def action_body_file(self) -> None:
        self._part = "body"
        self._show_part()
        self._body.ask_path()
