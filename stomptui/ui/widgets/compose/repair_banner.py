"""Says above a draft that it takes the place of a message, and which one."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from stomptui.compose.repair import Repair
from stomptui.protocol.clean import clean
from stomptui.protocol.names import shown


class RepairBanner(Static):
    """Takes no space above a draft that repairs nothing."""

    DEFAULT_CSS = "RepairBanner { height: auto; max-height: 4; display: none; padding: 0 2; color: $text-warning; }"

    def __init__(self) -> None:
        super().__init__("", id="repair", markup=False)
        self._shown: tuple[Repair | None, bool] = (None, False)

    def show(self, repair: Repair | None, is_held: bool) -> None:
        """Say what a draft repairs.

        Args:
            repair: Which message, None for a draft that repairs nothing.
            is_held: Whether a subscription keeps it unacknowledged now.
        """
        if repair is self._shown[0] and is_held is self._shown[1]:
            return
        self._shown = repair, is_held
        self.display = repair is not None
        if repair is not None:
            self.update(Content("\n".join(clean(line) for line in lines(repair, is_held))))


def lines(repair: Repair, is_held: bool = False) -> list[str]:
    """What is said of a message that is repaired."""
    if repair.lapsed:
        return [f"⚒ {repair.lapsed_text}"]
    told = [
        f"⚒ Takes the place of message {shown(repair.id)} of {shown(repair.queue)}. The original "
        + ("stays unacked in the log" if is_held else "is in that queue again")
        + ", and is taken out once this one is confirmed."
    ]
    if not repair.origin:
        told.append("It does not say where it came from: name a destination.")
    if repair.set_aside:
        told.append(f"Set aside: {', '.join(shown(name) for name in repair.set_aside)}")
    return told
