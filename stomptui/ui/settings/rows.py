"""What can be set, in one table: a row of the settings dialog each, with what it does and how it is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

MIB = 1 << 20


class How(Enum):
    """How a setting is changed."""

    NEXT = "next"
    """Enter takes the next of its choices."""
    TYPE = "type"
    """It is typed."""
    THEME = "theme"
    KEYS = "keys"
    FORGET = "forget"
    """It is remembered by the program, and can only be forgotten."""


@dataclass(frozen=True)
class SettingRow:
    """One setting."""

    name: str
    """Its name in settings.toml, or that of a part of the layout."""
    group: str
    label: str
    about: str
    """What it does, in a line."""
    how: How
    applies: str = "at once"
    """From when on a change has an effect."""
    choices: tuple[tuple[Any, str], ...] = ()
    """Values, each with its words."""
    shown: Callable[[Any], str] = str
    question: str = ""
    """What is asked where it is typed."""
    written: Callable[[Any], str] = str
    """The value as it is typed."""
    read: Callable[[str], Any] = str
    """The value that was typed; raises `ValueError` with what is wrong."""

    def text(self, value: Any) -> str:
        """A value in words."""
        return dict(self.choices).get(value, "") if self.choices else self.shown(value)


def whole(text: str) -> int:
    """A whole number as people type it, with commas or blanks between thousands; raises `ValueError`."""
    try:
        return int(text.replace(",", "").replace(" ", "").replace("_", ""))
    except ValueError:
        raise ValueError("a whole number, please") from None


def bytes_of(text: str) -> int:
    """Bytes from a number of MiB; raises `ValueError`."""
    return whole(text.lower().removesuffix("mib").removesuffix("mb").strip()) * MIB


def names_of(text: str) -> list[str]:
    """Names with commas between them."""
    return [name for each in text.split(",") if (name := each.strip())]


def commands_of(text: str) -> dict[str, str]:
    """Commands by media type, each `type = command`, with semicolons between them; raises `ValueError`."""
    found = {}
    for each in text.split(";"):
        if each.strip():
            kind, equals, command = each.partition("=")
            if not equals or not kind.strip() or not command.strip():
                raise ValueError("a media type, =, and a command, please; a semicolon before the next")
            found[kind.strip()] = command.strip()
    return found


def mib(value: int) -> str:
    """Bytes in MiB."""
    return f"{value / MIB:,.1f}".removesuffix(".0")


def few(values: Any) -> str:
    """Names in a row, "none" where there are none."""
    return ", ".join(values) or "none"


ON_OFF = ((True, "on"), (False, "off"))
ROWS = (
    SettingRow("theme", "Screen", "Theme", "The colours. Moving through the list shows each of them.", How.THEME),
    SettingRow(
        "wrap_lines",
        "Screen",
        "Wrap long lines",
        "Else lines of a message are cut at the edge.",
        How.NEXT,
        choices=ON_OFF,
    ),
    SettingRow(
        "line_numbers", "Screen", "Line numbers", "Numbers before the lines of a body.", How.NEXT, choices=ON_OFF
    ),
    SettingRow(
        "times",
        "Screen",
        "Times",
        "How the log shows when a frame came or went.",
        How.NEXT,
        choices=(
            ("milliseconds", "with milliseconds"),
            ("seconds", "without milliseconds"),
            ("since", "since the row before"),
        ),
    ),
    SettingRow(
        "column",
        "Screen",
        "Column of a header",
        "A header with a column of its own in the log, for this profile.",
        How.TYPE,
        shown=lambda name: name or "none",
        question="The name of the header, such as correlation-id; nothing for none",
        read=str.strip,
    ),
    SettingRow(
        "message_place",
        "Screen",
        "Place of the message",
        "Where the message under the cursor stands.",
        How.NEXT,
        choices=(
            ("auto", "where there is space"),
            ("below", "below the log"),
            ("right", "right of the log"),
            ("whole", "in place of the log"),
        ),
    ),
    SettingRow(
        "keys",
        "Screen",
        "Keys",
        "Give an action another key.",
        How.KEYS,
        shown=lambda keys: f"{len(keys):,} of your own" if keys else "as they come",
    ),
    SettingRow(
        "peek_hold",
        "Peek and memory",
        "Hold time",
        "How long a peek keeps messages before it returns them.",
        How.TYPE,
        "from the next peek",
        shown=lambda value: f"{value} s",
        question="Hold time of a peek, in seconds",
        read=whole,
    ),
    SettingRow(
        "journal_frames",
        "Peek and memory",
        "Rows of the log",
        "The most rows that are kept; the oldest go first.",
        How.TYPE,
        shown=lambda value: f"{value:,}",
        question="The most rows that the log keeps",
        read=whole,
    ),
    SettingRow(
        "journal_bytes",
        "Peek and memory",
        "Memory of the log",
        "The most memory for them; the oldest go first.",
        How.TYPE,
        shown=lambda value: f"{mib(value)} MiB",
        question="The most memory for the log, in MiB",
        written=mib,
        read=bytes_of,
    ),
    SettingRow(
        "watch_dead_letters",
        "Dead letters",
        "Watch dead letters",
        "Counts them so often; a profile may say otherwise.",
        How.TYPE,
        shown=lambda value: f"every {value} s" if value else "off",
        question="Seconds between two counts of dead letters, 0 for not counting them",
        read=whole,
    ),
    SettingRow(
        "dead_letter_alert",
        "Dead letters",
        "Alert",
        "How new dead letters are told, besides a row in the log.",
        How.NEXT,
        choices=(("none", "none"), ("bell", "the terminal's bell"), ("notification", "a desktop notification")),
    ),
    SettingRow(
        "keep_drafts",
        "Bodies and headers",
        "Drafts on disk",
        "What is kept of messages you write and sent ones, for the next start.",
        How.NEXT,
        applies="with the next change of a draft",
        choices=(
            ("whole", "all of them"),
            ("30 days", "bodies for 30 days"),
            ("7 days", "bodies for 7 days"),
            ("1 day", "bodies for a day"),
            ("without bodies", "without their bodies"),
            ("not at all", "not at all"),
        ),
    ),
    SettingRow(
        "secret_names",
        "Bodies and headers",
        "Secret headers",
        "Further headers to mask; a ! before a name shows it.",
        How.TYPE,
        shown=few,
        question="Names of headers that carry secrets, with commas between them; !name for one that does not",
        written=", ".join,
        read=names_of,
    ),
    SettingRow(
        "views",
        "Bodies and headers",
        "Commands for bodies",
        "Commands of your own that show bodies, by media type.",
        How.TYPE,
        shown=few,
        question="media type = command; the body is its input. A semicolon before the next",
        written=lambda value: "; ".join(f"{kind} = {command}" for kind, command in value.items()),
        read=commands_of,
    ),
    SettingRow(
        "last_url",
        "Start",
        "Last connection",
        "A start without arguments begins with it; Enter forgets it.",
        How.FORGET,
        "from the next start",
        shown=lambda url: url or "none",
    ),
)
"""All settings, in the order in which they are shown."""
NOT_SHOWN = frozenset({"last_profile"})
"""Settings that have no row: this one is forgotten with the connection."""
