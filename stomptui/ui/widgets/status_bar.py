"""The status bar: state of the connection, broker, user, version, heart-beats, rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from stomptui.config.environment import COLOUR_NAMES
from stomptui.journal.body import clean
from stomptui.ui.widgets.paint_styles import badge_ink, ink
from stomptui.ui.widgets.queues.rows import DEAD

LONGEST_NAME = 24
"""Cells of a profile's name that always has a place."""
LEAST_STATE = 12
"""Cells of the beginning of a state beside an end that stays."""
Health = Literal["up", "busy", "lost", "off"]
"""How the connection is: busy while it is being made, and while the broker does not answer."""
Watched = Literal["off", "counting", "known", "unknown"]
"""What is known of dead letters: nothing is wanted, nothing yet, how many they are, or that they cannot be counted."""


@dataclass(frozen=True)
class StatusFacts:
    """What the status bar shows. Plain values, so that the bar knows nothing of brokers.

    Times are seconds, heart-beats milliseconds (ours, theirs), rates frames a second.
    """

    health: Health = "off"
    state: str = "not connected"
    state_end: str = ""
    """How the state ends where that is worth more than what is before it, "" where it is not."""
    name: str = ""
    """The profile, or ""."""
    where: str = ""
    security: str = ""
    """"TLS", "TLS, not verified", or ""."""
    server: str = ""
    user: str = ""
    """Whom the server takes one for, "" where it does not say."""
    user_missed: bool = False
    """Whether that is nobody although something was sent to say who one is."""
    version: str = ""
    heart_beat: tuple[int, int] = (0, 0)
    heard_ago: float = 0.0
    beat: bool = False
    """Flips with every heart-beat received, which makes the heart blink."""
    rate_in: float = 0.0
    rate_out: float = 0.0
    transaction: str = ""
    """What there is of the transaction that is open, "" for none."""
    errors: int = 0
    watched: Watched = "off"
    dead_letters: int = 0
    """How many there were when they were counted last."""
    others: tuple[str, ...] = field(default=())
    """Other connections that live, by name."""
    read_only: bool = False
    production: bool = False
    colour: str = ""
    """The name of the colour of the environment, "" for none."""


