"""Writing never waits for the terminal, and what it has not taken is known."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import time
from collections.abc import Iterator

import pytest

from stomptui.ui.terminal import output as output_module
from stomptui.ui.terminal.output import TerminalOutput


class Line:
    """A terminal, the output to it, and what it was told."""

    def __init__(self) -> None:
        self.terminal, self._inside = pty.openpty()
        self.file = io.TextIOWrapper(io.FileIO(self._inside, "w", closefd=False), "utf-8")
        self.gone = self.taken = 0

    def open(self) -> TerminalOutput:
        return TerminalOutput(self.file, asyncio.get_running_loop(), self._gone, self._taken)

    def close(self) -> None:
        for file in (self.terminal, self._inside):
            try:
                os.close(file)
            except OSError:
                pass

    def hang_up(self) -> None:
        os.close(self.terminal)

    def read(self) -> bytes:
        return os.read(self.terminal, 1 << 16)

    def _gone(self) -> None:
        self.gone += 1

    def _taken(self) -> None:
        self.taken += 1


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.close()


async def test_what_is_written_is_there_at_once(line: Line) -> None:
    output = line.open()
    output.write("größe")
    output.write(", sehr")
    output.flush()
    assert line.read() == "größe, sehr".encode()
    assert not output.unwritten
    assert output.stop()


@pytest.mark.parametrize("watched", [True, False], ids=["watched by the event loop", "tried again and again"])
async def test_a_terminal_that_takes_nothing_keeps_nobody_waiting(
    line: Line, watched: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = line.open()
    if not watched:

        def refuse(*_: object) -> None:
            raise OSError("not a file to watch")

        monkeypatch.setattr(asyncio.get_running_loop(), "add_writer", refuse)
    text = "".join(f"{number:09}" for number in range(30_000))
    began = time.monotonic()
    output.write(text)
    output.flush()
    output.write("the end")
    assert time.monotonic() - began < 1
    assert output.unwritten
    taken = line.taken
    read = b""
    while not read.endswith(b"the end"):
        read += await asyncio.get_running_loop().run_in_executor(None, line.read)
    assert read.decode() == text + "the end"
    deadline = time.monotonic() + 10
    while output.unwritten:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    assert line.taken == taken + 1
    assert output.stop()


async def test_it_is_left_though_it_takes_nothing(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_module, "GRACE", 0.1)
    output = line.open()
    output.write("x" * 100_000)
    began = time.monotonic()
    assert not output.stop()
    assert time.monotonic() - began < 5
    output.write("nobody reads this")
    assert not output.unwritten


async def test_what_nobody_flushes_is_written_soon(line: Line) -> None:
    output = line.open()
    output.write("soon")
    await asyncio.sleep(0)
    assert not output.unwritten
    assert line.read() == b"soon"
    assert output.stop()


async def test_from_another_thread(line: Line) -> None:
    output = line.open()
    await asyncio.get_running_loop().run_in_executor(None, output.write, "from there")
    await asyncio.sleep(0)
    assert line.read() == b"from there"
    assert output.stop()


async def test_a_terminal_that_went_away_is_reported_once(line: Line) -> None:
    output = line.open()
    line.hang_up()
    for _ in range(2):
        output.write("hello")
        output.flush()
    assert line.gone == 1
    assert output.stop()


async def test_other_programs_still_wait_for_the_terminal(line: Line) -> None:
    output = line.open()
    assert os.get_blocking(line.file.fileno())
    assert output.stop()


async def test_a_file_that_is_no_terminal_is_written_to() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as file, os.fdopen(reading) as there:
        output = TerminalOutput(file, asyncio.get_running_loop(), lambda: None, lambda: None)
        output.write("painted")
        assert output.stop()
        file.close()
        assert there.read() == "painted"
