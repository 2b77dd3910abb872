"""The form that asks what to drain into which file, or what to refill from one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Label, Select, Static

from stomptui.config.files.paths import typed_path
from stomptui.config.files.regular_files import dangling, not_regular, unreachable
from stomptui.protocol.clean import clean
from stomptui.protocol.names import shown
from stomptui.protocol.numbers import whole_number
from stomptui.queues.transfer.message_file import FileMode
from stomptui.ui.chosen_keys import DEFAULTS, key_of
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.dialogs.lookalike_name import NameCheck
from stomptui.ui.dialogs.typed_name import once_typed
from stomptui.ui.environment import environment_of
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.terminal.key_order import WAITED_FOR
from stomptui.ui.widgets.text.completion import Words, complete, complete_path
from stomptui.ui.widgets.text.fields import ExactField, Field

MODES: tuple[tuple[str, FileMode], ...] = (
    ("leave it alone", FileMode.NEW),
    ("append to it", FileMode.APPEND),
    ("overwrite it", FileMode.OVERWRITE),
)
LATER = "no broker reports that a queue is empty: a drain ends when no message has arrived for a second"


class TransferProblem(NamedTuple):
    """What is wrong with a field of the form."""

    field: Literal["queue", "file", "number"]
    text: str


@dataclass(frozen=True)
class DrainRequest:
    """What is to be taken out of a queue, and where to."""

    queue: str
    path: Path
    limit: int | None = None
    """Messages at most; None for all."""
    mode: FileMode = FileMode.NEW


@dataclass(frozen=True)
class RefillRequest:
    """What is to be sent."""

    path: Path
    target: str = ""
    """Where all of it goes; "" is where each line says."""
    first_line: int = 1
    last_line: int | None = None
    """None for all there are."""


class DrainQuestion(ConfirmScreen):
    """Whether to drain; the key of the form that drains without a question is a yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(DEFAULTS["transfer.accept"], "answer(True)", "Drain", show=False, id="transfer.accept")
    ]