class StatusBar(Widget):
    """Shows `StatusFacts` on one line; what matters least goes first when the terminal is narrow.

    The state and what the connection is marked with always stay: the state is cut rather than hidden.

    Args:
        read: Returns the facts as of now, for a bar that brings itself up to date every second.
    """

    class DeadLettersChosen(Message):
        """The number of dead letters was clicked."""

    COMPONENT_CLASSES = {
        "status-bar--up",
        "status-bar--busy",
        "status-bar--lost",
        "status-bar--off",
        "status-bar--name",
        "status-bar--dim",
        "status-bar--error",
        "status-bar--mark",
        *(f"status-bar--badge-{colour}" for colour in COLOUR_NAMES),
        "status-bar--warn",
    }
    DEFAULT_CSS = (
        """
    StatusBar {
        height: 1;
        background: $panel;
        color: $foreground;
        padding: 0 1;
        & > .status-bar--up { color: $text-success; }
        & > .status-bar--busy { color: $text-warning; }
        & > .status-bar--lost { color: $text-error; text-style: bold; }
        & > .status-bar--off { color: $text-muted; }
        & > .status-bar--name { text-style: bold; }
        & > .status-bar--dim { color: $text-muted; }
        & > .status-bar--error { color: $text-error; text-style: bold; }
        & > .status-bar--warn { color: $text-warning; }
        & > .status-bar--mark { color: $text-warning; text-style: bold; }
"""
        + "\n".join(
            f"& > .status-bar--badge-{colour} {{ color: $on-mark-{colour}; background: $mark-{colour}; }}"
            for colour in COLOUR_NAMES
        )
        + "}"
    )

    facts: reactive[StatusFacts] = reactive(StatusFacts())

    def __init__(self, read: Callable[[], StatusFacts] | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._read_facts = read
        self._mark = (0, 0)
        """Where the number of dead letters begins and ends."""

    def on_mount(self) -> None:
        if self._read_facts is not None:
            self._refresh_facts()
            self.set_interval(1.0, self._refresh_facts)

    def _refresh_facts(self) -> None:
        if self._read_facts is not None and self.screen.is_current:
            self.facts = self._read_facts()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and self._mark[0] <= offset.x < self._mark[1]:
            self.post_message(self.DeadLettersChosen())

    def render(self) -> Text:
        width = self.size.width
        pieces = [piece for piece in self._pieces() if piece[1]]
        while max(soon for soon, _, _ in pieces) and _length(pieces) > width:
            pieces.remove(max(pieces, key=lambda piece: piece[0]))
        over = _length(pieces) - width
        line = Text(no_wrap=True, end="")
        self._mark = (0, 0)
        for index, (soon, text, style) in enumerate(pieces):
            if index:
                line.append("  ")
            if text.startswith(DEAD):
                self._mark = (line.cell_len, line.cell_len + cell_len(text))
            if over > 0 and not soon and style == self.facts.health:
                text = self._cut(text, cell_len(text) - over)
            line.append(text, self._ink(style))
        return line

    def _cut(self, state: str, cells: int) -> str:
        """The state in so many cells: its end stays where it says when something will be done."""
        end = clean(self.facts.state_end)
        if cells - cell_len(end) - 1 < cell_len(state.partition(":")[0]):
            # What has happened comes before how often it was tried.
            end = end.partition(" (")[0]
        room = cells - cell_len(end) - 1
        if not end or room < LEAST_STATE:
            end, room = "", max(0, cells - 1)
        return set_cell_size(state, room).rstrip() + "…" + end

    def _ink(self, style: str) -> Style | None:
        if style.startswith("badge-"):
            return badge_ink(self, f"status-bar--{style}")
        return ink(self, f"status-bar--{style}") if style else None

    def _pieces(self) -> list[tuple[int, str, str]]:
        """(how soon it may go, text, style), from left to right."""
        facts = self.facts
        mark = {"up": "●", "busy": "◌", "lost": "✗", "off": "○"}[facts.health]
        up = facts.health == "up"
        badge = f"badge-{facts.colour}" if facts.colour else "mark"
        # A colour needs something to lie on.
        name = clean(facts.name) or ("" if facts.production else facts.colour)
        if facts.colour and cell_len(name) > LONGEST_NAME:
            name = set_cell_size(name, LONGEST_NAME - 1) + "…"
        return [
            (0, " PRODUCTION " if facts.production else "", badge),
            (0, f" {name} " if name and facts.colour else "", badge),
            (0, "read-only" if facts.read_only else "", "mark"),
            (0, f"{mark} {clean(facts.state)}", facts.health),
            (0, facts.transaction, "warn"),
            (1, f"✗ {facts.errors:,} errors" if facts.errors != 1 else "✗ 1 error", "error")
            if facts.errors
            else (9, "", ""),
            self._dead_letters(),
            (6, name if not facts.colour else "", "name"),
            (3, clean(facts.where), ""),
            (5, facts.security, "lost" if "not" in facts.security else "up"),
            (4, clean(facts.server), ""),
            (3, f"you are {clean(facts.user)}" if facts.user else "", "warn" if facts.user_missed else "dim"),
            (8, f"STOMP {facts.version}" if facts.version else "", "dim"),
            (7, self._heart() if up else "", self._heart_style()),
            (2, f"↓ {rate(facts.rate_in)} ↑ {rate(facts.rate_out)}" if up else "", "dim"),
            (6, "+ " + ", ".join(clean(name) for name in facts.others) if facts.others else "", "busy"),
        ]

    def _dead_letters(self) -> tuple[int, str, str]:
        """As `_pieces`; that there are none may go first."""
        facts = self.facts
        match facts.watched:
            case "off":
                return 9, "", ""
            case "counting":
                return 9, f"{DEAD} …", "dim"
            case "unknown":
                return 6, f"{DEAD} ?", "warn"
        return (1, f"{DEAD} {facts.dead_letters:,} dead", "error") if facts.dead_letters else (9, f"{DEAD} 0", "dim")

    def _heart(self) -> str:
        ours, theirs = self.facts.heart_beat
        if not ours and not theirs:
            return "no heart-beat"
        late = self._late()
        heart = "♥" if self.facts.beat else "♡"
        text = f"{heart} {_seconds(ours)}/{_seconds(theirs)}"
        return f"{text} late {late:.0f} s" if late else text

    def _late(self) -> float:
        """Seconds the broker's heart-beat is overdue, 0 when it is not: healthy brokers leave gaps of two intervals."""
        theirs = self.facts.heart_beat[1] / 1000
        return self.facts.heard_ago - theirs if theirs and self.facts.heard_ago > theirs * 2.5 else 0

    def _heart_style(self) -> str:
        if self.facts.heart_beat == (0, 0):
            return "dim"
        return "lost" if self._late() else "up"


def _length(pieces: Sequence[tuple[int, str, str]]) -> int:
    """Cells of pieces with two between them."""
    return sum(cell_len(text) + 2 for _, text, _ in pieces) - 2


def _seconds(milliseconds: int) -> str:
    if not milliseconds:
        return "–"
    return f"{milliseconds / 1000:g}s"


def rate(value: float) -> str:
    """A rate as people read it: `0/s`, `3.2/s`, `412/s`, `98.3k/s`."""
    if value >= 10_000:
        return f"{value / 1000:,.1f}k/s"
    return f"{value:,.1f}/s" if 0 < value < 10 else f"{value:,.0f}/s"
