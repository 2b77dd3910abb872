"""What other STOMP and AMQP consoles got wrong or right, each as a promise of this one.

 1. Whoever cannot keep up stops reading the socket; nothing is dropped in silence and nothing comes out of order.
 2. A frame that makes no sense is shown as its bytes, and those behind it come through; a queue is not emptied by
    being looked at.
 3. How things stand comes first: a loss is told in words at once, what was sent meanwhile is never called sent,
    what was written stays, and one key connects without waiting. Subscriptions come back, and the gap is marked.
 4. A first attempt that fails is told at once and not repeated, and what answers is called what it is.
 5. Going up ends following, one key resumes it, the view stays where it is while old rows fall off, and the newest
    row is visible while a message is open.
 6. Text of every script is typed and pasted as it is, lines included; nothing pasted is taken for a command, and
    both codes of Backspace delete.
 7. The record is bounded by bytes and by frames, and says what fell off.
 8. Sixty columns by fifteen rows show state, counters and messages.
 9. A signal leaves the terminal as it was.
10. What is measured is what was shown and that nothing was lost, never how fast a socket was emptied: see
    tests/benchmarks, which count the rows of the journal.
11. No more of a queue is in memory than was asked for ahead, however slow the screen.
"""

from __future__ import annotations

import asyncio
import time

import pytest

from stomptui.config.settings import Settings, save_settings
from stomptui.journal.entry import NoteKind
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker
from tests.ui.waiting import until

pytestmark = pytest.mark.timeless


async def test_a_burst_arrives_whole_and_in_order(embedded: EmbeddedBroker) -> None:
    count = 5_000
    async with console(embedded.port, subscribe=("/topic/burst",)) as driver:
        await driver.up()

        def burst() -> None:
            for number in range(count):
                embedded.queues.publish("/topic/burst", (), b"%d" % number)

        await asyncio.to_thread(embedded.call, burst)
        await driver.until(lambda: driver.watch().total >= count, "all of them", 30)
        bodies = [int(bytes(entry.frame.body)) for entry in driver.messages if entry.frame is not None]
        assert bodies == list(range(count))
        await driver.sees(f"{count - 1}")
        await until(lambda: not driver.app.journal.dropped)


class OneAnswer:
    """A server for one client that says CONNECTED and nothing more by itself."""

    def __init__(self) -> None:
        self.received = b""
        self.port = 0
        self._server: asyncio.Server | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._over = asyncio.Event()

    def say(self, *frames: bytes) -> None:
        assert self._writer is not None
        self._writer.write(b"".join(frame + b"\0" for frame in frames))

    def leave(self) -> None:
        """Close without a word, and listen no more."""
        assert self._server is not None and self._writer is not None
        self._server.close()
        self._writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\0")
            self._writer = writer
            self.say(b"CONNECTED\nversion:1.2\nheart-beat:0,0\n\n")
            while data := await reader.read(4096):
                self.received += data
        finally:
            self._over.set()

    async def __aenter__(self) -> OneAnswer:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self.leave()
        await asyncio.wait_for(self._over.wait(), 10)


async def test_a_bad_frame_is_shown_and_the_next_one_too() -> None:
    async with OneAnswer() as answer, console(answer.port) as driver:
        await driver.up()
        answer.say(b"MESSAGE\ndestination:/queue/odd\ncontent-length:3\n\nodd one")
        answer.say(b"MESSAGE\ndestination:/queue/odd\nmessage-id:2\nsubscription:9\n\ngood one")
        await driver.sees("odd one", "good one")
        await until(lambda: [bool(entry.odd) for entry in driver.messages] == [True, False])


