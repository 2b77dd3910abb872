"""The exit statuses of all commands, and what each of them means."""

from __future__ import annotations

import enum
import signal


class ExitStatus(enum.IntEnum):
    """How a command ended; above 128 the signal that ended it, as shells count. `meaning` is printed by `--help`."""

    meaning: str

    def __new__(cls, value: int, meaning: str = "") -> ExitStatus:
        status = int.__new__(cls, value)
        status._value_ = value
        status.meaning = meaning
        return status

    DONE = 0, "everything that was asked for was done"
    """Also a console that its user quit."""
    NOT_DONE = 1, "something was not done; the reasons are on standard error"
    """Nothing or not all was done, or stomptui crashed."""
    BAD_ARGUMENTS = 2, "the arguments cannot be used, or there is no terminal to ask on; nothing was done"
    """Found before any connection is made."""
    HUNG_UP = 129, "ended by SIGHUP: the terminal was closed"
    """128 + 1."""
    INTERRUPTED = 130, "ended by Ctrl+C (SIGINT)"
    """128 + 2."""
    TERMINATED = 143, "ended by SIGTERM"
    """128 + 15."""

    @classmethod
    def of_signal(cls, number: int) -> ExitStatus:
        """The status of a command that this signal ended; one of `config.signals.ENDING`.

        Raises:
            ValueError: No command handles that signal.
        """
        return cls(128 + signal.Signals(number))


def status_table() -> str:
    """All statuses and what they mean, one a line, as `--help` prints them."""
    return "\n".join(f"  {status.value:<5d}{status.meaning}" for status in ExitStatus)
