"""Where a body or messages are saved: what is there is asked about, and what is no file is told."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from stomptui.protocol.frame import Frame
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.prompt import PromptScreen
from stomptui.ui.message_actions.saving import save_body, save_messages
from stomptui.ui.widgets.message.detail import MessageDetail
from stomptui.ui.widgets.text.fields import ExactField
from tests.ui.waiting import until

MESSAGE = Frame(b"MESSAGE\ndestination:/queue/q\n\nhello", "1.2")
WAYS: dict[str, Callable[[Screen[None]], None]] = {
    "a body": lambda screen: save_body(screen, b"hello", "text"),
    "messages": lambda screen: save_messages(screen, [MESSAGE], str),
}


class Saving(App[None]):
    """Saves as soon as it is there."""

    def __init__(self, save: Callable[[Screen[None]], None]) -> None:
        super().__init__()
        self._save = save

    def on_mount(self) -> None:
        base: Screen[None] = Screen()
        self.push_screen(base)
        self._save(base)


async def name(pilot: Pilot[None], path: Path) -> None:
    await until(lambda: isinstance(pilot.app.screen, PromptScreen))
    await pilot.press(*str(path), "enter")


def question(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one(".title", Static).render())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("answer", ["yes", "no"])
async def test_a_link_to_nothing_is_asked_about(way: str, answer: str, tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / "elsewhere"
    link.symlink_to(target)
    async with Saving(WAYS[way]).run_test(size=(200, 30)) as pilot:
        await name(pilot, link)
        await until(lambda: isinstance(pilot.app.screen, ConfirmScreen))
        await until(lambda: question(pilot) == f"{link} is a link to {target}, which does not exist. Create it?")
        await until(lambda: not target.exists())
        await pilot.press("y" if answer == "yes" else "n")
        if answer == "yes":
            await until(target.exists)
            await until(lambda: b"hello" in target.read_bytes() and link.is_symlink())
            await until(lambda: target.stat().st_mode & 0o777 == 0o600)
        else:
            await until(lambda: not isinstance(pilot.app.screen, ConfirmScreen))
            await until(lambda: not target.exists())


@pytest.mark.parametrize("way", WAYS)
async def test_a_link_says_which_file_is_overwritten(way: str, tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / "elsewhere"
    link.symlink_to(target)
    target.write_text("mine")
    async with Saving(WAYS[way]).run_test(size=(200, 30)) as pilot:
        await name(pilot, link)
        await until(lambda: isinstance(pilot.app.screen, ConfirmScreen))
        await until(lambda: question(pilot) == f"{link} is a link to {target}. Overwrite that file?")
        await pilot.press("escape")
    assert target.read_text() == "mine"


@pytest.mark.parametrize("way", WAYS)
async def test_what_is_no_file_is_told_before_anything_is_written(way: str, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    async with Saving(WAYS[way]).run_test(size=(200, 30)) as pilot:
        await name(pilot, pipe)
        told = pilot.app.screen.query(Static)
        await until(lambda: any("it is a named pipe, not a file" in str(one.render()) for one in told))
        assert isinstance(pilot.app.screen, PromptScreen)
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("frame", "example"),
    [
        (MESSAGE, "body.txt"),
        (Frame(b'MESSAGE\ncontent-type:text/plain\n\n{"a": 1}', "1.2"), "body.json"),
        (Frame(b"MESSAGE\ncontent-type:application/xml\n\n<a/>", "1.2"), "body.xml"),
        (Frame(b"MESSAGE\n\n\x00\x01\xff\xfe", "1.2"), "body.bin"),
    ],
)
async def test_the_example_of_a_name_fits_the_body(frame: Frame, example: str) -> None:
    asked = MessageDetail.SaveRequested(frame)
    app = Saving(lambda screen: save_body(screen, asked.body, asked.kind))
    async with app.run_test() as pilot:
        await until(lambda: isinstance(pilot.app.screen, PromptScreen))
        await until(
            lambda: pilot.app.screen.query_one("#prompt-input", ExactField).placeholder == f"for example {example}"
        )
