"""What is painted can be read: in every theme, without colours, and in terminals of 16 colours."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from stomptui.app import StompTUI
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.config.options import Options
from stomptui.config.settings import load_settings
from stomptui.journal.entry import NoteKind
from stomptui.protocol.codec import encode
from stomptui.ui.theme_contrast import DIMMED, TEXT, contrast
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker
from tests.support.terminal import Terminal

pytestmark = pytest.mark.timeless

THEMES = [name for name, theme in BUILTIN_THEMES.items() if not theme.ansi]
LINES = set("▼▲─│╭╮╰╯▔▁▏▕▎▊▄▀▌▐█━┃╸╺▇▆▅▃▂ ")
"""What is drawn and not read."""
ROOT = Path(__file__).resolve().parents[2]


def faint(app: StompTUI) -> list[tuple[str, str, str, float]]:
    """Text on the screen that is too close to what it is painted on: it, both colours, their contrast."""
    variables = app.theme_variables
    dimmed = {Color.parse(variables[name]).hex for name in ("text-muted", "text-disabled", "foreground-muted")}
    found = []
    for strip in app.screen._compositor.render_strips():
        for text, style, _ in strip:
            if style is None or style.color is None or style.bgcolor is None or set(text) <= LINES:
                continue
            ink, under = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
            if style.reverse:
                ink, under = under, ink
            least = DIMMED if ink.hex in dimmed or style.dim else TEXT
            # Colours are rounded to whole numbers once more when they are painted.
            if contrast(ink, under) < least - 0.1:
                found.append((text.strip(), ink.hex, under.hex, round(contrast(ink, under), 2)))
    return found


async def test_every_text_can_be_read_in_every_theme() -> None:
    app = StompTUI(Options())
    found: dict[tuple[str, str], object] = {}
    async with app.run_test(size=(150, 50)) as pilot:
        await pilot.pause()
        for name in THEMES:
            app.theme = name
            await pilot.pause()
            await pilot.pause()
            if bad := faint(app):
                found[name, "form"] = bad
        app.pop_screen()
        journal = app.journal
        for kind in NoteKind:
            journal.append_note(kind, "what happened", time.time())
        headers = [
            ("destination", "/queue/a"),
            ("priority", "4"),
            ("otp", "s3cret"),
            ("content-type", "application/json"),
        ]
        for number in range(3):
            raw = encode("SEND", headers, b'{"a": [1, true, "text"]}', "1.2")[:-1]
            journal.append_sent(raw, time.time(), "1.2", receipt=f"r{number}")
        app.console_screen.composing.edit(
            Draft("/queue/a", [HeaderLine("priority", "4ax"), HeaderLine("note", "x")], '{"a": 1}')
        )
        app.console_screen.add_class("-detail")
        await pilot.pause()
        app.console_screen.reader.show_row(journal.end - 1)
        app.console_screen.reader.show_filter("e")
        for name in THEMES:
            app.theme = name
            await pilot.pause()
            await pilot.pause()
            if bad := faint(app):
                found[name, "console"] = bad
    assert not found, "\n".join(f"{where}: {bad}" for where, bad in found.items())


def unreadable(app: StompTUI, is_dark: bool) -> list[tuple[str, str, str]]:
    """Text in the terminal's own colours that the usual ones of them make hard to read: it and both colours."""
    usual = {"dark": ("#e5e5e5", "#000000"), "light": ("#000000", "#ffffff")}["dark" if is_dark else "light"]
    found = []
    for strip in app.screen._compositor.render_strips():
        for text, style, _ in strip:
            if style is None or set(text) <= LINES:
                continue
            ink, under = (
                Color.parse(plain)
                if colour is None or colour.is_default
                else Color(*colour.get_truecolor(DEFAULT_TERMINAL_THEME))
                for colour, plain in zip((style.color, style.bgcolor), usual, strict=True)
            )
            if under.hex != usual[1].upper() and contrast(ink, under) < DIMMED - 0.1:
                found.append((text.strip(), ink.hex, under.hex))
    return found


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light"])
async def test_rows_and_fields_can_be_read_in_the_colours_of_a_terminal(theme: str, embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a", "/queue/b"), theme=theme) as driver:
        app, found = driver.app, {}
        await driver.sees("subscribed to /queue/b")
        for place, keys, there in (
            ("log", ["4", "home"], "CONNECT"),
            ("subscriptions", ["f6", "down"], "/queue/b"),
            ("queues", ["g"], "the embedded broker"),
            ("form", ["escape", "s", *"/queue"], "Destination"),
            ("words", ["down"], "/queue/b"),
        ):
            await driver.press(*keys)
            await driver.sees(there)
            await driver.pilot.pause()
            if bad := unreadable(app, theme == "ansi-dark"):
                found[place] = bad
        assert not found


@pytest.mark.parametrize(
    ("environment", "settings", "arguments"),
    [
        ({"TERM": "xterm", "COLORTERM": ""}, "", []),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, 'theme = "ansi-dark"\n', []),
    ],
)
def test_few_colours_and_none(environment: dict[str, str], settings: str, arguments: list[str]) -> None:
    place = Path(os.environ["STOMPTUI_CONFIG_DIR"])
    place.mkdir(parents=True, exist_ok=True)
    (place / "settings.toml").write_text(settings)
    argv = [sys.executable, "-m", "stomptui", *arguments]
    with Terminal(
        argv, {**os.environ, "PYTHONPATH": str(ROOT), "STOMP_SKIP_HOSTNAME_SCAN": "1", **environment}, folder=ROOT
    ) as screen:
        screen.wait_for("What will be sent", "Virtual host")
        same = []
        for row in range(36):
            for column in range(120):
                cell = screen._screen.buffer[row][column]
                ink, under = (cell.bg, cell.fg) if cell.reverse else (cell.fg, cell.bg)
                if cell.data not in LINES and ink == under != "default":
                    same.append((row, column, cell.data, ink))
        assert same == []
        assert b"38;2" not in screen.raw and b"38;5" not in screen.raw
        if "NO_COLOR" in environment:
            used = {cell.fg for row in screen._screen.buffer.values() for cell in row.values()}
            assert used == {"default"}
        screen.press("escape")
        assert screen.wait_end() == 0
    remembered = load_settings()[0].theme
    assert remembered == ("ansi-dark" if settings else "tokyo-night"), "a choice made for one terminal is not kept"
