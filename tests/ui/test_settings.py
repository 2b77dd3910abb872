"""The settings dialog: what it changes at once, what it writes, and what it says where that goes wrong."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from textual.widgets import OptionList

from stomptui.config.layout import load_layout
from stomptui.config.secret_names import is_secret
from stomptui.config.settings import Settings, load_settings, settings_path
from stomptui.ui.dialogs.help import HelpScreen
from stomptui.ui.peek.form import PeekForm
from stomptui.ui.settings.changes import COLUMN, LAYOUT, setting_names
from stomptui.ui.settings.keys import key_problem
from stomptui.ui.settings.rows import NOT_SHOWN, ROWS, bytes_of, commands_of, names_of, whole
from stomptui.ui.settings.screen import SettingsScreen
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker

HAND_WRITTEN = """\
# what I like
line_numbers = true  # always
unheard_of = 1

[keys]
# mine
"console.queues" = "Q"  # as in quantity
"""


def test_every_setting_has_a_row_with_its_default_in_words() -> None:
    assert {row.name for row in ROWS} - LAYOUT - {COLUMN} == set(setting_names()) - NOT_SHOWN
    defaults = Settings()
    for row in ROWS:
        if row.name not in {*LAYOUT, COLUMN}:
            value = getattr(defaults, row.name)
            assert row.text(value), row
            if row.question:
                assert row.read(row.written(value)) == value, row


@pytest.mark.parametrize(
    ("read", "typed", "value"),
    [
        (whole, "1,000 000", 1_000_000),
        (bytes_of, "512 MiB", 512 << 20),
        (names_of, " a, ,!b ", ["a", "!b"]),
        (commands_of, "a/b = x -y; c/* = z", {"a/b": "x -y", "c/*": "z"}),
        (commands_of, " ", {}),
    ],
)
def test_values_are_read_as_people_type_them(read: object, typed: str, value: object) -> None:
    assert callable(read) and read(typed) == value


@pytest.mark.parametrize(
    ("id", "key", "why"),
    [
        ("console.peek", "P", None),
        ("console.peek", "g", "Queues (console.queues)"),
        ("console.peek", "tab", "from field to field"),
        ("compose.send", "x", "typed into the fields"),
        ("compose.send", "f6", None),
        ("connect.test", "f2", "Save profile (connect.save)"),
        ("confirm.yes", "enter", "presses buttons"),
        ("subscribe.cancel", "space", "presses buttons"),
        ("settings.close", "up", "moves the cursor"),
        ("console.peek", "ctrl+q", "leaves stomptui"),
        ("confirm.no", "ctrl+z", "Suspend (app.suspend) everywhere"),
        ("log.pause", "space", None),
    ],
)
def test_a_key_that_cannot_be_is_told(id: str, key: str, why: str | None) -> None:
    found = key_problem(id, key, {})
    assert found is None if why is None else why in (found or "")


async def to_row(driver: Driver, name: str) -> None:
    rows = driver.app.screen.query_one("#settings-rows", OptionList)
    await driver.until(lambda: rows.option_count, "rows")
    rows.highlighted = next(index for index, option in enumerate(rows.options) if option.id == name)
    await driver.pilot.pause()


async def opened(driver: Driver) -> None:
    await driver.press("comma")
    await driver.until(lambda: isinstance(driver.app.screen, SettingsScreen), "the settings")
    await driver.sees("Hold time")


async def test_settings_change_at_once_and_the_file_keeps_what_a_person_wrote(embedded: EmbeddedBroker) -> None:
    path = settings_path()
    path.parent.mkdir(parents=True)
    path.write_text(HAND_WRITTEN)
    async with console(embedded.port, size=(60, 15)) as driver:
        await driver.up()
        await opened(driver)
        await to_row(driver, "wrap_lines")
        await driver.sees("Else lines of a message are cut", "Default: on. A change counts at once.")
        await driver.press("enter")
        await driver.until(lambda: not load_settings()[0].wrap_lines, "written")
        assert driver.app.line_display.wrap is False
        await driver.press("backspace")
        await driver.until(lambda: load_settings()[0].wrap_lines, "the default is back")
        await to_row(driver, "peek_hold")
        await driver.press("enter")
        await driver.sees("Hold time of a peek")
        await driver.type_in("4000")
        await driver.press("enter")
        await driver.sees("from 2 to 300")
        await driver.press(*["backspace"] * 6, "4", "5", "enter")
        await driver.sees("45 s")
        await to_row(driver, "secret_names")
        await driver.press("enter")
        await driver.type_in("mileage")
        await driver.press("enter")
        await driver.until(lambda: is_secret("mileage"), "another secret")
        await to_row(driver, "column")
        await driver.press("enter")
        await driver.type_in("colour")
        await driver.press("enter")
        await driver.until(lambda: driver.app.console_screen.log_view.header == "colour", "a column")
        await to_row(driver, "times")
        await driver.press("enter")
        await driver.until(lambda: load_layout().times == "seconds", "times")
        await driver.until(lambda: load_settings()[0].secret_names == ["mileage"], "written")
        text = path.read_text()
        for line in (
            "# what I like",
            "# always",
            "unheard_of = 1",
            "# mine",
            '"Q"  # as in quantity',
            "peek_hold = 45",
        ):
            assert line in text
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        await driver.press("escape", "p")
        await driver.until(lambda: isinstance(driver.app.screen, PeekForm), "the peek form")
        await driver.sees("45")


async def test_a_theme_is_shown_while_one_moves_and_esc_brings_back_what_was() -> None:
    async with console() as driver:
        await driver.press("ctrl+p")
        await driver.type_in("preferences")
        await driver.sees("Settings")
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, SettingsScreen), "the settings")
        await to_row(driver, "theme")
        await driver.press("enter")
        await driver.sees("enter keeps")
        assert driver.app.theme == "tokyo-night"
        await driver.press("up")
        await driver.until(lambda: driver.app.theme != "tokyo-night", "another theme")
        await driver.press("escape")
        await driver.until(lambda: driver.app.theme == "tokyo-night", "the theme that was there")
        assert load_settings()[0].theme == "tokyo-night"
        await driver.press("enter")
        await driver.sees("enter keeps")
        await driver.press("up", "enter")
        await driver.until(lambda: load_settings()[0].theme == driver.app.theme != "tokyo-night", "written")
        await driver.sees(driver.app.theme)


async def test_a_key_is_chosen_by_pressing_it(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await opened(driver)
        await to_row(driver, "keys")
        await driver.press("enter")
        await driver.sees("type to find an action")
        await driver.type_in("console.subscribe")
        await driver.press("enter")
        await driver.sees("Press the key for Subscribe")
        await driver.press("g")
        await driver.sees("g is the key of Queues (console.queues)")
        await driver.press("Y")
        await driver.sees("● Y")
        await driver.until(lambda: load_settings()[0].keys == {"console.subscribe": "Y"}, "written")
        await driver.press("escape", "escape", "escape")
        await driver.sees("Y  subscribes to", "Y Subscribe")
        await driver.press("question_mark")
        await driver.until(lambda: isinstance(driver.app.screen, HelpScreen), "the help")
        await driver.type_in("subscribe to a")
        await driver.until(lambda: any(" Y " in line and "Subscribe to" in line for line in driver.screen.splitlines()))
        await driver.press("escape", "escape", "Y")
        await driver.sees("Destination")
        await driver.press("escape")
        await opened(driver)
        await to_row(driver, "keys")
        await driver.press("backspace", "escape")
        await driver.until(lambda: load_settings()[0].keys == {}, "the default is back")
        await driver.sees("s Subscribe")


async def test_an_edit_by_hand_meanwhile_counts_and_a_file_that_cannot_be_written_is_told(
    embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = settings_path()
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.until(path.exists, "the last connection")
        path.write_text(path.read_text() + 'peek_hold = 77\n[keys]\n"console.peek" = "P"\n')
        await opened(driver)
        await driver.sees("77 s", "1 of your own")

        def full(where: Path, data: bytes) -> None:
            raise OSError(28, os.strerror(28))

        with monkeypatch.context() as broken:
            broken.setattr("stomptui.config.settings.write_private", full)
            await to_row(driver, "line_numbers")
            await driver.press("enter")
            await driver.sees("✗ Used, but not saved: No space left on device")
        await driver.press("enter")
        await driver.until(lambda: "not saved" not in driver.screen, "told no longer")
        await driver.press("escape")
        path.write_text("peek_hold = \n")
        await opened(driver)
        await driver.sees("Unexpected character")
        await to_row(driver, "wrap_lines")
        await driver.press("enter")
        await driver.sees("Used, but not saved")
        assert path.read_text() == "peek_hold = \n"


async def test_a_value_by_hand_that_cannot_be_typed_is_accepted_as_it_is() -> None:
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text('journal_bytes = 300000000\n[views]\n"a/b" = "sh -c \'x; y\'"\n')
    async with console() as driver:
        await driver.app.run_action("settings")
        await driver.until(lambda: isinstance(driver.app.screen, SettingsScreen), "the settings")
        settings = driver.app.screen
        for name in ("journal_bytes", "views"):
            await to_row(driver, name)
            await driver.press("enter")
            await driver.until(lambda: driver.app.screen is not settings, "the question")
            await driver.painted()
            await driver.press("enter")
            await driver.until(lambda: driver.app.screen is settings, "the settings again")
        found, _ = load_settings()
        assert (found.journal_bytes, found.views) == (300_000_000, {"a/b": "sh -c 'x; y'"})
