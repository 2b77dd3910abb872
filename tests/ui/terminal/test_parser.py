"""What is read from a terminal, cut anywhere, and what it means."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual import events
from textual.message import Message

from stomptui.ui.terminal.parser import TerminalParser
from stomptui.ui.terminal.pastes import KEY_SILENCE, PASTE_SILENCE
from stomptui.ui.terminal.tokens import LONGEST_SEQUENCE

DELAY = 0.1
START, END = "\x1b[200~", "\x1b[201~"


class Clock:
    """Stands still unless it is told to go on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def told(message: Message) -> str:
    """A key by its name, with = and the character where it types one; a paste in quotes; else the kind."""
    if isinstance(message, events.Key):
        typed = message.character if message.is_printable else None
        return message.key if typed is None else f"{message.key}={typed}"
    return repr(message.text) if isinstance(message, events.Paste) else type(message).__name__


def read(*parts: str | float) -> list[str]:
    """What these pieces mean, with so many seconds of silence between them, and a long one at the end."""
    clock = Clock()
    parser = TerminalParser(DELAY, clock)

    def heard() -> Iterator[Message]:
        for part in (*parts, 10.0):
            if isinstance(part, str):
                yield from parser.feed(part)
                continue
            until = clock.now + part
            while parser.deadline is not None and parser.deadline <= until:
                clock.now = parser.deadline
                yield from parser.tick()
            clock.now = until

    return [told(message) for message in heard()]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ab\r", ["a=a", "b=b", "enter"]),
        ("\x1b", ["escape"]),
        ("\x1b\x1b", ["escape", "escape"]),
        ("\x1bx", ["alt+x"]),
        ("\x1bxq", ["alt+x", "q=q"]),
        ("\x1bx\x1by", ["alt+x", "alt+y"]),
        ("\x1b\x1bx", ["escape", "alt+x"]),
        ("\x1bX", ["alt+shift+x"]),
        ("\x1bO", ["alt+shift+o"]),
        ("\x1b[", ["alt+left_square_bracket"]),
        ("\x1b]", ["alt+right_square_bracket"]),
        ("\x1b1", ["alt+1"]),
        ("\x1bå", ["alt+å"]),
        ("\x1b\r", ["alt+enter"]),
        ("\x1b ", ["alt+space"]),
        ("\x1b\x01", ["alt+ctrl+a"]),
        ("\x1b\x1b[A", ["alt+up"]),
        ("\x1b\x1bOB", ["alt+down"]),
        ("\x1b[1;3A", ["alt+up"]),
        ("\x1b[27;3;120~", ["alt+x"]),
        ("\x1b[120;3u", ["alt+x"]),
        ("\x1b[120;3;120u", ["alt+x"]),
        ("\x1b[97;;97u", ["a=a"]),
        ("\x1b[A\x1bOP\x1b[15~\x1b[[A", ["up", "f1", "f5", "f1"]),
        ("\x1b[<0;5;5M\x1b[<0;5;5m", ["MouseDown", "MouseUp"]),
        ("\x1b[I\x1b[O", ["AppFocus", "AppBlur"]),
        ("\x1b[?2026;2$y", ["TerminalSupportsSynchronizedOutput"]),
        ("\x1b[48;30;100;600;1000t", ["Resize"]),
        ("\x1b[?62;4c", []),
        ("\x1b[99999999999u\x1b[57344u\x1b[1;1;99999999uq", ["q=q"]),
        ("\x1b]11;rgb:1a1a/1b1b/2626\x1b\\q", ["q=q"]),
        ("\x1bP1+r544e=787465726d\x1b\\q", ["q=q"]),
        ("\x1b[1\x1bq", ["alt+q"]),
    ],
)
def test_keys(typed: str, meant: list[str]) -> None:
    assert read(typed) == meant
    assert read(*typed) == meant, "character by character"


def test_a_key_after_the_delay_is_another_key() -> None:
    assert read("\x1b", DELAY + 0.01, "q") == ["escape", "q=q"]
    assert read("\x1b", DELAY / 2, "q") == ["alt+q"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("\x1b[A", ["up"]),
        ("\x1bOP", ["f1"]),
        ("\x1b[1;3D", ["alt+left"]),
        ("\x1b[15~", ["f5"]),
        ("\x1b[97;5u", ["ctrl+a"]),
        ("\x1b[<0;40;8M", ["MouseDown"]),
        ("\x1b[M !!", []),
        ("\x1b[I", ["AppFocus"]),
        ("\x1b[?2026;2$y", ["TerminalSupportsSynchronizedOutput"]),
        ("\x1b]11;rgb:1a1a/1b1b/2626\x1b\\", []),
        ("\x1bP1+r544e=787465726d\x1b\\", []),
        (f"{START}a\x1bq{END}", [repr("a\x1bq")]),
        ("\x1b\x1b[B", ["alt+down"]),
    ],
)
def test_a_sequence_whose_rest_comes_late_is_one(typed: str, meant: list[str]) -> None:
    """A lost packet costs a few tenths of a second. An escape alone is the key: nobody waits for that so long."""
    first = len(typed) - len(typed.lstrip("\x1b"))
    for at in range(first + 1, len(typed)):
        assert read(typed[:at], 0.4, typed[at:], 0.4, "q") == [*meant, "q=q"], f"cut at {at}"


@pytest.mark.parametrize(
    "text", ["x\x1bq", "\x1b[20", "na\x07\x03\x04\x1a\r\n", "\x1b[<0;1;1M", "\x00\x9b\ud7ff\ufffe", START]
)
def test_whatever_is_pasted_is_text(text: str) -> None:
    whole = START + text + END
    assert read(whole + "q") == [repr(text), "q=q"]
    for at in range(len(whole) + 1):
        assert read(whole[:at], whole[at:]) == [repr(text)], f"in two pieces, at {at}"
    assert read(*whole) == [repr(text)], "character by character"


def test_a_large_paste_is_one_text() -> None:
    text = "x\x1bq" * 1_000_000
    assert read(START, *(text[at : at + 65_536] for at in range(0, len(text), 65_536)), END) == [repr(text)]


def test_a_paste_whose_end_is_lost_ends_by_itself() -> None:
    assert read(START + "text\x1bq", PASTE_SILENCE + 0.1, "q", 0.2, "\x1b[A") == [repr("text\x1bq"), "q=q", "up"]
    assert read(START + "one", PASTE_SILENCE + 0.1, START + "two" + END + "q") == ["'one'", "'two'", "q=q"]
    moves = "\x1b[<35;4;4M\x1b[<35;5;4M"
    assert read(START + "one" + moves, PASTE_SILENCE + 0.1, "q") == ["'one'", "MouseMove", "MouseMove", "q=q"]


def test_a_paste_that_falters_is_text_to_its_end() -> None:
    parts = read(START + "one", PASTE_SILENCE + 0.1, "qqqq", PASTE_SILENCE, "two" + END, "q")
    assert parts == ["'one'", "'qqqq'", "'two'", "q=q"]
    assert read(START + "one" + END[:3], PASTE_SILENCE + 0.1, END[3:], KEY_SILENCE / 2, "q") == ["'one'", "q=q"]


def test_a_sequence_without_an_end_does_not_swallow_keys_for_ever() -> None:
    assert read("\x1b]" + "x" * LONGEST_SEQUENCE, "q") == ["q=q"]
    assert read("\x1b[" + "1" * LONGEST_SEQUENCE, "q") == ["q=q"]