class TransferForm(Dialog[DrainRequest | RefillRequest | None]):
    """Dismisses with what was asked for.

    Args:
        refill: Whether a file is sent, rather than a queue taken out.
        queue: What to begin with.
        destinations: Those seen so far, for completion.
        facts: What is to be known before, in whole sentences.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.TRANSFER_FORM)
    DEFAULT_CSS = """
    TransferForm {
        .to { width: 3; color: $text-muted; }
        #row-mode { display: none; }
        #row-mode.-shown { display: block; }
    }
    """

    def __init__(
        self, refill: bool = False, queue: str = "", destinations: Words = (), facts: Sequence[str] = ()
    ) -> None:
        super().__init__(classes="" if refill else "-danger")
        self._refill = refill
        self._facts = facts
        example = "empty: each message's own destination" if refill else "for example /queue/orders"
        self._queue = ExactField(queue, placeholder=example, id="transfer-queue")
        complete(self._queue, destinations)
        self._naming = NameCheck(self, self._queue, "transfer-queue-name")
        self._file = ExactField("", placeholder="for example orders.jsonl", id="transfer-file")
        complete_path(self._file)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            rows = [("To", self._queue, "queue"), ("File", self._file, "file")]
            for label, field, name in reversed(rows) if self._refill else [("Queue", *rows[0][1:]), rows[1]]:
                with Horizontal(classes="row"):
                    yield Label(label)
                    yield field
                if field is self._queue:
                    yield Static("", classes="name", id="transfer-queue-name", markup=False)
                yield Static("", classes="under", id=f"transfer-{name}-problem", markup=False)
            if self._refill:
                with Horizontal(classes="row"):
                    yield Label("From line")
                    yield Field("1", id="transfer-number", classes="narrow")
                    yield Static("to ", classes="to", markup=False)
                    yield Field("end", id="transfer-last", classes="narrow")
                    yield Static("lines to send", classes="beside", markup=False)
            else:
                with Horizontal(classes="row", id="row-mode"):
                    yield Label("File exists")
                    yield Select[FileMode](
                        MODES, allow_blank=False, value=FileMode.NEW, compact=True, id="transfer-mode"
                    )
                with Horizontal(classes="row"):
                    yield Label("How many")
                    yield Field("all", id="transfer-number", classes="narrow")
                    yield Static("at most, or all", classes="beside", markup=False)
            yield Static("", classes="under", id="transfer-number-problem", markup=False)
            yield Static(
                Content("\n".join(map(clean, self._facts))), classes="detail", id="transfer-facts", markup=False
            )
            with Horizontal(classes="buttons", id="transfer-buttons"):
                yield Button("Cancel", id="transfer-no", compact=True)
                if self._refill:
                    yield Button("Refill", id="transfer-yes", variant="primary", compact=True)
                else:
                    yield Button("Drain", id="transfer-yes", variant="error", compact=True)

    def on_mount(self) -> None:
        title = "Refill: send the messages in a file" if self._refill else "Drain: export all messages, empty the queue"
        accept, cancel = key_of(self, "transfer.accept"), key_of(self, "transfer.cancel")
        self.label(title, f"{accept} {'refills' if self._refill else 'drains'}", f"{cancel} cancels")
        (self._file if self._refill or self._queue.exact else self._queue).focus()
        self._naming.show()

    @property
    def _path(self) -> Path:
        return typed_path(self._file.exact.strip())

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        for field in ("queue", "file", "number"):
            self._problem(field, "")
        self._naming.show()
        if not self._refill and event.input is self._file:
            self._look()

    @work(group=WAITED_FOR, exclusive=True)
    async def _look(self) -> None:
        """Ask what to do with a file that is there; in a thread, since a disk may take its time."""
        is_there = bool(self._file.exact.strip()) and await asyncio.to_thread(os.path.isfile, self._path)
        self.query_one("#row-mode").set_class(is_there, "-shown")

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Enter does what the form is for, or goes on to what is missing; before a queue is emptied by it, it asks."""
        event.stop()
        if self._refill:
            self.action_accept()
        else:
            self._ask_once_whole()

    @work(group=WAITED_FOR, exclusive=True)
    async def _ask_once_whole(self) -> None:
        if await self._whole() and self._naming.sure(self._ask):
            self._ask()

    def _ask(self) -> None:
        def answered(yes: bool | None) -> None:
            if yes:
                self.action_accept()

        if environment_of(self.app).production:
            # Its name is asked for.
            self.action_accept()
            return
        count = "all messages" if self._number == "all" else f"at most {self._number} messages"
        question = DrainQuestion(
            f"Drain {shown(self._queue.exact)}?",
            "Drain",
            "Cancel",
            danger=True,
            detail=f"This moves {count} from the queue to {self._path}.",
        )
        self.app.push_screen(question, answered)

    def _problem(self, field: str, text: str) -> None:
        label = self.query_one(f"#transfer-{field}-problem", Static)
        label.update(Content(clean(f"✗ {text}") if text else ""))
        label.set_class(bool(text), "-shown")

    async def _first_problem(self) -> TransferProblem | None:
        """The first field that is wrong and why."""
        number = self._number
        is_number = bool(whole_number(number)) or (number == "all" and not self._refill)
        if not self._queue.exact and not self._refill:
            return TransferProblem("queue", "a queue is needed")
        if not self._file.exact.strip():
            return TransferProblem("file", "a file name is needed")
        if "\0" in self._file.exact:
            return TransferProblem("file", "a file name cannot contain a NUL")
        typed = self._file.exact
        problem, exists = await asyncio.to_thread(_file_problem, self._path, self._refill)
        if self._file.exact != typed:
            return TransferProblem("file", "it changed while it was being checked")
        if problem:
            return TransferProblem("file", problem)
        if not is_number:
            return TransferProblem("number", "a line number" if self._refill else "a whole number of 1 or more, or all")
        if self._refill and self._last != "end" and (whole_number(self._last) or 0) < (whole_number(number) or 1):
            return TransferProblem("number", "a line number not before the first, or end")
        if not self._refill and exists and self._mode is FileMode.NEW:
            self.query_one("#row-mode").add_class("-shown")
            return TransferProblem("file", "it already exists: choose what to do with it")
        return None

    @property
    def _number(self) -> str:
        return self.query_one("#transfer-number", Field).value.strip()

    @property
    def _last(self) -> str:
        return self.query_one("#transfer-last", Field).value.strip() or "end"

    @property
    def _mode(self) -> FileMode:
        value = self.query_one("#transfer-mode", Select).value
        return value if isinstance(value, FileMode) else FileMode.NEW

    async def _whole(self) -> bool:
        """Whether all fields are right; else it is said under the first that is not."""
        problem = await self._first_problem()
        if problem is not None:
            self._problem(problem.field, problem.text)
            self.query_one(f"#transfer-{problem.field}", Field).focus()
        return problem is None

    @on(Button.Pressed, "#transfer-yes")
    def action_accept(self) -> None:
        self._accept()

    @work(group=WAITED_FOR, exclusive=True)
    async def _accept(self) -> None:
        if not await self._whole() or not self._naming.sure(self.action_accept):
            return
        queue, number = self._queue.exact, self._number
        if self._refill:
            last = None if self._last == "end" else whole_number(self._last)
            self.dismiss(RefillRequest(self._path, queue, whole_number(number) or 1, last))
        else:
            limit = None if number == "all" else whole_number(number)
            request = DrainRequest(queue, self._path, limit, self._mode)
            what = f"drain {shown(queue)} into {self._path}"
            once_typed(self, queue, what, lambda: self.dismiss(request))

    @on(Button.Pressed, "#transfer-no")
    def action_cancel(self) -> None:
        self.dismiss(None)


def _file_problem(path: Path, refill: bool) -> tuple[str | None, bool]:
    """What is wrong with a file, None if nothing is, and whether something is there. Blocks."""
    if problem := unreachable(path) or not_regular(path):
        return problem, True
    exists = os.path.exists(path)
    if refill:
        return None if exists else "there is no such file", exists
    if (target := dangling(path)) is not None:
        return f"it is a link to {target}, which does not exist", True
    return None if os.path.isdir(path.parent) else f"there is no directory {path.parent}", exists
