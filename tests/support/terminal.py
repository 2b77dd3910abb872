"""A terminal that runs a program: types into it, reads its screen, and sees in which state it leaves the terminal."""

from __future__ import annotations

import re
import signal
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pexpect
import pyte

KEYS: Mapping[str, bytes] = {
    "enter": b"\r",
    "tab": b"\t",
    "shift+tab": b"\x1b[Z",
    "escape": b"\x1b",
    "space": b" ",
    "backspace": b"\x7f",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "delete": b"\x1b[3~",
    **{f"ctrl+{letter}": bytes([ord(letter) - 96]) for letter in "abcdefghijklmnopqrstuvwxyz"},
    **{f"f{n}": code for n, code in enumerate((b"\x1bOP", b"\x1bOQ", b"\x1bOR", b"\x1bOS"), 1)},
    "f5": b"\x1b[15~",
    "f6": b"\x1b[17~",
}
MODES: Mapping[str, int] = {
    "alternate screen": 1049,
    "mouse clicks": 1000,
    "mouse moves": 1003,
    "mouse in SGR form": 1006,
    "mouse in urxvt form": 1015,
    "focus reports": 1004,
    "bracketed paste": 2004,
    "in-band resize": 2048,
}
# pyte stumbles over what is newer than itself: private parameters, and questions about modes.
UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<=>][0-9;]*[A-Za-z]|\x1b\[\?[0-9;]*\$p|\x1b\[\?[0-9;]*u|\x1bP[^\x1b]*\x1b\\")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;<=>?$]*|P[^\x1b]*(?:\x1b)?|\][^\x07\x1b]*(?:\x1b)?)?$")


def lines_of(screen: pyte.Screen, columns: int | None = None) -> list[str]:
    """What each row shows, up to that many columns; pyte's own fails where half of a wide character is overwritten."""
    width = screen.columns if columns is None else columns
    return ["".join(screen.buffer[y][x].data for x in range(width)) for y in range(screen.lines)]


class Terminal:
    """Runs the program at once; used as a context, it is gone afterwards.

    Args:
        argv: The program and its arguments.
        environment: The whole environment.
        columns, rows: The size in cells.
        folder: The working folder.
    """

    def __init__(
        self,
        argv: list[str],
        environment: Mapping[str, str],
        columns: int = 120,
        rows: int = 36,
        folder: Path | None = None,
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._changed = threading.Condition()
        self._rest = b""
        self.raw = b""
        """Every byte the program has written."""
        self.ended = False
        self.child: Any = pexpect.spawn(  # type: ignore[no-untyped-call]
            argv[0],
            argv[1:],
            env=dict(environment),
            dimensions=(rows, columns),
            cwd=str(folder) if folder else None,
            encoding=None,
            timeout=None,
        )
        self._before = termios.tcgetattr(self.child.child_fd)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return int(self.child.pid)

    @property
    def text(self) -> str:
        """The screen as it is now, a line per row."""
        with self._changed:
            return "\n".join(line.rstrip() for line in lines_of(self._screen))

    @property
    def cells(self) -> list[list[Any]]:
        """What each cell shows and in which style, a list per row."""
        with self._changed:
            screen = self._screen
            return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]

    def rest(self, seconds: float = 0.4, timeout: float = 20.0) -> None:
        """Until nothing was painted for so long, or in vain."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while time.monotonic() < deadline:
                painted = len(self.raw)
                if not self._changed.wait_for(lambda: len(self.raw) > painted, seconds):  # noqa: B023
                    return

    def press(self, *keys: str) -> None:
        """Names from KEYS; any other single character is typed as it is."""
        for key in keys:
            self.child.send(KEYS.get(key) or key.encode())

    @property
    def cursor(self) -> tuple[int, str]:
        """The row of the cursor, and what is written left of it."""
        with self._changed:
            at = self._screen.cursor
            return at.y, lines_of(self._screen, at.x)[at.y]

    def press_until(self, keys: Sequence[str], there: Callable[[], bool], timeout: float = 40.0) -> None:
        """Press keys that move the focus and wait until it is there: a text typed ahead of it would miss it.

        While something is painted the cursor is everywhere, so it counts only where it rests.
        """
        self.press(*keys)
        deadline = time.monotonic() + timeout
        while True:
            self.wait_until(lambda screen: there(), f"the cursor to move by {keys}", deadline - time.monotonic())
            with self._changed:
                painted = len(self.raw)
                if not self._changed.wait_for(lambda: len(self.raw) > painted, 0.2) and there():  # noqa: B023
                    return

    def type_in(self, text: str) -> None:
        """Type the text key by key."""
        self.child.send(text.encode())

    def paste(self, text: str) -> None:
        """What a terminal sends when something is pasted (bracketed paste)."""
        self.child.send(b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        with self._changed:
            self._screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def wait_for(self, *texts: str, timeout: float = 40.0) -> str:
        """Until all the texts are on the screen at once; returns the screen."""
        return self.wait_until(lambda screen: all(text in screen for text in texts), f"{texts}", timeout)

    def wait_until_gone(self, text: str, timeout: float = 40.0) -> str:
        """Until the text is not on the screen."""
        return self.wait_until(lambda screen: text not in screen, f"{text!r} to go", timeout)

    def wait_until(self, condition: Callable[[str], bool], what: str, timeout: float = 40.0) -> str:
        """Until the screen is as wanted; fails with the screen as it is when the time is over or the program ends."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                screen = "\n".join(line.rstrip() for line in lines_of(self._screen))
                if condition(screen):
                    return screen
                left = deadline - time.monotonic()
                assert not self.ended, f"waited for {what}, but the program has ended:\n{screen}\n{self.raw[-2000:]!r}"
                assert left > 0, f"waited {timeout:.0f} s for {what}, but the screen is:\n{screen}"
                self._changed.wait(left)

    def wait_end(self, timeout: float = 40.0) -> int:
        """Until the program has ended; its exit status, or minus the signal that ended it."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while not self.ended:
                left = deadline - time.monotonic()
                assert left > 0, f"the program did not end in {timeout:.0f} s:\n{self.text}"
                self._changed.wait(left)
        self.child.wait()
        return int(self.child.exitstatus) if self.child.signalstatus is None else -int(self.child.signalstatus)

    def kill(self, how: signal.Signals) -> None:
        """Send the program a signal."""
        self.child.kill(how)

    def modes_left_on(self) -> list[str]:
        """What the program switched on in the terminal and not off again, in words; [] when it is as it was."""
        found = [name for name, mode in MODES.items() if self._last(mode) == b"h"]
        if self._last(25) == b"l":
            found.append("cursor hidden")
        if self.raw.count(b"\x1b[<u") < len(re.findall(rb"\x1b\[>\d+u", self.raw)):
            found.append("kitty keyboard")
        return found

    def line_mode_is_back(self) -> bool:
        """Whether typing is echoed and read line by line, as a shell expects."""
        now = termios.tcgetattr(self.child.child_fd)
        return now[:4] == self._before[:4]

    def after_the_screen(self) -> str:
        """What was written once the alternate screen was left: what stays for the person to read."""
        rest = self.raw.rpartition(b"\x1b[?1049l")[2]
        return re.sub(r"\x1b\[[0-9;<=>?]*[A-Za-z]", "", rest.decode("utf-8", "replace")).replace("\r\n", "\n")

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.ended:
            self.child.kill(signal.SIGKILL)
        self._reader.join(10)
        self.child.close(force=True)

    def _last(self, mode: int) -> bytes:
        found = re.findall(rb"\x1b\[\?(?:\d+;)*%d(?:;\d+)*([hl])" % mode, self.raw)
        return found[-1] if found else b""

    def _read(self) -> None:
        while True:
            try:
                data = self.child.read_nonblocking(65_536, timeout=None)
            except (pexpect.EOF, OSError, ValueError):
                break
            with self._changed:
                self.raw += data
                self._feed(data)
                self._changed.notify_all()
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def _feed(self, data: bytes) -> None:
        data = self._rest + data
        unfinished = _UNFINISHED.search(data)
        cut = unfinished.start() if unfinished else len(data)
        self._rest = data[cut:]
        self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", data[:cut]))
