"""The live log: it follows until the reader goes up, and then nothing moves under the reader's eyes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from stomptui.journal.entry import NoteKind, Outcome
from stomptui.journal.journal import Journal
from stomptui.ui.widgets.log import filter_steps
from stomptui.ui.widgets.log.message_log import MessageLog
from tests.journal.test_journal import batch, message
from tests.ui.waiting import until


class LogApp(App[None]):
    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self.log_widget = MessageLog(journal, lambda subscription: int(subscription) if subscription else None)
        self.told: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.log_widget

    def on_mount(self) -> None:
        self.log_widget.focus()

    def on_message_log_highlighted(self, event: MessageLog.Highlighted) -> None:
        self.told.append(event)

    def on_message_log_selected(self, event: MessageLog.Selected) -> None:
        self.told.append(event)

    def on_message_log_state_changed(self, event: MessageLog.StateChanged) -> None:
        self.told.append(event)


class Reader:
    """What a person in front of the log does and sees."""

    def __init__(self, pilot: Pilot[None], journal: Journal, log: MessageLog) -> None:
        self.pilot = pilot
        self.journal = journal
        self.log = log

    async def arrive(self, *texts: str, size: int = 0) -> None:
        if texts:
            self.journal.append_batch(batch(*[message(text, size) for text in texts]), 1e9, "1.2")
        self.log.settle()
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def wheel(self, kind: type[events.MouseScrollUp] | type[events.MouseScrollDown]) -> None:
        self.log.post_message(kind(self.log, 1, 1, 0, 0, 0, False, False, False))

    def lines(self) -> list[str]:
        """The lines on screen, as painted."""
        return [self.log.render_line(y).text.rstrip() for y in range(self.log.size.height)]

    def text(self) -> str:
        """Everything on screen, on one line."""
        return " ".join(line.strip() for line in self.lines() if line)

    def says(self, words: str) -> bool:
        """Whether the words are on screen."""
        return words in self.text()

    def seen(self) -> list[str]:
        """The last word of each line."""
        return [line.split()[-1] for line in self.lines() if line]

    @property
    def on(self) -> str:
        """The text of the row the cursor is on."""
        assert self.log.cursor is not None
        return self.journal.entry(self.log.cursor).raw.partition(b"\n\n")[2].decode()


@asynccontextmanager
async def reading(
    journal: Journal | None = None, size: tuple[int, int] = (100, 10), rows: int = 0
) -> AsyncIterator[Reader]:
    journal = Journal() if journal is None else journal
    app = LogApp(journal)
    async with app.run_test(size=size) as pilot:
        reader = Reader(pilot, journal, app.log_widget)
        await reader.arrive(*[f"m{index}" for index in range(rows)])
        yield reader


async def test_it_follows_what_comes() -> None:
    async with reading(rows=30) as reader:
        assert reader.seen() == [f"m{index}" for index in range(20, 30)]
        await reader.arrive("m30", "m31")
        await until(lambda: reader.seen()[-1] == "m31")
        await until(lambda: reader.log.following)
        await until(lambda: reader.on == "m31")


@pytest.mark.parametrize("key", ["up", "k", "pageup", "home"])
@pytest.mark.parametrize("resume", ["end", "G", "f"])
async def test_any_upward_key_ends_following_and_one_key_resumes_it(key: str, resume: str) -> None:
    async with reading(rows=30) as reader:
        await reader.press(key)
        await until(lambda: not reader.log.following)
        seen, on = reader.seen(), reader.on
        assert on == {"up": "m28", "k": "m28", "pageup": "m20", "home": "m0"}[key]
        await reader.arrive("m30", "m31", "m32")
        await until(lambda: reader.seen() == seen)
        await until(lambda: reader.on == on)
        await until(lambda: reader.log.new_count == 3)
        await reader.press(resume)
        await until(lambda: reader.log.following)
        await until(lambda: reader.seen()[-1] == "m32")
        await until(lambda: reader.log.new_count == 0)


async def test_the_wheel_ends_following_and_reaching_the_end_resumes_it() -> None:
    async with reading(rows=50) as reader:
        reader.wheel(events.MouseScrollUp)
        await reader.pilot.pause()
        await until(lambda: not reader.log.following)
        seen = reader.seen()
        await reader.arrive("m50")
        await until(lambda: reader.seen() == seen)
        for _ in range(20):
            reader.wheel(events.MouseScrollDown)
        await reader.pilot.pause()
        await until(lambda: reader.seen()[-1] == "m50")
        await until(lambda: reader.log.following)


async def test_down_to_the_last_row_resumes_following() -> None:
    async with reading(rows=30) as reader:
        await reader.press("up", "up", "down")
        await until(lambda: not reader.log.following)
        await reader.press("down")
        await until(lambda: reader.log.following)


async def test_a_click_above_the_last_row_selects_it_and_ends_following() -> None:
    async with reading(rows=30) as reader:
        await reader.pilot.click(MessageLog, offset=(20, 9))
        await until(lambda: reader.log.following)
        await reader.pilot.click(MessageLog, offset=(20, 3))
        await reader.arrive("m30")
        await until(lambda: not reader.log.following)
        await until(lambda: reader.on == "m23")
        await until(lambda: reader.seen()[3] == "m23")


async def test_the_view_stays_put_while_the_oldest_fall_off() -> None:
    """Rows under the reader's eyes stay on their lines until they themselves fall off."""
    async with reading(Journal(max_frames=200)) as reader:
        for turn in range(20):
            await reader.arrive(*[f"m{turn * 10 + index}" for index in range(10)])
        await reader.press(*["pageup"] * 9)
        seen, on = reader.seen(), reader.on
        for turn in range(20, 26):
            await reader.arrive(*[f"m{turn * 10 + index}" for index in range(10)])
        assert reader.journal.dropped > 0
        assert reader.seen() == seen
        assert reader.on == on
        for turn in range(26, 70):
            await reader.arrive(*[f"m{turn * 10 + index}" for index in range(10)])
        # What they read is gone: the oldest that is left is shown, and following has not begun by itself.
        assert reader.seen()[0] == f"m{reader.journal.first}"
        assert not reader.log.following
        await reader.press("down")
        await until(lambda: reader.log.cursor is not None and reader.log.cursor >= reader.journal.first)


