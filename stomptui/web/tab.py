"""One tab of the browser: a process of stomptui, what it shows and what is typed into it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from stomptui.protocol.clean import clean
from stomptui.web.packets import Kind, meta, meta_values, packet, packets

log = logging.getLogger(__name__)
GRACE = 6.0
"""Seconds that a process has to return messages and to say goodbye to its broker before it is killed."""
MOST_UNREAD = 64 << 20
"""Bytes of input that a process may leave unread before its tab is ended."""
MOST_SAID = 20
"""Lines on standard error that are kept: why it could not start, or how it crashed."""
LARGEST = 1000
"""Columns and rows of a terminal at most."""
OPENED = ("http://", "https://")
"""What a link of the console may begin with."""
WHOSE_TERMINAL = (
    "TMUX",
    "STY",
    "KITTY_",
    "WEZTERM_",
    "GHOSTTY_",
    "VTE_",
    "KONSOLE_",
    "ITERM_",
    "LC_TERMINAL",
    "COLORFGBG",
)
"""Variables, or how they begin, that tell of the terminal where the server was started, which is not that of a tab."""


@dataclass(frozen=True)
class Program:
    """What is started for each tab."""

    command: Sequence[str]
    """Any user of the machine can read it: no passwords."""
    environment: Mapping[str, str]
    """What it has besides the environment of this process; only its own user can read that."""

    def environment_for(self, size: tuple[int, int]) -> dict[str, str]:
        """The environment of a process whose terminal has so many columns and rows."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(WHOSE_TERMINAL)}
        columns, rows = size
        return {
            **inherited,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TERM_PROGRAM": "stomptui-web",
            "COLUMNS": str(columns),
            "ROWS": str(rows),
            **self.environment,
        }


class Browser(Protocol):
    """What a tab is told."""

    async def show(self, data: bytes) -> None:
        """Write to its terminal."""

    async def tell(self, kind: str, value: object = None) -> None:
        """Anything else, as a kind that its page knows."""


class Tab:
    """A process, from its start to its end.

    Args:
        program: What is started.
        browser: Where it is shown.
        report: Told each line that the process writes on standard error.
    """

    def __init__(self, program: Program, browser: Browser, report: Callable[[str], object]) -> None:
        self._program = program
        self._browser = browser
        self._report = report
        self._process: asyncio.subprocess.Process | None = None
        self._said: list[str] = []
        self._ending: asyncio.Task[None] | None = None

    async def start(self, size: tuple[int, int]) -> None:
        """Start the process.

        Raises:
            OSError: It cannot be started.
        """
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            *self._program.command,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env=self._program.environment_for(size),
            # Ctrl+C and Ctrl+Z at the server's terminal are meant for the server.
            start_new_session=True,
        )

    async def run(self) -> None:
        """Show what the process writes, until it ends."""
        process = self._process
        assert process is not None and process.stdout is not None
        reading = asyncio.create_task(self._read(process.stdout))
        listening = asyncio.create_task(self._listen(process))
        ended = asyncio.create_task(process.wait())
        try:
            await asyncio.wait({reading, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                await self.stop()
            await asyncio.wait({reading, listening}, timeout=GRACE)
            if process.returncode and self._said:
                await self._tell("ended", "\n".join(self._said))
        finally:
            for task in (reading, listening, ended):
                task.cancel()

    def type(self, text: str) -> None:
        """What the terminal sends: keys, pastes, the mouse, answers."""
        self._put(packet(Kind.DATA, text.encode("utf-8", "replace")))

    def resize(self, size: tuple[int, int]) -> None:
        """The terminal has so many columns and rows now."""
        self._put(meta(type="resize", width=size[0], height=size[1]))

    def focus(self, focused: bool) -> None:
        """The terminal gets or loses the focus."""
        self._put(meta(type="focus" if focused else "blur"))

    async def stop(self) -> None:
        """End the process, as when a terminal is closed; it is killed if it does not end within `GRACE`."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._stop())
        await asyncio.shield(self._ending)

    def kill(self) -> None:
        """End the process, and what it has started, at once."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if hasattr(os, "killpg"):
                    os.killpg(self._process.pid, signal.SIGKILL)
                else:
                    self._process.kill()

    async def _stop(self) -> None:
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), GRACE)
        except asyncio.TimeoutError:
            self.kill()
            await process.wait()

    def _put(self, data: bytes) -> None:
        stdin = self._process.stdin if self._process is not None else None
        if stdin is None or stdin.is_closing():
            return
        stdin.write(data)
        if stdin.transport.get_write_buffer_size() > MOST_UNREAD:
            self._report("a tab was ended: its console did not read what was typed")
            self.kill()

    async def _read(self, stream: asyncio.StreamReader) -> None:
        async for kind, payload in packets(stream):
            await self._handle(kind, payload)

    async def _handle(self, kind: Kind, payload: bytes) -> None:
        if kind is Kind.DATA:
            await self._to_browser(self._browser.show(payload))
            return
        values = meta_values(payload)
        if values.get("type") == "bell":
            await self._tell("bell")
        elif values.get("type") == "open_url" and str(values.get("url")).startswith(OPENED):
            await self._tell("open_url", {"url": values["url"], "new_tab": True})

    async def _tell(self, kind: str, value: object = None) -> None:
        await self._to_browser(self._browser.tell(kind, value))

    async def _to_browser(self, sending: Awaitable[None]) -> None:
        # A tab that was closed meanwhile: the process is read on until it has ended.
        with contextlib.suppress(ConnectionError):
            await sending

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        """Pass on what the process says on standard error."""
        assert process.stderr is not None
        rest = b""
        while data := await process.stderr.read(4096):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._say(line)
            rest = rest[-4096:]
        self._say(rest)

    def _say(self, line: bytes) -> None:
        text = clean(line.decode("utf-8", "replace").rstrip())
        if text:
            self._said = [*self._said, text][-MOST_SAID:]
            self._report(text)


def size_of(columns: object, rows: object) -> tuple[int, int] | None:
    """A size as a browser tells it, in numbers or digits; None if it is none."""
    try:
        size = int(str(columns)), int(str(rows))
    except ValueError:
        return None
    return size if all(0 < length <= LARGEST for length in size) else None
