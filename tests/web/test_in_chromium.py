"""The console in headless Chromium, on the embedded broker: connect, peek, send, a picture, nothing from elsewhere."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support import chromium
from tests.support.chromium import Chromium
from tests.support.embedded import EmbeddedBroker
from tests.support.needs import need
from tests.support.ports import free_port
from tests.support.raw import RawStomp

FIND_TERMINAL = """
Object.defineProperty(Object.prototype, "bufferedBytes", {configurable: true, set(count) {
  Object.defineProperty(this, "bufferedBytes", {value: count, writable: true, configurable: true});
  window.shownTerminal = this.terminal;
}});
window.readCopied = navigator.clipboard.readText.bind(navigator.clipboard);
"""
"""The terminal of the page is in no variable: this is the first property that is set on what owns it."""
SCREEN = """
Array.from({length: shownTerminal.rows}, (_, row) =>
  shownTerminal.buffer.active.getLine(row).translateToString(true)).join("\\n")
"""
"""The text that the terminal of the page shows."""
PASSWORD = "sesame-47"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chromium]:
    need(chromium.MISSING)
    with Chromium(tmp_path / "chromium", FIND_TERMINAL) as started:
        yield started


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker(users={"guest": PASSWORD}) as started:
        yield started


@pytest.fixture
def web(broker: EmbeddedBroker) -> Iterator[subprocess.Popen[str]]:
    """`stomptui web`, with the broker's address and password on its command line."""
    need("" if find_spec("textual_serve") else "the web extra is not installed")
    command = [sys.executable, "-m", "stomptui", "web", "--port", str(free_port())]
    url = f"stomp://guest:{PASSWORD}@{broker.host}:{broker.port}/"
    process = subprocess.Popen(
        [*command, url], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.communicate()


@pytest.mark.slow
def test_peek_copy_and_send_in_a_browser(
    browser: Chromium, broker: EmbeddedBroker, web: subprocess.Popen[str], tmp_path: Path
) -> None:
    broker.publish("/queue/letters", "written to be peeked at")
    assert web.stdout is not None
    address = web.stdout.readline().strip()
    browser.open(address)
    screen = browser.wait_for(SCREEN, "● connected")
    assert f"guest@{broker.host}:{broker.port}" in screen and PASSWORD not in screen
    (console,) = children(web.pid)
    assert PASSWORD.encode() not in Path(f"/proc/{console}/cmdline").read_bytes()

    browser.keys("p")
    browser.wait_for(SCREEN, "Peek: see what is in a queue")
    browser.keys("/queue/letters")
    browser.wait_for(SCREEN, "/queue/letters")
    browser.press("Enter", 13, text="\r")
    browser.wait_for(SCREEN, "no delivery is counted")
    browser.press("Enter", 13, text="\r")
    browser.wait_for(SCREEN, "written to be peeked at")
    browser.picture(tmp_path / "peek.png")
    assert (tmp_path / "peek.png").stat().st_size > 10_000
    browser.keys("y")
    browser.wait_for(SCREEN, "sent to the browser's clipboard")
    assert browser.value("readCopied()") == "written to be peeked at"
    browser.press("Escape", 27)
    browser.wait_for(SCREEN, "Subscriptions")

    browser.keys("c")
    browser.wait_for(SCREEN, "SEND to")
    browser.keys("/queue/letters")
    browser.wait_for(SCREEN, "destination:/queue/letters")
    browser.press("Enter", 13, text="\r")
    browser.keys("written in a browser")
    browser.wait_for(SCREEN, "written in a browser")
    browser.press("g", 71, modifiers=2)
    browser.wait_for(SCREEN, "✓ confirmed in")
    with RawStomp(broker.host, broker.port) as client:
        client.connect(passcode=PASSWORD)
        client.receipt("SUBSCRIBE", {"id": "1", "destination": "/queue/letters"})
        bodies = [client.expect("MESSAGE", subscription="1").text for _ in range(2)]
    assert bodies == ["written to be peeked at", "written in a browser"]

    browser.wait_for("document.querySelector('.notice.closed').checkVisibility()", "False")
    assert {urlsplit(request).netloc for request in browser.requests} == {urlsplit(address).netloc}
    web.send_signal(signal.SIGTERM)
    said = web.communicate(timeout=30)[1]
    assert web.returncode == 0
    assert "acts on brokers as you do" in said and "crashed" not in said
    browser.wait_for("document.querySelector('.notice.closed').checkVisibility()", "True")
    browser.wait_for("document.activeElement.id", "again")
    assert not Path(f"/proc/{console}").exists()


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
