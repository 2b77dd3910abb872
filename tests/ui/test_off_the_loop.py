"""What takes a while is not done on the event loop: the screen goes on while a disk or a large message does."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from textual.app import App
from textual.screen import Screen
from textual.widgets import Static

from stomptui.compose.draft import Draft, HeaderLine, from_frame
from stomptui.protocol.frame import Frame
from stomptui.ui.dialogs.prompt import PromptScreen
from stomptui.ui.message_actions import saving
from stomptui.ui.message_actions.saving import save_body, save_messages
from stomptui.ui.transfer import form as transfer_form
from stomptui.ui.transfer.form import TransferForm
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker
from tests.ui.waiting import until

MEGABYTES = 3_000_000


class Gate:
    """Stands before a function, notes in which thread it is called, and lets nobody through before it is opened."""

    def __init__(self, function: Callable[..., object]) -> None:
        self._function = function
        self.reached = threading.Event()
        self.open = threading.Event()
        self.threads: list[int] = []
        self.name = getattr(function, "__name__", "")

    def __get__(self, instance: object, owner: type | None = None) -> Callable[..., object]:
        return lambda *args, **options: self(instance, *args, **options)

    def __call__(self, *args: object, **options: object) -> object:
        self.threads.append(threading.get_ident())
        self.reached.set()
        assert self.open.wait(20)
        return self._function(*args, **options)


@pytest.mark.parametrize("kind", ["file", "bytes", "text"])
async def test_a_large_draft_is_built_and_sent_beside_the_screen_and_in_order(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "body"
    path.write_bytes(b"f" * MEGABYTES)
    large = {
        "file": Draft("/queue/large", body_file=path),
        "bytes": Draft("/queue/large", body=b"b\0" * (MEGABYTES // 2)),
        "text": Draft("/queue/large", body="ü" * (MEGABYTES // 2)),
    }[kind]
    gate = Gate(Draft.build)
    with EmbeddedBroker() as broker:
        broker.call(lambda: broker.queues.declare("large"))
        async with console(broker.port) as driver:
            await driver.up()
            console_screen = driver.app.console_screen
            console_screen.composing.edit(large)
            monkeypatch.setattr(Draft, "build", gate)
            await driver.press("f5")
            await driver.until(gate.reached.is_set, "the draft is being built")
            await until(lambda: gate.threads[0] != driver.app._thread_id)
            await driver.until(lambda: "being sent" in driver.outcome, "it is said")
            # Another one, light, does not overtake it; and keys are acted on meanwhile.
            console_screen.composing.edit(Draft("/queue/large", [HeaderLine("x", "second")], body="light"))
            await driver.press("f5")
            await driver.press("escape")
            await driver.until(lambda: not console_screen.pane.has_focus_within, "the key was acted on")
            sent = [entry.frame for entry in driver.entries if entry.frame and entry.frame.command == "SEND"]
            assert sent == []
            gate.open.set()
            await driver.until(lambda: "confirmed in" in driver.outcome, "confirmed")

            def both() -> list[Frame]:
                frames = [entry.frame for entry in driver.entries if entry.frame is not None]
                return [frame for frame in frames if frame.command == "SEND"]

            await driver.until(lambda: len(both()) == 2, "both are in the log")
            await until(lambda: [frame.body_size for frame in both()] == [MEGABYTES, 5])
            outcomes = [entry.outcome for entry in driver.entries if entry.frame and entry.frame.command == "SEND"]
            await driver.until(lambda: all(outcome is not None for outcome in outcomes), "each has its outcome")
            await until(lambda: driver.app.console_screen.console.counts.sent == {"/queue/large": 2})


async def test_a_large_draft_that_cannot_be_sent_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "body"
    path.write_bytes(b"f" * MEGABYTES)
    gate = Gate(Draft.build)
    with EmbeddedBroker() as broker:
        broker.call(lambda: broker.queues.declare("large"))
        async with console(broker.port) as driver:
            await driver.up()
            driver.app.console_screen.composing.edit(Draft("/queue/large", body_file=path))
            monkeypatch.setattr(Draft, "build", gate)
            await driver.press("f5")
            await driver.until(gate.reached.is_set, "the draft is being built")
            path.unlink()
            gate.open.set()
            await driver.until(lambda: "not sent" in driver.outcome, "it is said")
            await until(lambda: driver.app.console_screen.console.counts.sent == {})


@pytest.mark.parametrize("what", ["a body", "messages"])
async def test_the_screen_goes_on_while_a_file_is_saved(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, looks = Gate(os.fsync), [Gate(saving._problem), Gate(saving._question)]
    path = tmp_path / "saved"
    for look in looks:
        look.open.set()
        monkeypatch.setattr(saving, look.name, look)
    async with console() as driver:
        screen = cast(Screen[None], driver.app.screen)
        message = Frame(b"MESSAGE\ndestination:/queue/q\n\nhello")
        if what == "a body":
            save_body(screen, b"hello", "text")
        else:
            save_messages(screen, [message], str)
        await driver.until(lambda: isinstance(driver.app.screen, PromptScreen), "it asks where")
        monkeypatch.setattr(os, "fsync", gate)
        await driver.type_in(str(path))
        await driver.press("enter")
        await driver.until(gate.reached.is_set, "it is being saved")
        await until(lambda: gate.threads[0] != driver.app._thread_id)
        assert all(look.threads and driver.app._thread_id not in look.threads for look in looks)
        await until(lambda: not driver.told, lambda: "nothing is said before it is there")
        await driver.press("f1")  # the loop runs: a key comes through
        gate.open.set()
        await driver.until(lambda: any("saved to" in told for told in driver.told), "it is said")
        await until(lambda: b"hello" in path.read_bytes())


async def test_what_is_at_a_path_is_found_out_beside_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forms(App[None]):
        pass

    look = Gate(transfer_form._file_problem)
    monkeypatch.setattr(transfer_form, "_file_problem", look)
    path = tmp_path / "there.jsonl"
    path.touch()
    app = Forms()
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(form := TransferForm(False, "/queue/q"))
        await until(lambda: app.focused is not None and app.focused.id == "transfer-file")
        await pilot.press(*str(path), "f5")
        await until(look.reached.is_set)
        assert app._thread_id not in look.threads
        look.open.set()
        problem = form.query_one("#transfer-file-problem", Static)
        await until(lambda: "it already exists" in str(problem.render()))
        await until(lambda: form.query_one("#transfer-mode").region.height > 0)


def test_a_received_body_of_megabytes_is_taken_over_as_it_is() -> None:
    """It cannot be edited here, so nothing is decoded."""
    body = "ü".encode() * MEGABYTES
    draft = from_frame(Frame(b"MESSAGE\ndestination:/queue/q\n\n" + body))
    assert draft.body == body
    assert from_frame(Frame(b"MESSAGE\n\n" + "ü".encode())).body == "ü"


def test_what_a_draft_is_called_does_not_spell_its_body_out() -> None:
    """Textual describes a worker by what it was given."""
    assert len(repr(Draft("/queue/q", body=b"x" * MEGABYTES))) < 300
