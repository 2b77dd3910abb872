"""What every broker under test can do, whatever it is made of."""

from __future__ import annotations

import abc
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar, TypeVar

from stomptui.config.connection import Connection


class Broker(abc.ABC):
    """A private, throw-away broker on loopback, all its files in one folder.

    `start` returns when clients can connect; `restart` comes back with the same ports and the durable messages.
    """

    key: ClassVar[str]
    """The name of its fixture and of its marker argument."""
    title: ClassVar[str]
    """How people call it."""
    required: ClassVar[bool] = True
    """Whether continuous integration must have it."""
    ready_within: ClassVar[float] = 90.0
    """Seconds a cold start may take on a slow machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        """Plain STOMP over TCP."""
        self.process: subprocess.Popen[bytes] | None = None

    @classmethod
    @abc.abstractmethod
    def missing(cls) -> str:
        """What this machine lacks to run it, "" if nothing."""

    @abc.abstractmethod
    def start(self) -> None: ...

    @abc.abstractmethod
    def connection(self) -> Connection:
        """A plain connection with every right."""

    @property
    def pid(self) -> int | None:
        """The process that serves, None when it does not run."""
        return self.process.pid if self.process and self.process.poll() is None else None

    def stop(self) -> None:
        """End it the orderly way, and wait until it is gone."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it the way a power cut would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it if it runs, and start it again."""
        self.stop()
        self.start()

    @property
    def log(self) -> str:
        """What it has printed, for the message of a failure."""
        output = self.folder / "out.log"
        return output.read_text(errors="replace") if output.exists() else ""

    def _end(self, how: signal.Signals) -> None:
        pid = self.pid
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
        if self.process:
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _spawn(self, argv: list[str], environment: Mapping[str, str] | None = None) -> None:
        """Start the process in a session of its own, so that Ctrl+C in the terminal is for pytest alone."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "out.log").open("ab") as output:
            self.process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=dict(environment) if environment is not None else None,
                start_new_session=True,
            )

    def _wait_until(self, ready: Callable[[], bool]) -> None:
        """Poll until it is ready; raises AssertionError with the end of its log if it never is."""
        deadline = time.monotonic() + self.ready_within
        while not ready():
            if self.process and self.process.poll() is not None:
                raise AssertionError(f"{self.title} ended with status {self.process.returncode}:\n{self.log[-2000:]}")
            if time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"{self.title} was not ready in {self.ready_within:.0f} s:\n{self.log[-2000:]}")
            time.sleep(0.05)


B = TypeVar("B", bound=Broker)


@contextlib.contextmanager
def running(broker: B) -> Iterator[B]:
    """Start it, and make sure that it is gone afterwards, at once: its data are thrown away anyhow."""
    try:
        broker.start()
        yield broker
    finally:
        broker.kill()