async def test_pause_holds_the_view_while_the_record_goes_on() -> None:
    async with reading(rows=15) as reader:
        await reader.press("space")
        seen = reader.seen()
        await reader.arrive(*[f"p{index}" for index in range(7)])
        await until(lambda: reader.seen() == seen)
        await until(lambda: reader.log.shown == 15)
        await until(lambda: reader.log.new_count == 7)
        await until(lambda: len(reader.journal) == 22)
        await reader.press("space")
        await until(lambda: reader.seen()[-1] == "p6")
        await until(lambda: reader.log.following)


async def test_a_paused_view_can_be_read_and_survives_its_rows_falling_off() -> None:
    async with reading(Journal(max_frames=40), rows=5) as reader:
        await reader.press("space", "up", "up")
        await until(lambda: reader.on == "m2")
        for turn in range(30):
            await reader.arrive(*[f"p{turn}.{index}" for index in range(5)])
        assert "the rows shown then are gone" in reader.text()
        await reader.press("up", "down", "f")
        await until(lambda: reader.seen()[-1] == "p29.4")


async def test_clear_forgets_the_rows_and_goes_on_with_the_next() -> None:
    async with reading(rows=15) as reader:
        reader.log.clear()
        await reader.pilot.pause()
        await until(lambda: reader.seen() == [])
        await reader.arrive("after")
        await until(lambda: reader.seen() == ["after"])
        await until(lambda: reader.log.cursor == 15)


async def test_the_filter_shows_hits_only_and_takes_new_ones_in() -> None:
    async with reading(rows=300) as reader:
        reader.log.search("M29")
        await reader.pilot.pause(0.05)
        await until(lambda: reader.seen() == ["m29", *[f"m{index}" for index in range(290, 300)]][-10:])
        await until(lambda: reader.log.shown == 11)
        await reader.arrive("m301", "x-m29-x")
        await until(lambda: reader.seen()[-1] == "x-m29-x")
        await reader.press("up", "up")
        on = reader.on
        reader.log.search("")
        await reader.pilot.pause()
        await until(lambda: reader.on == on)
        await until(lambda: on in reader.seen())
        await until(lambda: reader.log.shown == 302)


