"""Clients that snippets run with and that no system package brings: Spring's and @stomp/stompjs, downloaded once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support import npm
from tests.support.brokers import java
from tests.support.brokers.cache import CACHE, NOT_FETCHED, fill

SUMS = Path(__file__).with_name("snippet_clients.sha256")
"""What may be in the downloaded files, as `sha256sum` writes it."""
SPRING = "6.2.11"
REACTOR_NETTY = "1.2.10"
STOMPJS = "7.2.1"
PARTS = (
    ("org.springframework", "spring-messaging", SPRING),
    ("org.springframework", "spring-context", SPRING),
    ("io.projectreactor.netty", "reactor-netty-core", REACTOR_NETTY),
)


@dataclass(frozen=True)
class SnippetClient:
    """A client in a folder outside the checkout."""

    title: str
    home: Path
    program: str
    """What runs it."""
    number: str
    _get: Callable[[Path], None]

    def version(self) -> str:
        """Which version the snippets are run with."""
        return self.number

    def missing(self) -> str:
        """Why no snippet can be run with it, "" if one can."""
        if not shutil.which(self.program):
            return f"{self.program} is not installed"
        return "" if self.home.is_dir() else f"{self.title} is {NOT_FETCHED}"

    def fetch(self) -> None:
        """Download it, unless it is there.

        Raises:
            CannotFetch: What downloads it is not installed.
            AssertionError: It is not what it should be.
        """
        fill(self.home, self._get)


def _get_spring(folder: Path) -> None:
    dependencies = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version></dependency>"
        for group, name, version in PARTS
    )
    (folder / "pom.xml").write_text(
        "<project><modelVersion>4.0.0</modelVersion><groupId>tests</groupId><artifactId>snippet</artifactId>"
        f"<version>1</version><dependencies>{dependencies}</dependencies></project>"
    )
    java.mvn(folder, "dependency:copy-dependencies", f"-DoutputDirectory={folder}", "-DincludeScope=runtime")
    (folder / "pom.xml").unlink()
    npm.check(folder.glob("*.jar"), SUMS)


def _get_stompjs(folder: Path) -> None:
    npm.install(folder, [f"@stomp/stompjs@{STOMPJS}"], SUMS)


JAVA = SnippetClient("Spring's STOMP client", CACHE / f"spring-messaging-{SPRING}", "java", SPRING, _get_spring)
JAVASCRIPT = SnippetClient("@stomp/stompjs", CACHE / f"stompjs-{STOMPJS}", "node", STOMPJS, _get_stompjs)
CLIENTS = (JAVA, JAVASCRIPT)
