"""The form that asks how a series is to be sent."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar, Literal, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Label, Static

from stomptui.application.series.series_options import MOST, WINDOW, SeriesWish
from stomptui.compose.draft import Draft
from stomptui.compose.variables.preview import unfilled
from stomptui.config.files.paths import typed_path
from stomptui.config.files.regular_files import not_regular, unreachable
from stomptui.protocol.clean import clean
from stomptui.protocol.names import shown
from stomptui.protocol.numbers import whole_number
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.dialogs.typed_name import once_typed
from stomptui.ui.environment import environment_of
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.terminal.key_order import WAITED_FOR
from stomptui.ui.widgets.text.completion import complete_path
from stomptui.ui.widgets.text.fields import ExactField, Field

ALL = "all"
FACTS = (
    "A file has a line for each message: JSON Lines, or CSV with names in its first line (NAME.csv). "
    "{{name}} in the draft becomes the value of that column."
)
MANY = "messages; with a file, all is a message for each line"
FieldName = Literal["count", "file", "rate", "window"]


class SeriesProblem(NamedTuple):
    """What is wrong with a field of the form."""

    field: FieldName
    text: str


class SeriesForm(Dialog["SeriesWish | None"]):
    """Dismisses with what was asked for.

    Args:
        draft: What is to be sent.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.SERIES_FORM)

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self._file = ExactField("", placeholder="none: the same message each time", id="series-file")
        complete_path(self._file)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            yield Static(f"To {shown(self._draft.destination)}", classes="title", markup=False)
            yield from self._row("count", "How many", Field("100", id="series-count", classes="narrow"), MANY)
            yield from self._row("file", "File", self._file)
            rate = Field("", placeholder="no limit", id="series-rate", classes="narrow")
            yield from self._row("rate", "Per second", rate, "messages at most; empty is as fast as it goes")
            window = Field(str(WINDOW), id="series-window", classes="narrow")
            # What stands there is a proposal: a number typed takes its place.
            window.select_on_focus = True
            yield from self._row("window", "Window", window, "messages that may be unconfirmed at a time")
            yield Static(Content(FACTS), classes="detail", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="series-no", compact=True)
                yield Button("Send", id="series-yes", variant="primary", compact=True)

    def _row(self, name: FieldName, label: str, field: Field, beside: str = "") -> ComposeResult:
        with Horizontal(classes="row"):
            yield Label(label)
            yield field
            if beside:
                yield Static(beside, classes="beside", markup=False)
        yield Static("", classes="under", id=f"series-{name}-problem", markup=False)

    def on_mount(self) -> None:
        accept, cancel = key_of(self, "series.accept"), key_of(self, "series.cancel")
        self.label("Send a series", f"{accept} or enter sends", f"{cancel} cancels")
        field = self.query_one("#series-count", Field)
        field.focus()
        field.select_all()

    def _typed(self, name: FieldName) -> str:
        return self.query_one(f"#series-{name}", Field).value.strip()

    @property
    def _path(self) -> Path | None:
        typed = self._file.exact.strip()
        return typed_path(typed) if typed else None

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.input is self._file and self._path is not None and self._typed("count") == "100":
            # Who names a file means all of it.
            self.query_one("#series-count", Field).value = ALL
        for field in ("count", "file", "rate", "window"):
            self._tell(field, "")

    def _tell(self, field: str, text: str) -> None:
        label = self.query_one(f"#series-{field}-problem", Static)
        label.update(Content(clean(f"✗ {text}") if text else ""))
        label.set_class(bool(text), "-shown")

    @on(Input.Submitted)
    @on(Button.Pressed, "#series-yes")
    def _entered(self, event: Input.Submitted | Button.Pressed) -> None:
        event.stop()
        self.action_accept()

    def action_accept(self) -> None:
        self._accept()

    @work(group=WAITED_FOR, exclusive=True)
    async def _accept(self) -> None:
        path = self._path
        problem = self._number_problem()
        if problem is None and path is not None:
            # What came from elsewhere may hold braces that mean nothing: filling it in is for the person to decide.
            text = self._as_it_stands() or await asyncio.to_thread(_file_problem, path)
            problem = SeriesProblem("file", text) if text else None
        if problem is not None:
            self._tell(*problem)
            self.query_one(f"#series-{problem.field}", Field).focus()
            return
        count = None if self._typed("count") == ALL else whole_number(self._typed("count"))
        rate = float(self._typed("rate")) if self._typed("rate") else None
        self._ask(SeriesWish(self._draft, count, path, rate, whole_number(self._typed("window")) or WINDOW))

    def _ask(self, wish: SeriesWish) -> None:
        """Ask first where it is many messages, or production."""
        many = "a message for each line of the file" if wish.count is None else f"{wish.count:,} messages"
        pace = f"at most {wish.rate:g} a second" if wish.rate is not None else "as fast as it goes"
        target = shown(wish.draft.destination)
        if environment_of(self.app).production:
            what = f"send {many} to {target}, {pace}"
            once_typed(self, wish.draft.destination, what, lambda: self.dismiss(wish))
        elif wish.large:

            def answered(yes: bool | None) -> None:
                if yes:
                    self.dismiss(wish)

            question = ConfirmScreen(f"Send {many} to {target}?", "Send", "Cancel", detail=f"{pace.capitalize()}.")
            self.app.push_screen(question, answered)
        else:
            self.dismiss(wish)

    def _as_it_stands(self) -> str:
        """Why no column would be filled in, "" if they are."""
        switch = key_of(self, "compose.variables")
        return f"{unfilled(self._draft)}: {switch} in compose first" if unfilled(self._draft) else ""

    def _number_problem(self) -> SeriesProblem | None:
        typed = self._typed("count")
        number = whole_number(typed)
        if typed == ALL and self._path is None:
            return SeriesProblem("count", "without a file it needs a number")
        if typed != ALL and not (number and number <= MOST):
            return SeriesProblem("count", f"a whole number from 1 to {MOST:,}, or {ALL} with a file")
        if self._typed("rate") and not _is_rate(self._typed("rate")):
            return SeriesProblem("rate", "a number above 0, or nothing")
        window = whole_number(self._typed("window"))
        if not window or window > 100_000:
            return SeriesProblem("window", "a whole number from 1 to 100,000")
        return None

    @on(Button.Pressed, "#series-no")
    def action_cancel(self) -> None:
        self.dismiss(None)


def _is_rate(typed: str) -> bool:
    try:
        return 0.001 <= float(typed) <= 1e9
    except ValueError:
        return False


def _file_problem(path: Path) -> str:
    """What is wrong with a file, "" if nothing is. Blocks."""
    if problem := unreachable(path) or not_regular(path):
        return problem
    return "" if path.exists() else "there is no such file"
