"""Raw mode: what is typed goes out byte for byte, and what the broker answers is shown beside it."""

from __future__ import annotations

import pytest

from stomptui.application import raw_exchange
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.config.environment import Environment
from stomptui.config.files.paths import state_dir
from stomptui.connection.errors import ReadOnlyError
from stomptui.journal.entry import RowKind
from stomptui.ui.console.compose_actions import ACTIONS
from stomptui.ui.raw.screen import RawScreen
from stomptui.ui.widgets.text.editor import Editor
from tests.faults import servers
from tests.faults.servers import serving
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_exchange, "QUIET", 0.3)


async def raw_mode(driver: Driver, draft: Draft) -> Editor:
    """Open raw mode with a draft."""
    await driver.up()
    await driver.press("c")
    driver.app.console_screen.pane.load(draft)
    await driver.press("ctrl+circumflex_accent")
    await driver.sees("What is to be done with this message?")
    await driver.press(*"raw", "enter")
    await driver.until(lambda: isinstance(driver.app.screen, RawScreen), "raw mode")
    editor = driver.app.screen.query_one("#raw-text", Editor)
    await driver.until(lambda: editor.has_focus, "the editor")
    return editor


def write(editor: Editor, text: str) -> None:
    """Put a text in place of what is there, as a paste does."""
    editor.replace(text, editor.document.start, editor.document.end)


def sent(driver: Driver) -> list[bytes]:
    """What the log has of what was sent raw."""
    rows = [entry for entry in driver.entries if entry.kind is RowKind.SENT]
    return [entry.raw for entry in rows if entry.session != rows[0].session and not entry.raw.startswith(b"CONNECT")]


async def test_a_frame_goes_out_as_it_is_typed_and_is_answered(embedded: EmbeddedBroker) -> None:
    queue = "/queue/raw"
    async with console(embedded.port, subscribe=(queue,)) as driver:
        editor = await raw_mode(driver, Draft(queue, [HeaderLine("a", "x:y")], "2^8"))
        assert editor.exact == f"SEND\ndestination:{queue}\na:x\\cy\nreceipt:1\ncontent-length:3\n\n2^^8^@"
        await driver.sees("Unchecked: these bytes go out as they are", "^@ is a NUL", "bytes, 1 frame")
        write(editor, f"SEND\ndestination:{queue}\nodd:\\c\nreceipt:r1\n\nhé^^^xff^@")
        await driver.press("ctrl+g")
        await driver.sees("receipt-id:r1", "Nothing more came for 0.3 s")
        await driver.until(lambda: driver.messages, "it arrived")
        assert driver.messages[0].frame is not None
        assert driver.messages[0].frame.body == "hé^".encode() + b"\xff"
        assert sent(driver) == [f"SEND\ndestination:{queue}\nodd:\\c\nreceipt:r1\n\nhé^".encode() + b"\xff"]
        # What was typed is there again.
        await driver.press("escape")
        await driver.until(lambda: not isinstance(driver.app.screen, RawScreen), "back")
        await driver.press("ctrl+circumflex_accent")
        await driver.sees("What is to be done with this message?")
        await driver.press(*"raw", "enter")
        await driver.sees("the raw frame that you left")
        await driver.press("enter")
        await driver.sees("odd:\\c")
        editor = driver.app.screen.query_one("#raw-text", Editor)
        # What is broken ends its own connection alone.
        await driver.pilot.resize_terminal(80, 24)
        main = driver.app.console_screen.console.session
        write(editor, "FOO\n\n^@")
        await driver.sees("'FOO' is no command of STOMP")
        await driver.press("ctrl+g")
        await driver.sees("message:Bad command", "Nothing more came for 0.3 s")
        write(editor, "SEND\nodd:\\t\n\n^@")
        await driver.press("ctrl+g")
        await driver.sees("The connection ended after", "message:Malformed")
        write(editor, "SEND\ndestination:/queue/raw\ntoken:hush\n\nhalf")
        await driver.sees("no NUL (^@) at the end")
        await driver.press("ctrl+g")
        await driver.sees("Nothing came for 0.3 s; the broker waits for the rest")
        assert sent(driver)[-1].endswith(b"half")
        assert len(driver.messages) == 1
        assert driver.app.console_screen.console.session is main
        await driver.press("escape")
        await driver.sees("(no NUL was sent at its end)")
        assert "hush" not in driver.screen
        assert driver.watch().state == "on"


async def test_production_asks_and_a_secret_is_shown_after_a_yes(embedded: EmbeddedBroker) -> None:
    drafts = state_dir() / "drafts"
    drafts.mkdir(parents=True)
    (drafts / "raw-99999999-left.txt").write_text("SEND\npasscode:••••••\n\nleft^@", encoding="utf-8")
    async with console(embedded.port, environment=Environment(production=True)) as driver:
        # Before anything else is waited for: it goes after a few seconds.
        await driver.until(lambda: any("raw frame that was not sent is back" in told for told in driver.told), "told")
        await driver.up()
        await driver.press("c")
        draft = Draft("/queue/raw-asked", [HeaderLine("token", "hush")], "x", receipt=False)
        driver.app.console_screen.pane.load(draft)
        await driver.press("ctrl+circumflex_accent")
        await driver.sees("What is to be done with this message?")
        await driver.press(*"raw", "enter")
        await driver.sees("the raw frame that you left")
        await driver.press("down", "enter")
        await driver.sees("Show the secrets of this draft?", "that of token")
        await driver.painted()
        await driver.press("y")
        await driver.sees("token:hush")
        await driver.press("a", "b")
        await driver.until(lambda: any("abSEND" in path.read_text("utf-8") for path in drafts.glob("*.txt")), "kept")
        await driver.press("ctrl+g")
        await driver.sees("Send these bytes unchecked, to production?")
        assert not sent(driver)
        await driver.painted()
        await driver.press("y")
        await driver.sees("message:Bad command", "Nothing more came for 0.3 s")
        assert len(sent(driver)) == 1


async def test_a_read_only_connection_has_no_raw_mode(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, environment=Environment(read_only=True)) as driver:
        await driver.up()
        action = next(each for each in ACTIONS if each.id == "raw")
        driver.app.console_screen.compose_menu.run(action)
        await driver.until(lambda: any("read-only" in told for told in driver.told), "said")
        assert driver.app.screen is driver.app.console_screen
        session = driver.app.console_screen.console.session
        assert session is not None
        with pytest.raises(ReadOnlyError):
            session.send_raw(b"ABORT\ntransaction:t\n\n\0")


def endless(peer: servers.Peer) -> None:
    """Answers a frame with what never ends, as fast as it goes."""
    peer.handshake()
    if b"flood" not in peer.frame():
        return
    while True:
        peer.send(servers.message(b"x" * 1000) * 100)


async def test_a_server_that_never_stops_answering_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_exchange, "LONGEST", 0.5)
    with serving(endless) as port:
        async with console(port) as driver:
            editor = await raw_mode(driver, Draft("/queue/q", [], "x"))
            write(editor, "SEND\nflood:1\n\n^@")
            await driver.press("ctrl+g")
            await driver.sees("Answers still came after 0.5 s")
            screen = driver.app.screen
            assert isinstance(screen, RawScreen) and screen._state is not None
            assert len(screen._state.answers) <= raw_exchange.KEPT
            assert screen._state.more