async def test_a_filter_without_hits_says_so_and_keys_do_no_harm() -> None:
    async with reading(rows=30) as reader:
        reader.log.search("nothing like it")
        await until(lambda: reader.text() == "No rows contain 'nothing like it'. esc shows all", reader.lines)
        await reader.press("up", "down", "pageup", "home", "end", "enter", "v", "V", "asterisk", "left_square_bracket")
        await until(lambda: reader.log.shown == 0)
        await until(lambda: not reader.log.marks.numbers)
        await until(lambda: reader.log.marking.chosen() == [], lambda: "what is not shown is not acted on")


@pytest.mark.parametrize("keys", [(), ("up",), ("home",), ("space",), ("up", "space")])
async def test_all_rows_come_back_after_a_filter_without_hits(keys: tuple[str, ...]) -> None:
    """Following, reading, paused: the rows shown before are shown again, the cursor on the same one."""
    async with reading(rows=30) as reader:
        await reader.press(*keys)
        seen, on = reader.seen(), reader.on
        for needle in ("zzzz", "zzz", "yyyy"):
            reader.log.search(needle)
            await until(partial(reader.says, f"No rows contain '{needle}'"), reader.lines)
        reader.log.search("")
        await reader.pilot.pause()
        await until(lambda: (reader.seen(), reader.on) == (seen, on))


async def test_hits_that_come_after_a_filter_without_any_are_shown() -> None:
    async with reading(Journal(max_frames=40), rows=30) as reader:
        reader.log.search("late")
        await until(lambda: "No rows" in reader.text(), reader.lines)
        await reader.arrive("m30", "late-31", "m32")
        await until(lambda: reader.text().endswith("late-31"))
        await until(lambda: reader.on == "late-31")
        for turn in range(20):
            await reader.arrive(*[f"o{turn}.{index}" for index in range(10)])
        assert "No rows contain 'late'" in reader.text(), "it fell off"
        reader.log.clear()
        await reader.pilot.pause()
        await until(lambda: "No rows contain 'late'" in reader.text())
        reader.log.search("")
        await reader.arrive("after")
        await until(lambda: reader.seen() == ["after"])


async def test_a_filter_that_a_pause_leaves_without_rows_says_so() -> None:
    async with reading(rows=5) as reader:
        await reader.press("space")
        await reader.arrive("late")
        reader.log.search("late")
        await until(lambda: reader.text() == "No rows before the pause contain 'late'. esc shows all", reader.lines)
        await reader.press("space")
        await until(lambda: reader.seen() == ["late"])


async def test_the_cursor_goes_to_the_nearest_hit_and_a_hidden_row_is_not_acted_on() -> None:
    async with reading(rows=300) as reader:
        await reader.press("home", *["pagedown"] * 5)
        await until(lambda: reader.on == "m45")
        reader.log.search("m60")
        await until(lambda: reader.seen() == ["m60"], reader.lines)
        await until(lambda: reader.on == "m60")
        await until(lambda: reader.log.marking.chosen() == [60])
        reader.log.search("")
        await reader.pilot.pause()
        await until(lambda: reader.on == "m60")
        await until(lambda: "m60" in reader.seen())