async def test_a_loss_is_told_at_once_in_words(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        embedded.stop()
        await driver.until(lambda: driver.status.startswith("✗ connection lost: "), "the loss")
        await until(lambda: "; reconnecting in " in driver.status)
        await until(lambda: NoteKind.LOST in [entry.note.kind for entry in driver.entries if entry.note is not None])


async def test_what_is_sent_without_a_connection_is_not_sent_and_stays(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        embedded.stop()
        await driver.lost()
        await driver.compose("/queue/later", "keep me")
        await driver.press("f5")
        await driver.until(lambda: driver.outcome, "an outcome")
        await until(lambda: driver.outcome == "✗ not sent: there is no connection")
        await until(lambda: not any(entry.frame and entry.frame.command == "SEND" for entry in driver.entries))
        await until(lambda: driver.app.summary() == [])
        draft = driver.app.console_screen.pane.draft
        assert (draft.destination, draft.body) == ("/queue/later", "keep me")
        assert driver.app.console_screen.composing.unsent, "leaving would ask"
        embedded.start()
        embedded.call(lambda: embedded.queues.declare("later"))
        await driver.press("escape", "r")
        await driver.up()
        await driver.press("c", "f5")
        await driver.until(lambda: "confirmed in" in driver.outcome, "the receipt")
        await until(lambda: embedded.bodies("later") == [b"keep me"])


async def test_what_was_under_way_when_the_broker_went_is_unconfirmed() -> None:
    async with OneAnswer() as answer, console(answer.port) as driver:
        await driver.up()
        await driver.compose("/queue/lost", "did it arrive")
        await driver.press("f5")
        await driver.until(lambda: b"did it arrive" in answer.received, "the frame")
        await until(lambda: driver.outcome == "… sent, waiting for the broker's receipt")
        answer.leave()
        await driver.until(lambda: "whether it arrived is not known" in driver.outcome, "the outcome")
        await until(lambda: driver.outcome.startswith("? unconfirmed: "))
        await driver.sees("? unconfirmed")
        await until(lambda: any("1 sent and not confirmed" in note for note in driver.notes))


async def test_one_key_connects_without_waiting(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/back",)) as driver:
        await driver.up()
        embedded.stop()
        await driver.lost()
        link = driver.app.console_screen.console.main_connection
        assert link is not None
        link.retry_at = time.monotonic() + 3600
        embedded.start()
        await driver.press("r")
        await driver.up()
        embedded.publish("/topic/back", "and on it goes")
        await driver.sees("and on it goes", "connected again after")


async def test_an_upward_key_ends_following_although_messages_come(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/busy",)) as driver:
        await driver.up()
        for number in range(100):
            embedded.publish("/topic/busy", f"number {number}")
        await driver.sees("number 99")
        await driver.press("up", "up")
        held = driver.app.console_screen.log_view.cursor
        for number in range(100, 200):
            embedded.publish("/topic/busy", f"number {number}")
        await driver.until(lambda: "▲ reading, +100 new" in driver.header, "the count")
        await until(lambda: driver.app.console_screen.log_view.cursor == held)
        await until(lambda: "number 99" in driver.screen and "number 199" not in driver.screen)
        await driver.press("f")
        await driver.sees("number 199", "▼ following")


async def test_the_newest_row_is_visible_while_a_message_is_open(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/busy",), size=(100, 24)) as driver:
        await driver.up()
        embedded.publish("/topic/busy", "first")
        await driver.sees("first")
        await driver.press("enter")
        await driver.until(lambda: driver.app.console_screen.detail.display, "the detail")
        for number in range(60):
            embedded.publish("/topic/busy", f"number {number}")
        await driver.until(lambda: driver.watch().total == 61)
        log = driver.app.console_screen.log_view
        await driver.until(lambda: log.scroll_offset.y + log.page >= log.shown, "the newest row")
        await until(lambda: log.following)
        rows = driver.screen.splitlines()[log.region.y : log.region.bottom]
        assert any("number 59" in row for row in rows)


async def test_pasted_lines_are_no_commands(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        before = driver.app.journal.end
        await driver.paste("q\nc\ns\nx\n\x0c")
        await until(lambda: driver.app.screen is driver.app.console_screen and driver.app.is_running)
        console_screen = driver.app.console_screen
        assert driver.app.screen is console_screen and driver.app.is_running
        assert console_screen.console.connected and not console_screen.has_class("-compose")
        assert driver.app.journal.end == before
        embedded.call(lambda: embedded.queues.declare("paste"))
        await driver.press("c", *"/queue/paste", "enter")
        await driver.paste("one\ntwo 日本\né👋\n")
        await driver.until(lambda: console_screen.pane.draft.body == "one\ntwo 日本\né👋\n", "the body")
        await driver.press("f5")
        await driver.until(lambda: "confirmed in" in driver.outcome, "the receipt")
        await until(lambda: embedded.bodies("paste") == ["one\ntwo 日本\né👋\n".encode()])


async def test_both_codes_of_backspace_delete(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("c", *"/queue/abc", "ctrl+h", "backspace", "enter", *"日本é", "ctrl+h", "backspace")
        await until(
            lambda: (
                (driver.app.console_screen.pane.draft.destination, driver.app.console_screen.pane.draft.body)
                == ("/queue/a", "日")
            )
        )
        draft = driver.app.console_screen.pane.draft
        assert (draft.destination, draft.body) == ("/queue/a", "日")


async def test_what_fell_off_is_told(embedded: EmbeddedBroker) -> None:
    save_settings(Settings(journal_frames=100))
    async with console(embedded.port, subscribe=("/topic/many",)) as driver:
        await driver.up()
        for number in range(300):
            embedded.publish("/topic/many", f"number {number}")
        await driver.until(lambda: driver.watch().total == 300)
        journal = driver.app.journal
        await driver.until(lambda: f"{journal.dropped:,} oldest dropped" in driver.header, "the count")
        await until(lambda: journal.dropped >= 200)
        await driver.sees("number 299")


async def test_a_small_terminal_shows_what_matters(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/small",), size=(60, 15)) as driver:
        await driver.up()
        for number in range(30):
            embedded.publish("/topic/small", f"number {number}")
        await driver.sees("● connected", "↓", "▼ following", "number 29")
        lines = driver.screen.splitlines()
        assert len([line for line in lines if "number " in line]) >= 10, "the rows go to messages, not to boxes"
        await driver.sees(f"of {driver.app.journal.end}")
        embedded.stop()
        await driver.sees("✗ connection lost")


async def test_only_so_much_of_a_queue_is_held(embedded: EmbeddedBroker) -> None:
    for number in range(300):
        embedded.publish("/queue/deep", f"number {number}")
    async with console(embedded.port, subscribe=("/queue/deep",)) as driver:
        await driver.until(lambda: driver.messages, "the first ones")
        await driver.until(lambda: driver.watch().total == 100, "as many as were asked for ahead")
        await until(lambda: embedded.depth("deep") == (200, 100))
        await until(lambda: len(driver.messages) == 100)
