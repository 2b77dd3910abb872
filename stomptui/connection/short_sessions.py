"""Sessions that end again and again after about the same short time, which then has a reason that comes back."""

from __future__ import annotations

SHORT = 60.0
"""Seconds; a session that lasts as long was steady."""
_ALIKE = 2.0
"""How many times as long as the others one may last and still count as about the same."""


class ShortSessions:
    """Counts them."""

    def __init__(self) -> None:
        self.in_a_row = 0
        """How many have ended alike, the last one included; 0 after one that was steady."""
        self.longest = 0.0
        """Seconds that the longest of them lasted."""
        self._shortest = 0.0
        self._what: object = None

    def ended(self, lasted: float, what: object = None) -> int:
        """A session has ended.

        Args:
            lasted: Seconds that it was up.
            what: What the others must have had too to count as alike.

        Returns:
            `in_a_row`.
        """
        if lasted >= SHORT:
            self.forget()
            return 0
        longest, shortest = max(self.longest, lasted), min(self._shortest, lasted)
        if self.in_a_row and what == self._what and longest <= _ALIKE * shortest + 0.5:
            self.in_a_row += 1
            self.longest, self._shortest = longest, shortest
        else:
            self.in_a_row, self.longest, self._shortest, self._what = 1, lasted, lasted, what
        return self.in_a_row

    def forget(self) -> None:
        """Begin to count anew."""
        self.in_a_row, self.longest = 0, 0.0
