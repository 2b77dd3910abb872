"""The server of go-stomp, built once by Go from tests/interop/gostomp/server."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import ClassVar

from stomptui.config.connection import Connection
from tests.support.brokers.base import Broker, CannotFetch
from tests.support.brokers.cache import CACHE, NOT_FETCHED, fill
from tests.support.ports import accepts, free_port

VERSION = "3.1.0"
SOURCES = Path(__file__).parents[2] / "interop" / "gostomp" / "server"
_DIGEST = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(SOURCES.iterdir()))).hexdigest()[:12]
HOME = CACHE / f"go-stomp-{VERSION}-{_DIGEST}"
USUAL_GO = "/usr/local/go/bin/go"
"""Where those who install Go themselves have it, on the path or not."""


class GoStomp(Broker):
    """Nobody is asked for a password; queues are in memory alone, so nothing survives a restart."""

    key: ClassVar[str] = "gostomp"
    title: ClassVar[str] = f"go-stomp {VERSION}"
    ready_within: ClassVar[float] = 30.0

    def __init__(self, folder: Path, heart_beat: str = "") -> None:
        super().__init__(folder)
        self.port = free_port()
        self.heart_beat = heart_beat
        """The shortest interval that it agrees to, as Go writes durations; "" leaves it at a minute."""

    @classmethod
    def missing(cls) -> str:
        return "" if HOME.is_dir() else NOT_FETCHED

    @classmethod
    def fetch(cls) -> None:
        fill(HOME, _build)

    def start(self) -> None:
        address = f"127.0.0.1:{self.port}"
        self._spawn([str(HOME / "gostomp"), address, *([self.heart_beat] if self.heart_beat else [])])
        self._wait_until(lambda: accepts(self.port))

    def connection(self) -> Connection:
        return Connection(port=self.port, login="guest", passcode="guest")


def _build(folder: Path) -> None:
    go = shutil.which("go") or shutil.which(USUAL_GO)
    if not go:
        raise CannotFetch("go is not installed")
    done = subprocess.run(
        [go, "build", "-buildvcs=false", "-mod=readonly", "-o", str(folder / "gostomp"), "."],
        cwd=SOURCES,
        # The compiler that is there is new enough: none is downloaded.
        env={**os.environ, "GOTOOLCHAIN": "local"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
