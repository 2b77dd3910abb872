"""Drafts being written, without a screen: the one that is edited, what is wrong with it, and the drafts beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from time import time
from typing import NamedTuple

from stomptui.compose.body_promises import PromiseChecks, broken_promises
from stomptui.compose.checks import Problem, Promises, first_error, problems_found
from stomptui.compose.compose_context import ComposeContext, DraftSwitch
from stomptui.compose.draft import EDITED, Draft, HeaderLine
from stomptui.compose.draft_notes import DraftDoubt, DraftNote, DraftNotes, doubts_about, notes_on
from stomptui.compose.earlier_drafts import EarlierDrafts
from stomptui.compose.encoded.coding import BodyCoding
from stomptui.compose.open_drafts import MOST, OpenDraft, OpenDrafts
from stomptui.compose.suggestions import header_meanings, header_values
from stomptui.compose.variables.preview import Example, example_of, unfilled


class Checked(NamedTuple):
    """What was found in a draft that is filled in."""

    error: Problem | None
    doubts: tuple[DraftDoubt, ...]


class DraftModel:
    """The draft being written, one of those that are open. Whatever edits or shows it shares this object, and none of
    them keeps a copy.

    Args:
        draft: What to begin with, itself and not a copy; an empty one if None.
        changed: Called after every change of the draft.

    Attributes:
        open: All open drafts, of which `draft` is the one that is edited.
        context: What is known of the connection.
        earlier: The drafts before it.
        example: The draft as it will be sent, with examples for its variables, as of the last `check`.
        counter: The number of the next message that counts.
        values: Those of the chosen set, by the names of their variables.
        problems: What is wrong with it, as of the last `check`.
        promises: What is known of a long body, and what is to be found out once the person has stopped typing.
    """

    def __init__(self, draft: Draft | None = None, changed: Callable[[], None] = lambda: None) -> None:
        self.open = OpenDrafts(draft or Draft(variables=True))
        self._switches = (self.draft.receipt, self.draft.content_length)
        self.example = Example(self.draft)
        self.counter = 1
        self.values: Mapping[str, str] = {}
        self.context = ComposeContext()
        self.earlier = EarlierDrafts()
        self.problems: list[Problem] = []
        self.promises = PromiseChecks()
        self._edition = 0
        self._tell = changed

    @property
    def draft(self) -> Draft:
        """The draft. Change it through this model, or call `touch` after changing it."""
        return self.open.active.draft

    def _changed(self) -> None:
        self._edition += 1
        self._tell()

    def touch(self) -> None:
        """Say that the draft was changed."""
        tab = self.open.active
        tab.touched, tab.since = True, time()
        self._changed()

    # -- changes --------------------------------------------------------------------------------------------------

    def load(self, draft: Draft) -> None:
        """Edit a copy of another draft from now on."""
        tab = self.open.active
        if draft.empty:
            self._switches = (draft.receipt, draft.content_length)
        tab.draft, tab.tried, tab.touched, tab.since, tab.wish = draft.copy(), False, False, time(), None
        self._changed()

    def take_up(self, draft: Draft) -> None:
        """Edit a copy of another draft; the current one is kept among the earlier ones."""
        tab = self.open.active
        self.earlier.set_aside(tab.draft, tab.since, tab.wish)
        self.load(draft)

    def open_beside(self, draft: Draft) -> None:
        """Edit a copy of another draft. What the person wrote and did not send stays open in its tab; of anything else
        the other draft takes the place, and it is kept among the earlier ones."""
        if self.open.active.edited and not self.open.full:
            self.open.add(draft.copy())
            self._changed()
        else:
            self.take_up(draft)

    def begin(self) -> None:
        """Begin an empty draft with the switches as they were last set, as `open_beside` does."""
        self.open_beside(self._blank())

    def add_tab(self) -> bool:
        """Open a tab with an empty draft; False if there are too many. An empty one at hand is enough."""
        if not self.draft.empty:
            if self.open.full:
                return False
            self.open.add(self._blank())
            self._changed()
        return True

    def turn_tab(self, step: int) -> bool:
        """Go to the next (1) or the previous (-1) open draft; False if there is only one."""
        gone = self.open.go(step)
        self._changed()
        return gone

    def show_tab(self, place: int) -> None:
        """Go to an open draft."""
        self.open.show(place)
        self._changed()

    def close_tab(self, place: int) -> bool:
        """Close a tab; True if its draft, which was not sent, is among the earlier ones now."""
        gone = self.open.close(place, self._blank)
        if gone.unsent:
            self.earlier.set_aside(gone.draft, gone.since, gone.wish)
        self._changed()
        return gone.unsent

    def reopen(self, drafts: Sequence[OpenDraft], active: int) -> None:
        """Open drafts as they were before; what there is no space for is among the earlier ones.

        Args:
            drafts: The drafts, in their order.
            active: Which of them to go to, unless something is being written.
        """
        room = MOST - len(self.open.tabs) + self.draft.empty
        for each in drafts[room:]:
            self.earlier.set_aside(each.draft, each.since, each.wish)
        first, go = len(self.open.tabs), self.draft.empty
        self.open.tabs += drafts[:room]
        if go and drafts:
            empty = self.open.place
            self.open.show(first + active)
            self.open.close(empty, self._blank)
        self._changed()

    def _blank(self) -> Draft:
        """An empty draft. Its receipt and its length are as they were last switched, whatever a pasted frame had."""
        receipt, content_length = self._switches
        return Draft.blank(self.context.preset, receipt, content_length)

    def turn(self, step: int) -> bool:
        """Go to the draft before (-1) or after (1) this one; False if there is none."""
        draft = self.earlier.older(self.draft) if step < 0 else self.earlier.newer(self.draft)
        if draft is None:
            return False
        self.load(draft)
        # What comes back from between the earlier ones is what the person was writing.
        self.open.active.touched = draft not in self.earlier.drafts
        return True

    def set_destination(self, destination: str) -> None:
        """Give the draft another destination."""
        if destination != self.draft.destination:
            self.draft.destination = destination
            self.touch()

    def set_body(self, body: str | bytes) -> None:
        """Give the draft another body, which then comes from no file."""
        draft = self.draft
        if draft.coding is not None and isinstance(body, bytes):
            # An editor wrote it: what is no text is wrong in this one.
            body = body.decode("utf-8", "surrogateescape")
        if draft.coding is None and isinstance(body, str) and len(body) > EDITED:
            body = body.encode("utf-8", "surrogateescape")
        draft.body = body
        draft.body_file = None
        self.touch()

    def set_coding(self, coding: BodyCoding | None) -> None:
        """Edit the body as the text that this makes of it; None sends a text as it is."""
        draft = self.draft
        if coding is not None and coding.text is not None:
            draft.body = coding.text
        draft.coding = coding
        draft.body_file = None
        self.touch()

    def is_on(self, switch: DraftSwitch) -> bool:
        """Whether something is switched on."""
        match switch:
            case DraftSwitch.RECEIPT:
                return self.draft.receipt
            case DraftSwitch.CONTENT_LENGTH:
                return self.draft.content_length
            case DraftSwitch.PERSISTENT:
                return self.draft.get("persistent") == "true"
            case DraftSwitch.VARIABLES:
                return self.draft.variables

    def switch(self, switch: DraftSwitch) -> None:
        """Switch something on, or off if it is on. Persistent is a header line of the person's own."""
        match switch:
            case DraftSwitch.RECEIPT:
                self.draft.receipt = not self.draft.receipt
            case DraftSwitch.CONTENT_LENGTH:
                self.draft.content_length = not self.draft.content_length
            case DraftSwitch.PERSISTENT:
                self._switch_persistent()
            case DraftSwitch.VARIABLES:
                # What takes the place of a message came from elsewhere, where `{{` means nothing.
                self.draft.variables = not self.draft.variables and self.draft.repairs is None
        if switch in (DraftSwitch.RECEIPT, DraftSwitch.CONTENT_LENGTH):
            self._switches = (self.draft.receipt, self.draft.content_length)
        self.touch()

    def _switch_persistent(self) -> None:
        lines = self.draft.headers
        if self.is_on(DraftSwitch.PERSISTENT):
            lines[:] = [line for line in lines if line.name != "persistent"]
        elif (line := next((line for line in lines if line.name == "persistent"), None)) is not None:
            line.value, line.enabled = "true", True
        else:
            lines.append(HeaderLine("persistent", "true"))

    # -- what is wrong with it ------------------------------------------------------------------------------------

    def check(self) -> None:
        """Bring `problems` up to date, but for what `promises` has `due`.

        An empty draft has none before the person tried to send it.
        """
        tab = self.open.active
        self.example = example_of(self.draft, self.counter, values=self.values)
        self.promises.due = None
        if self.draft.empty and not tab.tried:
            self.problems = []
            return
        edition = (self._edition, tuple(self.values.items()))
        self.problems = self._validate(lambda promised: self.promises.of(promised, edition, tab, tab.touched))

    def try_to_send(self, any_column: bool = False) -> Problem | None:
        """Check the draft before it is sent; the first error that keeps it from being sent, None without one.

        Args:
            any_column: Whether any name of a variable may be a column's.
        """
        self.example = example_of(self.draft, self.counter, any_column, self.values)
        self.problems = self._validate()
        error = self.first_error
        if error is not None:
            self.open.active.tried = True
        return error

    @property
    def shown(self) -> Draft:
        """The example as it goes: in the transaction that is open."""
        # What takes the place of a message has a connection of its own.
        sent = self.example.draft.in_transaction("" if self.draft.repairs is not None else self.context.transaction)
        asked = sent.receipt and not self.context.confirms(sent.destination)
        return replace(sent, receipt=False) if asked else sent

    @property
    def first_error(self) -> Problem | None:
        """The first of the `problems` that keeps the draft from being sent."""
        return first_error(self.problems)

    def _validate(self, promises: Promises = broken_promises) -> list[Problem]:
        return self.example.kept(self._problems_of(self.example.draft, promises))

    def _problems_of(self, draft: Draft, promises: Promises = broken_promises) -> list[Problem]:
        context = self.context
        return problems_found(
            promises, draft, context.version, context.frame_limit, context.header_limit, context.limit_told,
            context.example,
        )  # fmt: skip

    def checked(self, draft: Draft) -> Checked:
        """What is wrong with this draft filled in, and what is hardly meant in it."""
        found = self._problems_of(draft)
        return Checked(first_error(found), tuple(doubts_about(draft, found, self.context.hints)))

    def notes(self) -> DraftNotes:
        """Notes on the draft, by field and header line."""
        found = notes_on(self.example.draft, self.problems, self.example.hints(self.context.hints))
        if (text := unfilled(self.draft)) is not None:
            found.fields.setdefault("variables", []).append(DraftNote("hint", text))
        return found

    def doubts(self) -> list[DraftDoubt]:
        """What is hardly meant in the draft."""
        return doubts_about(self.example.draft, self.problems, self.example.hints(self.context.hints))

    # -- what can be suggested ------------------------------------------------------------------------------------

    @property
    def destinations(self) -> Iterable[str]:
        """Destinations to complete from, the likeliest first."""
        offered = self.context.destinations
        return offered() if callable(offered) else offered

    @property
    def header_meanings(self) -> dict[str, str]:
        """Names of headers to suggest, with what they mean."""
        return header_meanings(self.context.known_headers)

    def variable_names(self) -> Iterable[str] | None:
        """Variables that have values beside those that there always are; None if none is filled in."""
        return self.values if self.draft.variables else None

    def header_values(self, name: str) -> tuple[str, ...]:
        """Values to suggest for a header of that name."""
        return header_values(name, self.destinations, self.context.known_values(name))
