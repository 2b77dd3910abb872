"""The screen of a check: what a broker is asked, and what it answers."""

from __future__ import annotations

import threading
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.screen import Screen

from stomptui.application.check.answers import Verdict
from stomptui.application.check.learning import in_words, learnt
from stomptui.application.check.question import Question
from stomptui.application.check.report import Report, TableLine
from stomptui.application.check.runner import Check, what_may_happen
from stomptui.config.connection import Connection
from stomptui.config.files.logs import redacted
from stomptui.config.profiles import ProfileError, Profiles
from stomptui.connection.blocking_client import NotReached
from stomptui.journal.views.lines import Line, ReadyLines
from stomptui.protocol.clean import clean
from stomptui.protocol.server_words import with_server_words
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.controllers import add_actions
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.clipboard import copy
from stomptui.ui.widgets.key_footer import KeyFooter
from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.message.lines_pane import LinesPane
from stomptui.ui.widgets.pane.edge import Piece
from stomptui.ui.widgets.pane.hints import hint

NARROWEST = 40
"""Columns of the table at least."""
COPIED = 100
"""Columns of what is copied."""
STYLES = {
    Verdict.YES: "string",
    Verdict.NO: "mark",
    Verdict.ENDS: "mark",
    Verdict.NO_ANSWER: "number",
    Verdict.NOT_ASKED: "dim",
}


class CheckReported(Message):
    """From the thread of a check: what was found up to now.

    Args:
        check: Which one.
        report: What was found.
        question: What is asked now; None once it is over.
        failure: Why the server cannot be reached, "" if it can.
    """

    def __init__(self, check: Check, report: Report, question: Question | None, failure: str = "") -> None:
        super().__init__()
        self.check = check
        self.report = report
        self.question = question
        self.failure = failure


