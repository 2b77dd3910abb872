"""What came of an attempt to connect: the reason in plain words, and what the server said."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.widgets import Static

from stomptui.protocol.clean import clean
from stomptui.protocol.server_words import LEAD

LONGEST_TEXT = 4000
"""Characters of a server's words that are shown here; an HTTP server can answer with a whole page."""


class ConnectOutcome(VerticalScroll, can_focus=False):
    """One line of ours and any number of the server's; hidden while there is nothing to say."""

    def __init__(self) -> None:
        self._said = Static("", id="said", markup=False)
        self._server_said = Static("", id="server-said", markup=False)
        super().__init__(self._said, self._server_said, id="outcome")

    def say(self, text: str, server_text: str = "", *, bad: bool = False, good: bool = False) -> None:
        """Show a text; "" hides everything. What the server said may hold anything."""
        said = server_text.strip()
        shown = f"{LEAD.capitalize()}{said}" if said else ""
        rest = len(shown) - LONGEST_TEXT
        lines = [clean(line) for line in shown[:LONGEST_TEXT].splitlines()]
        if rest > 0:
            lines.append(f"… and {rest:,} more characters")
        self._said.update(clean(text))
        self._server_said.update("\n".join(lines))
        self._server_said.display = bool(shown)
        self.display = bool(text)
        self.set_class(bad, "-bad")
        self.set_class(good, "-good")
        self.scroll_home(animate=False)
