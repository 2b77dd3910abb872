"""What is said below the fields of the connection form: what is wrong with them, and which one the broker refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stomptui.ui.connect.rows import FieldRow

PLACE = frozenset(("url", "host", "port", "transport", "ws_path"))
"""The fields that say which server is meant: what one server answered says nothing of another."""
TOGETHER = (
    frozenset(("verify", "ca_file", "server_name", "cert_file", "key_file", "key_password")),
    frozenset(
        ("login", "passcode", "vhost", "send_host", "headers", "ws_basic", "ws_login", "ws_passcode", "ws_headers")
    ),
)
"""Fields that can make good what is said at another of them."""


class FieldProblems:
    """Says below a field what is wrong with it once the person has been there, or why the broker refused.

    One thing at a time: what the broker refused, else the first field that is wrong.

    Args:
        rows: The rows of the form by the names of their fields; they may be added later.
        wrong: What is wrong now, by the name of the field.
    """

    def __init__(self, rows: Mapping[str, FieldRow], wrong: Callable[[], Mapping[str, str]]) -> None:
        self._rows = rows
        self._wrong = wrong
        self._touched: set[str] = set()
        self._all = False
        """Whether the person has been everywhere, as who connects is taken to have."""
        self._blame: dict[str, str] = {}

    def reset(self, *touched: str) -> None:
        """Forget everything; of these fields it is said at once what is wrong."""
        self._touched, self._all, self._blame = set(touched), False, {}

    def touch(self, name: str) -> None:
        """From now on say what is wrong with a field, the next time something is shown."""
        self._touched.add(name)

    def touch_all(self) -> None:
        """From now on say whatever is wrong anywhere, and no longer what the broker refused."""
        self._all, self._blame = True, {}
        self.show()

    def has_place(self, name: str) -> bool:
        """Whether there is a field of this name, below which it can be said what is wrong."""
        return name in self._rows

    @property
    def blames(self) -> bool:
        """Whether a field still says why the broker refused."""
        return bool(self._blame)

    def blame(self, name: str, text: str) -> None:
        """Say below a field why the broker refused, until that may have changed."""
        self._blame = {name: text} if name in self._rows else {}
        self.show()
        if self._blame:
            row = self._rows[name]
            # The row is as high as its reason only after the next layout.
            row.call_after_refresh(row.call_after_refresh, row.scroll_visible, animate=False)

    def changed(self, name: str) -> None:
        """A field is different now: what the broker refused may not hold any more."""
        blamed = set(self._blame)
        if name in PLACE or name in blamed or any(name in group and blamed & group for group in TOGETHER):
            self._blame = {}
        self.show()

    def show(self) -> None:
        """Bring the rows up to date."""
        told = ((name, text) for name, text in self._wrong().items() if self._all or name in self._touched)
        wrong = ((name, text) for name, text in told if name in self._rows)
        at, said = next(iter(self._blame.items()), None) or next(wrong, ("", ""))
        for name, row in self._rows.items():
            row.say(said if name == at else "")