class CheckScreen(Screen[None]):
    """Checks a broker, and shows each answer as it comes.

    Args:
        connection: To which broker, and as whom.
        profile: The name of its profile, "" without one.
    """

    AUTO_FOCUS = "#check-lines"
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.CHECK)
    ACTING = frozenset({"thorough"})
    """As of other screens: a key in a burst of keys asks about it first."""
    DEFAULT_CSS = """
    CheckScreen { layout: vertical; background: $background; }
    """

    def __init__(self, connection: Connection, profile: str) -> None:
        super().__init__()
        self._profile = profile
        self._connection = connection
        self._check: Check | None = None
        self._report: Report | None = None
        self._asked: Question | None = None
        self._failure = ""
        self._width = 0
        self._view = LinesView(id="check-lines")
        self._pane = LinesPane(self._view, id="check-pane")
        add_actions(self, self._pane.finding)

    def compose(self) -> ComposeResult:
        with self._pane:
            yield self._view
        yield KeyFooter()

    def on_mount(self) -> None:
        self._begin()
        # It is mounted only once this is done.
        self.call_later(self._show)

    def on_unmount(self) -> None:
        if self._check is not None:
            self._check.stop()

    # -- asking ----------------------------------------------------------------------------------------------------

    def _begin(self, thorough: bool = False) -> None:
        check = self._check = Check(self._connection, thorough)
        self._report, self._failure = None, ""
        threading.Thread(target=self._run, args=(check,), name="stomptui-check", daemon=True).start()

    def _run(self, check: Check) -> None:
        """In the thread of the check."""

        def tell(report: Report, question: Question | None) -> None:
            self.post_message(CheckReported(check, report, question))

        try:
            check.run(tell)
        except NotReached as error:
            failure = with_server_words(str(error), error.server_text)
            self.post_message(CheckReported(check, check.report, None, failure))

    @on(CheckReported)
    def _came(self, message: CheckReported) -> None:
        if message.check is not self._check:
            # One before this.
            return
        self._report, self._asked, self._failure = message.report, message.question, message.failure
        if message.question is None:
            self._check = None
        self._show()

    # -- what is shown ---------------------------------------------------------------------------------------------

    def keys_changed(self) -> None:
        self._show()

    def on_resize(self) -> None:
        if self._width != self.size.width:
            self._width = self.size.width
            self.call_after_refresh(self._show)

    def _show(self) -> None:
        if not self.is_mounted:
            return
        busy = self._check is not None
        self._pane.title = (Piece("Check", "title"), Piece(clean(self._summary()), "plain"))
        self._pane.foot = (
            hint(self, "check.thorough", "thorough", "thorough", 1),
            hint(self, "check.keep", "keep", "keep", 3),
            hint(self, "check.copy", "copy", "copy", 2),
            hint(self, "check.back", "stop" if busy else "back", "back", 3),
        )
        self._view.show(ReadyLines(self._lines()))

    def _summary(self) -> str:
        if self._check is None:
            return "failed" if self._failure else "" if self._report is None else f"{len(self._report.results)} answers"
        if self._asked is None or self._report is None:
            return "connecting…"
        return f"{self._asked.title}: {self._asked.how}…"

    def _lines(self) -> list[Line]:
        if self._failure:
            return [[(clean(redacted(self._failure)), "mark")]]
        if self._report is None:
            return [[(clean(self._connection.where), "key")]]
        width = max(NARROWEST, self._view.width - 1)
        return [_painted(line) for line in self._report.table(width, f"{key_of(self, 'check.thorough')} asks more.")]

    # -- what the person does --------------------------------------------------------------------------------------

    def action_thorough(self) -> None:
        """Ask more, after a yes to what that may do."""
        production = self._connection.environment.production
        what = "; ".join(what_may_happen(self._connection))
        question = ConfirmScreen(
            "Check production thoroughly?" if production else "Check thoroughly?", yes="Check", no="Cancel",
            danger=production, detail=f"On connections and queues of its own, it may {what}.",
        )  # fmt: skip
        self.app.push_screen(question, lambda yes: self._restart(True) if yes else None)

    def action_keep(self) -> None:
        """Keep what was learnt in the profile."""
        if not self._profile:
            self.notify("This connection is not saved as a profile, which could keep it.", severity="warning")
        elif self._check is not None or self._report is None:
            self.notify("Not all was asked yet.", severity="warning")
        elif not (values := learnt(self._report)):
            self.notify("Nothing of it is worth keeping.", severity="warning")
        else:
            self.run_worker(lambda: self._keep(values), thread=True)

    def _keep(self, values: dict[str, Any]) -> None:
        """In a thread."""
        try:
            Profiles().change(self._profile, values)
        except ProfileError as error:
            self.app.call_from_thread(self.notify, clean(str(error)), severity="error", markup=False)
            return
        told = f"From the next connection on: {in_words(values)}."
        self.app.call_from_thread(self.notify, told, title=f"Kept in {clean(self._profile)}", markup=False)

    def action_again(self) -> None:
        """Ask everything again."""
        self._restart(self._report is not None and self._report.thorough)

    def _restart(self, thorough: bool) -> None:
        if self._check is not None:
            self._check.stop()
        self._begin(thorough)
        self._show()

    def action_copy(self) -> None:
        """Copy what is selected with the mouse, or else the table."""
        if selected := self.get_selected_text():
            copy(self.app, selected, ("what is selected, as it is shown",))
        elif self._report is not None:
            copy(self.app, "\n".join(clean(line) for line in self._report.lines(COPIED)) + "\n")

    def action_back(self) -> None:
        """Find nothing any more, or ask nothing more; else leave."""
        if self._pane.finding.active:
            self._pane.finding.action_end_find()
        elif self._check is not None:
            self._check.stop("you stopped it")
        else:
            self.dismiss(None)


def _painted(line: TableLine) -> Line:
    text = clean(line.text)
    if line.heading:
        return [(text, "key")]
    if line.verdict is None:
        return [(text, "plain")]
    end = line.at + len(line.verdict.value)
    return [(text[: line.at], "plain"), (text[line.at : end], STYLES[line.verdict]), (text[end:], "plain")]
