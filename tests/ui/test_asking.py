"""The two small questions: yes or no, and one line of text."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App

from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.prompt import PromptScreen
from tests.ui.waiting import until


class Host(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Any] = []

    def shown(self) -> str:
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips())


@pytest.mark.parametrize(
    ("keys", "answer"),
    [(["enter"], False), (["y"], True), (["n"], False), (["escape"], False), (["right", "enter"], True)],
)
async def test_a_question_is_answered_by_keys_and_enter_harms_nothing(keys: list[str], answer: bool) -> None:
    app = Host()
    async with app.run_test(size=(60, 15)) as pilot:
        app.push_screen(ConfirmScreen("Purge [/x]?", "Purge", danger=True, detail="3 messages"), app.answers.append)
        await pilot.pause()
        await until(lambda: "Purge [/x]?" in app.shown() and "3 messages" in app.shown())
        await pilot.press(*keys)
        await pilot.pause()
        await until(lambda: app.answers == [answer])


async def test_one_line_is_asked_for_masked_and_checked() -> None:
    app = Host()
    async with app.run_test(size=(60, 15)) as pilot:
        screen = PromptScreen("Password of [/x]", password=True, check=lambda text: "" if text else "it is empty")
        app.push_screen(screen, app.answers.append)
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        await until(lambda: "it is empty" in app.shown() and app.answers == [])
        await pilot.press(*"s3x", "ctrl+h")
        await until(lambda: "s3" not in app.shown() and "••" in app.shown())
        await pilot.press("f3")
        await until(lambda: "s3" in app.shown())
        await pilot.press("enter")
        await pilot.pause()
        await until(lambda: app.answers == ["s3"])


async def test_a_suggestion_is_typed_over_and_esc_is_no_answer() -> None:
    app = Host()
    async with app.run_test(size=(60, 15)) as pilot:
        for keys, answer in ((["a", "enter"], "a"), (["escape"], None)):
            app.push_screen(PromptScreen("Name", "suggested"), app.answers.append)
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
            await until(lambda: app.answers[-1] == answer)
