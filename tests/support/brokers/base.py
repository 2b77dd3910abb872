"""What every broker under test can do, whatever it is made of."""

from __future__ import annotations

import abc
import contextlib
import dataclasses
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar, TypeVar

from stomptui.config.connection import Connection


class CannotFetch(Exception):
    """This machine lacks what it takes to fetch a broker; says what."""


class Broker(abc.ABC):
    """A private, throw-away broker on loopback, all its files in one folder.

    `start` returns when clients can connect; `restart` comes back with the same ports and the durable messages.
    """

    key: ClassVar[str]
    """The name of its fixture and of its marker argument."""
    title: ClassVar[str]
    """How people call it."""
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

    @classmethod
    def version(cls) -> str:
        """Which version is here, once nothing is missing; "" where `title` says it."""
        return ""

    @classmethod  # noqa: B027
    def fetch(cls) -> None:
        """Get what of it is downloaded into the cache, once; nothing for those that the system's packages bring.

        Raises:
            CannotFetch: This machine lacks what it takes.
            AssertionError: It was tried and failed.
        """

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


class ManagedBroker(Broker):
    """A broker that can be asked about its queues behind the back of STOMP.

    Counts are what the broker itself counts at the moment of the call. What a client has just caused may still be on
    its way: `wait_for` waits until it came.
    """

    logins: ClassVar[tuple[str, ...]] = ("guest",)
    """Who may log in; everybody's passcode is the login. guest may everything.

    "reader" may read from every queue that is there, and nothing else. "bob" may do all with queues and messages, and
    not manage the broker.
    """

    @abc.abstractmethod
    def make_queue(self, name: str) -> None:
        """A durable queue, empty: one of that name that is there is dropped first."""

    @abc.abstractmethod
    def drop_queue(self, name: str) -> None:
        """Remove a queue with what is in it; one that is not there is fine."""

    @abc.abstractmethod
    def counts(self, name: str) -> tuple[int, int]:
        """(waiting, delivered but not acknowledged).

        Raises:
            AssertionError: There is no queue of that name.
        """

    def depth(self, name: str) -> int:
        """How many messages are in a queue, those that are delivered but not acknowledged among them."""
        return sum(self.counts(name))

    def held(self, name: str) -> int:
        """How many messages of a queue are delivered and not acknowledged."""
        return self.counts(name)[1]

    def wait_for(self, name: str, depth: int, held: int = 0, within: float = 10.0) -> None:
        """Wait until a queue has that depth and that many are held.

        Raises:
            AssertionError: It was not so within that many seconds; says how it was at last.
        """
        deadline = time.monotonic() + within
        while (seen := self.counts(name)) != (depth - held, held):
            assert time.monotonic() < deadline, (
                f"{self.title} has {sum(seen)} in {name}, {seen[1]} of them held; expected {depth} and {held}"
            )
            time.sleep(0.02)

    def destination(self, queue: str) -> str:
        """How a queue that is there is called in SEND and SUBSCRIBE."""
        return f"/queue/{queue}"

    def connection_as(self, login: str) -> Connection:
        """A plain connection of one of `logins`."""
        assert login in self.logins, f"{self.title} has no user {login}"
        return dataclasses.replace(self.connection(), login=login, passcode=login)


def packaged(package: str, root: Path = Path("/")) -> str:
    """The version of a package of Debian, "" if it is not installed; `root` is where that Debian is."""
    if not shutil.which("dpkg-query"):
        return ""
    asked = ["dpkg-query", f"--root={root}", "-W", "-f", "${Version}", package]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


B = TypeVar("B", bound=Broker)


@contextlib.contextmanager
def running(broker: B) -> Iterator[B]:
    """Start it, and make sure that it is gone afterwards, at once: its data are thrown away anyhow."""
    try:
        broker.start()
        yield broker
    finally:
        broker.kill()