async def test_all_hits_are_marked_once_the_filter_is_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Marking all does not wait for the search, and marks what it finds later too."""
    monkeypatch.setattr(filter_steps, "BUDGET", 0.0)
    journal = Journal()
    for turn in range(30):
        journal.append_batch(batch(message(f"needle {turn}", 70_000), message("straw", 70_000)), 0.0, "1.2")
    async with reading(journal) as reader:
        reader.log.search("needle")
        reader.log.marking.action_mark_all()
        assert not reader.log.marks.numbers
        await until(lambda: len(reader.log.marks.numbers) == 30, lambda: reader.log.marks.numbers)
        reader.log.marking.action_unmark()
        reader.log.search("straw")
        reader.log.marking.action_mark_all()
        reader.log.search("need")
        await until(lambda: not reader.log.searching)
        await until(lambda: not reader.log.marks.numbers, lambda: "of another word than that they were asked for")


async def test_a_word_that_is_long_or_hostile_is_named_as_far_as_there_is_room() -> None:
    async with reading(rows=3) as reader:
        reader.log.search("[/b]\x1b[2J" + "z" * 500)
        await until(lambda: "No rows contain '[/b]␛[2Jzzz" in reader.text(), reader.lines)
        await until(lambda: reader.text().endswith("…'. esc shows all"))


async def test_the_last_error_is_one_key_away_even_behind_a_filter_or_a_pause() -> None:
    async with reading(rows=30) as reader:
        await reader.press("space")
        reader.journal.append_batch(batch(b"ERROR\nmessage:access refused\n\nno such queue"), 1e9, "1.2")
        reader.journal.append_note(NoteKind.LOST, "nothing heard for 20 s", 1e9)
        await reader.arrive(*[f"n{index}" for index in range(30)])
        reader.log.search("m1")
        await reader.press("exclamation_mark")
        await until(lambda: reader.log.cursor == 31)
        await until(lambda: any("connection lost" in line for line in reader.lines()))
        await reader.press("left_square_bracket")
        await until(lambda: reader.log.cursor == 30)
        await until(lambda: any("ERROR" in line and "access refused: no such queue" in line for line in reader.lines()))
        await reader.press("right_square_bracket")
        await until(lambda: reader.log.cursor == 31)


async def test_an_error_that_somebody_looked_at_is_counted_no_longer() -> None:
    async with reading(rows=5) as reader:
        for text in (b"one", b"two", b"three"):
            reader.journal.append_batch(batch(b"ERROR\nmessage:%s\n\n" % text), 1e9, "1.2")
        await reader.arrive("m")
        assert reader.journal.errors.open == 3, "what passes by was not looked at"
        await reader.press("exclamation_mark")
        await until(lambda: reader.log.cursor == 7 and reader.journal.errors.open == 0)
        reader.journal.append_batch(batch(b"ERROR\nmessage:four\n\n"), 1e9, "1.2")
        await reader.arrive()
        assert reader.journal.errors.open == 1


async def test_an_error_without_a_body_has_the_columns_of_one_for_its_words() -> None:
    said = "Failed to send message to ExecutorSubscribableChannel"
    async with reading(size=(80, 10)) as reader:
        reader.journal.append_batch(batch(b"ERROR\nmessage:%s\ncontent-length:0\n\n" % said.encode()), 1e9, "1.2")
        reader.journal.append_batch(batch(b"ERROR\nmessage:no\n\nsuch queue"), 1e9, "1.2")
        await reader.arrive("hello")
        lines = reader.lines()
        assert "0 B" not in lines[0] and "empty" not in lines[0] and "emp…" not in lines[0]
        assert said[:45] in lines[0]
        assert "10 B text no: such queue" in lines[1]


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
async def test_each_line_is_as_wide_as_the_screen_and_says_what_fits(width: int) -> None:
    async with reading(size=(width, 10)) as reader:
        journal = reader.journal
        journal.append_sent(b"SEND\ndestination:/queue/test\n\nsay hi!", 1e9, "1.2", "1", 1)
        journal.append_sent(b"SEND\ndestination:/queue/test\n\nno", 1e9, "1.2", "2", 1)
        journal.append_sent("SEND\ndestination:/queue/日本語日本語日本語\n\n日本".encode() * 1, 1e9, "1.2", "3", 1)
        journal.append_note(NoteKind.LOST, "the broker closed the connection", 1e9, "detail")
        await reader.arrive("hello")
        await until(lambda: "…" in reader.lines()[0][-3:])
        journal.settle(1, "1", Outcome.confirmed(0.003))
        journal.settle(1, "2", Outcome.refused("not allowed"))
        journal.unconfirmed(1)
        await reader.arrive()
        for y in range(10):
            assert reader.log.render_line(y).cell_length == width - 2
        lines = reader.lines()
        assert "→ /queue/test" in lines[0]
        assert lines[0].endswith("✓ 3 ms" if width >= 80 else "✓")
        assert lines[1].endswith("✗ refused" if width >= 80 else "✗")
        assert lines[2].endswith("? unconfirmed" if width >= 80 else "?")
        assert "• connection" in lines[3]
        assert "← /queue/test" in lines[4]
        if width >= 80:
            assert "5 B" in lines[4]
            assert "text" in lines[4]
        if width >= 60:
            assert lines[4].endswith("hello")
            assert "say hi!" in lines[0]


async def test_nothing_off_the_wire_reaches_the_terminal_as_it_is() -> None:
    hostile = "\x1b]0;pwn\x07\x1b[2J\x9b31m\u202e[/x][bold]\u200b\x00"
    frames = [
        f"MESSAGE\ndestination:{hostile}\nsubscription:1\n\n{hostile}",
        f"ERROR\nmessage:{hostile}\n\n{hostile}",
        f"{hostile}\n\n{hostile}",
        f"RECEIPT\nreceipt-id:{hostile}\n\n",
    ]
    async with reading(size=(200, 10)) as reader:
        reader.journal.append_batch(batch(*[frame.encode() for frame in frames]), 1e9, "1.2")
        reader.journal.append_note(NoteKind.FAILED, hostile, 1e9, hostile)
        reader.journal.append_sent(frames[0].encode(), 1e9, "1.2")
        await reader.arrive()
        await until(
            lambda: (
                not [
                    mark
                    for mark in "\x1b\x07\x9b\x00\u202e\u200b\r\n\t"
                    if mark in "".join(reader.log.render_line(y).text for y in range(10))
                ]
            )
        )
        painted = "".join(reader.log.render_line(y).text for y in range(10))
        assert not [mark for mark in "\x1b\x07\x9b\x00\u202e\u200b\r\n\t" if mark in painted]
        assert "[/x]" in painted


async def test_it_says_where_the_cursor_is_and_what_was_chosen() -> None:
    async with reading(rows=30) as reader:
        app = reader.pilot.app
        assert isinstance(app, LogApp)
        await reader.press("up", "enter")
        await until(
            lambda: (
                [(type(event).__name__, event.number) for event in app.told if hasattr(event, "number")][-2:]
                == [("Highlighted", 28), ("Selected", 28)]
            )
        )
        told = [(type(event).__name__, event.number) for event in app.told if hasattr(event, "number")]
        assert told[-2:] == [("Highlighted", 28), ("Selected", 28)]


async def test_a_resize_keeps_the_rows() -> None:
    async with reading(rows=50) as reader:
        await reader.press("pageup", "pageup", "pageup")
        top = reader.seen()[0]
        await reader.pilot.resize_terminal(60, 20)
        await reader.pilot.pause()
        await until(lambda: reader.seen()[0] == top)
        await until(lambda: len(reader.seen()) == 20)
        await reader.press("f")
        await reader.pilot.resize_terminal(120, 8)
        await reader.pilot.pause()
        await until(lambda: reader.seen()[-1] == "m49")


def _sees(reader: Reader, count: int) -> bool:
    return len(reader.seen()) == count


async def test_a_terminal_that_becomes_taller_leaves_the_cursor_where_it_was() -> None:
    async with reading(rows=50) as reader:
        await reader.press("up", "up", "up")
        await reader.pilot.resize_terminal(60, 1)
        await reader.pilot.pause()
        for height in (30, 80, 10):
            await reader.pilot.resize_terminal(80, height)
            await reader.pilot.pause()
            await until(partial(_sees, reader, min(height, 50)))
            assert (reader.log.cursor, reader.log.following) == (46, False)


async def test_the_scrollbar_knows_where_the_view_is() -> None:
    async with reading(rows=500) as reader:
        bar = reader.log.vertical_scrollbar
        assert (bar.window_virtual_size, bar.position) == (500, 490)
        await reader.arrive("m500")
        await until(lambda: (bar.window_virtual_size, bar.position) == (501, 491))
        await reader.press("home")
        await until(lambda: bar.position == 0)
        reader.log.scroll_to(y=200, animate=False, immediate=True)
        await reader.pilot.pause()
        await until(lambda: not reader.log.following)
        await until(lambda: reader.seen()[0] == "m200")
        await until(lambda: bar.position == 200)
