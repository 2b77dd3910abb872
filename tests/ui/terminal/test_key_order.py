"""Keys that are there before what they are meant for is, and keys that are there before what they are not meant for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static

from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.terminal import key_order
from stomptui.ui.terminal.key_order import WAITED_FOR, InputGate


class Form(Dialog[str]):
    """Asks for a name and says yes with Enter."""

    AUTO_FOCUS = "Input"

    def compose(self) -> ComposeResult:
        yield Input()
        yield Input(id="second")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class Letters(App[None]):
    """Counts letters; some open something, in each of the ways that there are."""

    AUTO_FOCUS = ""
    BINDINGS = [("f", "form"), ("w", "worker"), ("slash", "field"), ("n", "count('n')"), ("y", "count('y')")]

    def __init__(self) -> None:
        super().__init__()
        self.gate = InputGate(self)
        self.counted: list[str] = []
        self.answers: list[object] = []

    def compose(self) -> ComposeResult:
        yield Static("none")
        yield Input()

    def on_mount(self) -> None:
        self.gate.start()

    async def on_event(self, event: events.Event) -> None:
        if self.gate.admits(event):
            await super().on_event(event)

    def action_count(self, letter: str) -> None:
        self.counted.append(letter)

    def action_field(self) -> None:
        self.query_one(Input).focus()

    def action_form(self) -> None:
        self.push_screen(Form(), self.answers.append)

    def action_worker(self) -> None:
        self.run_worker(self._ask())

    async def _ask(self) -> None:
        for question in ("Sure?", "Quite sure?"):
            yes: bool = await self.push_screen_wait(ConfirmScreen(question))
            self.answers.append(yes)

    def type_in(self, *keys: str) -> None:
        """All at once."""
        for key in keys:
            character = {"enter": "\r", "tab": "\t", "slash": "/"}.get(key, key if len(key) == 1 else None)
            self.post_message(events.Key(key, character))


async def until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    for _ in range(500):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("never")


async def test_keys_wait_for_what_the_one_before_opens() -> None:
    app = Letters()
    async with app.run_test() as pilot:
        app.type_in("n", "f", "n", "y", "tab", "y", "enter", "y")
        await until(pilot, lambda: app.answers)
        assert app.answers == ["y"], "the second field was submitted"
        await until(pilot, lambda: len(app.counted) == 2)
        assert app.counted == ["n", "y"]


async def test_keys_wait_for_a_field_that_gets_the_focus_in_the_middle_of_them() -> None:
    app = Letters()
    async with app.run_test() as pilot:
        app.type_in("n", "slash", *"nynynynyn")
        await until(pilot, lambda: len(app.query_one(Input).value) == 9)
        assert (app.counted, app.query_one(Input).value) == (["n"], "nynynynyn")


async def test_keys_wait_for_a_worker_that_asks_twice() -> None:
    app = Letters()
    async with app.run_test() as pilot:
        app.type_in("w", "y", "n", "y")
        await until(pilot, lambda: app.counted)
        assert (app.answers, app.counted) == ([True, False], ["y"])


async def test_keys_do_not_wait_for_a_worker_that_waits_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Letters()
    async with app.run_test() as pilot:

        async def ask() -> None:
            name: str = await app.push_screen_wait(Form())
            app.answers.append(name)

        monkeypatch.setattr(key_order, "UNPAINTED", 3600.0)
        monkeypatch.setattr(key_order, "LONGEST", 3600.0)
        app.run_worker(ask(), group=WAITED_FOR)
        await until(pilot, lambda: isinstance(app.screen, Form) and app.screen.is_mounted)
        app.type_in("[", "]", "tab", "\\", "enter")
        await until(pilot, lambda: app.answers)
        assert app.answers == ["\\"]


async def test_answers_that_come_twice_count_once() -> None:
    app = Letters()
    async with app.run_test() as pilot:
        app.action_form()
        await until(pilot, lambda: isinstance(app.screen, Form) and app.screen.is_mounted)
        form = app.screen
        assert isinstance(form, Form)
        app.push_screen(ConfirmScreen("over it"))
        await until(pilot, lambda: app.screen is not form and app.screen.is_mounted)
        form.dismiss("once")
        form.dismiss("twice")
        await until(pilot, lambda: app.answers)
        assert (app.answers, len(app.screen_stack)) == (["once"], 1)


async def test_what_was_typed_before_a_question_came_up_by_itself_does_not_answer_it() -> None:
    app = Letters()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.gate.idle)
        # It comes between two keys, as from a thread.
        app.push_screen(ConfirmScreen("Sure?"), app.answers.append)
        app.type_in("y", "y", "enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen) and app.screen.query(Button))
        await pilot.pause(0.1)
        assert app.answers == []
        await pilot.press("y")
        await until(pilot, lambda: app.answers)
        assert (app.answers, app.counted) == ([True], [])


async def test_somebody_who_goes_on_typing_a_text_does_not_answer_a_question_that_came_up_meanwhile() -> None:
    app = Letters()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.gate.idle)
        app.type_in("slash", *"any")
        await until(pilot, lambda: app.query_one(Input).value == "any" and app.gate.idle)
        # However slow this machine is, it was typed a moment ago.
        began = app.gate._typed_at = events.Event().time
        app.push_screen(ConfirmScreen("Sure?"), app.answers.append)
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen) and app.screen.query(Button))
        for _ in range(20):
            event = events.Key("y", "y")
            # As typed after a tenth of a second.
            began = event.time = began + 0.1
            app.post_message(event)
            await pilot.pause(0.01)
        assert app.answers == []
        event = events.Key("y", "y")
        event.time = began + 1.0
        app.post_message(event)
        await until(pilot, lambda: app.answers)
        assert app.answers == [True]


class Overtaken(Letters):
    """A key comes from the terminal just before the last one that was held back is posted once more."""

    def post_message(self, message: Message) -> bool:
        if isinstance(message, events.Key) and message.key == "b" and message is self.gate._released:
            super().post_message(events.Key("c", "c"))
        return super().post_message(message)


async def test_a_key_that_comes_while_one_is_released_does_not_overtake_it() -> None:
    app = Overtaken()
    async with app.run_test() as pilot:
        app.type_in("slash", "a", "b")
        await until(pilot, lambda: len(app.query_one(Input).value) == 3)
        assert app.query_one(Input).value == "abc"
