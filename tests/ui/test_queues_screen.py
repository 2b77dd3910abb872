"""The queues of a broker at a glance: what is read there, and that nothing moves under the cursor."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import time

import pytest
from rich.style import Style
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from stomptui.queues.listing.listing import Listing, QueueInfo, Unlisted
from stomptui.queues.listing.selected import SelectedQueue
from stomptui.ui.queue_list.choosing import QueueAction, QueueChoice
from stomptui.ui.queue_list.refreshing import Report, Start
from stomptui.ui.queue_list.screen import QueueListScreen
from stomptui.ui.widgets.queues.columns import bar_text, change_text, columns_for, count_text, rate_text
from stomptui.ui.widgets.queues.history import DepthHistory
from stomptui.ui.widgets.queues.row_painter import QueueRowPainter
from stomptui.ui.widgets.queues.rows import DEAD, QueueOrder, make_row
from tests.ui.waiting import until

SOURCE = "the embedded broker"


def queue(name: str, ready: int | None = 0, **more: object) -> QueueInfo:
    values: dict[str, object] = {"kind": "classic", "held": 0, "consumers": 0, "rate_in": 0.0, "rate_out": 0.0}
    return QueueInfo(name, f"/queue/{name}", ready=ready, **{**values, **more})  # type: ignore[arg-type]


def listing(*queues: QueueInfo, note: str = "") -> Listing:
    return Listing(queues, SOURCE, note)


class Asking:
    """Stands for the thread that asks a broker."""

    def __init__(self, tell: Callable[[Report], object]) -> None:
        self.tell = tell
        self.asked = 1
        self.stopped = False
        self.paused = False
        self.selected: list[str | None] = []

    def select(self, queue: QueueInfo | None) -> None:
        self.selected.append(queue.name if queue is not None else None)

    def again(self) -> None:
        self.asked += 1

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def stop(self) -> None:
        self.stopped = True


class Reader:
    """What a person in front of the screen does and sees."""

    def __init__(self, pilot: Pilot[None], screen: QueueListScreen, answers: list[QueueChoice | None]) -> None:
        self.pilot = pilot
        self.screen = screen
        self.answers = answers
        self.asking: Asking | None = None

    async def show(self, *queues: QueueInfo, note: str = "") -> None:
        self.screen.receive(listing(*queues, note=note))
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    @property
    def text(self) -> str:
        """Everything that can be read."""
        return "\n".join(strip.text.rstrip() for strip in self.screen._compositor.render_strips())

    @property
    def rows(self) -> list[str]:
        """The rows of the table, as painted."""
        table = self.screen._table
        lines = [table.render_line(y).text.strip() for y in range(table.size.height)]
        return [line for line in lines if line]

    @property
    def names(self) -> list[str]:
        return [row.removeprefix(DEAD).split()[0] for row in self.rows]

    @property
    def on(self) -> str:
        """The queue under the cursor, as the line below the table has it."""
        found = self.screen._table.queue
        assert found is not None
        return found.name


@asynccontextmanager
async def reading(
    *queues: QueueInfo, size: tuple[int, int] = (100, 20), start: bool = False, theme: str = "textual-dark"
) -> AsyncIterator[Reader]:
    made: list[Asking] = []

    def begin(tell: Callable[[Report], object]) -> Asking:
        made.append(Asking(tell))
        return made[-1]

    starter: Start | None = begin if start else None
    app: App[None] = App()
    answers: list[QueueChoice | None] = []
    async with app.run_test(size=size, notifications=True) as pilot:
        app.theme = theme
        screen = QueueListScreen(starter, answers.append)
        await app.push_screen(screen, answers.append)
        reader = Reader(pilot, screen, answers)
        reader.asking = made[0] if made else None
        if queues:
            await reader.show(*queues)
        yield reader


async def test_a_row_tells_depth_readers_rates_and_the_line_below_the_rest() -> None:
    async with reading(
        queue("orders", 1203, held=100, consumers=4, rate_in=12.4, rate_out=0.25, kind="quorum"),
        queue("new", None, held=None, consumers=None, rate_in=None, rate_out=None, note="exclusive"),
    ) as reader:
        assert reader.rows[1].split() == ["orders", "quorum", "1,203", "█" * 6, "100", "4", "12", "0.2", "█"]
        assert reader.rows[0].split()[2:7] == ["–", "–", "–", "–", "–"], "what is not known is no 0"
        assert "/queue/new · classic · exclusive" in reader.text
        await reader.press("down")
        await until(lambda: "/queue/orders · quorum" in reader.text)
        header = reader.text.splitlines()[0]
        assert all(part in header for part in ("Queues", "2", "1,203 ready", "100 unacked"))
        # How long ago it was is a matter of the machine.
        assert re.search(rf"{SOURCE} · (just now|\d+ \w+ ago)", reader.text)


async def test_dead_letter_queues_are_marked_and_can_be_filtered() -> None:
    async with reading(
        queue("a"), queue("graveyard", 7, dead_letters=True), queue("z.DLQ", 0, dead_letters=True)
    ) as reader:
        assert [row.startswith(DEAD) for row in reader.rows] == [True, True, False], "they come first"
        assert "1 dead-letter queue holds 7" in reader.text
        marks = [segment for y in (0, 1) for segment in reader.screen._table.render_line(y) if DEAD in segment.text]
        colours = [mark.style.color for mark in marks if mark.style]
        assert colours[0] != colours[1], "one with messages stands out more than an empty one"
        await reader.press("slash", *"dead letters", "enter")
        await until(lambda: reader.names == ["graveyard", "z.DLQ"])
        await until(lambda: "2 of 3" in reader.text)


async def test_enter_peeks_s_subscribes_and_esc_leaves() -> None:
    for keys, answer in (
        (["down", "enter"], QueueChoice(QueueAction.PEEK, "/queue/b")),
        (["s"], QueueChoice(QueueAction.SUBSCRIBE, "/queue/a")),
        (["c"], QueueChoice(QueueAction.SEND, "/queue/a")),
        (["down", "t"], QueueChoice(QueueAction.RETRY, "/queue/b")),
        (["m"], QueueChoice(QueueAction.MOVE, "/queue/a")),
        (["X"], QueueChoice(QueueAction.DELETE, "/queue/a")),
        (["D"], QueueChoice(QueueAction.DRAIN, "/queue/a")),
        (["escape"], None),
        (["q"], None),
    ):
        async with reading(queue("a"), queue("b")) as reader:
            await reader.press(*keys)
            await until(lambda: reader.answers == [answer])


async def test_a_topic_cannot_be_looked_into_but_subscribed_to() -> None:
    topic = QueueInfo("prices", "/topic/prices", "topic", consumers=3)
    async with reading(topic) as reader:
        await reader.press("enter")
        await until(lambda: reader.answers == [] and "keeps no messages" in reader.text)
        await reader.press("s")
        await until(lambda: reader.answers == [QueueChoice(QueueAction.SUBSCRIBE, "/topic/prices")])


async def test_what_stomp_cannot_name_is_not_chosen() -> None:
    async with reading(QueueInfo("a%2Fb", "", "classic")) as reader:
        await reader.press("enter", "s")
        await until(lambda: reader.answers == [] and "no name for this queue" in reader.text)


async def test_a_refresh_leaves_the_cursor_on_its_queue_and_the_queue_on_its_line() -> None:
    many = [queue(f"q{index:03}") for index in range(100)]
    async with reading(*many) as reader:
        await reader.press(*["pagedown"] * 3, "up", "up")
        on, names = reader.on, reader.names
        line = names.index(on)
        newer = [queue(f"a{index}") for index in range(7)]
        await reader.show(*newer, *[q for q in many if q.name not in ("q000", "q001")])
        await until(lambda: reader.on == on and reader.names.index(on) == line)
        await until(lambda: reader.names == names)
        await reader.show(*[q for q in many if q.name != on])
        await until(
            lambda: reader.names.index(reader.on) == line, lambda: "its queue is gone: the cursor stays where it was"
        )
        await reader.show(queue("alone"))
        await until(lambda: reader.on == "alone")


async def test_by_depth_the_deepest_come_first_and_unknown_ones_last() -> None:
    async with reading(
        queue("a", 3), queue("b", 0, held=50), queue("c", 40), queue("d", None, held=None), queue("e", 3)
    ) as reader:
        await reader.press("d")
        await until(lambda: reader.names == ["b", "c", "a", "e", "d"])
        await until(lambda: reader.on == "a", lambda: "the cursor goes with its queue")
        await until(lambda: "▾ ready" in reader.text)
        await reader.show(queue("a", 90), queue("b", 0), queue("c", 40))
        await until(lambda: reader.names == ["a", "c", "b"])
        await reader.press("n")
        await until(lambda: reader.names == ["a", "b", "c"])


async def test_the_filter_keeps_while_rows_come_and_esc_ends_it() -> None:
    async with reading(queue("orders"), queue("invoices"), queue("orders.dead", dead_letters=True)) as reader:
        await reader.press("slash", *"ORD")
        await until(lambda: reader.names == ["orders.dead", "orders"])
        await reader.press("enter")
        await reader.show(queue("orders"), queue("invoices"), queue("reorders"))
        await until(lambda: reader.names == ["orders", "reorders"])
        await reader.press("slash", "x")
        await until(lambda: "No queue name contains 'ORDx'" in reader.text)
        await reader.press("escape")
        await until(lambda: reader.names == ["invoices", "orders", "reorders"])
        await reader.press("down", "enter")
        await until(lambda: reader.answers == [QueueChoice(QueueAction.PEEK, "/queue/orders")])


async def test_the_filter_knows_letters_in_any_case_and_composition() -> None:
    async with reading(queue("größe"), queue("ΣΟΦΟΣ"), queue("e\u0301tat"), queue("other")) as reader:
        for typed, found in (("GRÖSSE", "größe"), ("σοφος", "ΣΟΦΟΣ"), ("ÉTAT", "e\u0301tat")):
            reader.screen._table.search(typed)
            await until(lambda found=found: reader.names == [found])  # type: ignore[misc]


async def test_loading_empty_failed_and_refused_are_said_in_words() -> None:
    async with reading(start=True) as reader:
        assert reader.asking is not None
        assert "Asking the broker for its queues" in reader.text
        assert "Peek" not in reader.text and "Subscribe" not in reader.text
        reader.asking.tell(Unlisted("nothing listens on h port 1"))
        await reader.pilot.pause()
        await until(
            lambda: "✗ The queues could not be listed" in reader.text and "Nothing listens on h port 1." in reader.text
        )
        assert "In the console, o opens the connection form." in reader.text
        await reader.press("r")
        await until(lambda: reader.asking is not None and reader.asking.asked == 2)
        reader.asking.tell(Unlisted("http://h:1 refused the login", "Login\x1b[2J failed", final=True))
        await reader.pilot.pause()
        await until(lambda: "http://h:1 refused the login." in reader.text and "Login␛[2J failed" in reader.text)
        await until(lambda: "not asked again automatically" in reader.text)
        reader.asking.tell(listing())
        await reader.pilot.pause()
        await until(lambda: "There are no queues." in reader.text)
        reader.asking.tell(listing(queue("a"), queue("b"), note="names only"))
        await reader.pilot.pause()
        await until(lambda: reader.names == ["a", "b"] and "Names only." in reader.text)
        await reader.press("down")
        await until(lambda: reader.on == "b", lambda: "the keys work as soon as there are rows")


async def test_a_failure_later_keeps_the_rows_and_says_they_are_old() -> None:
    async with reading(queue("a", 5), start=True) as reader:
        assert reader.asking is not None
        reader.asking.tell(Unlisted("no answer within 6 s"))
        await reader.pilot.pause()
        await until(lambda: reader.names == ["a"])
        await until(lambda: "✗ not refreshed, as of " in reader.text and "No answer within 6 s." in reader.text)
        reader.asking.tell(listing(queue("a", 6)))
        await reader.pilot.pause()
        await until(lambda: "not refreshed" not in reader.text and "No answer" not in reader.text)


async def test_what_is_told_from_another_thread_is_shown_and_leaving_stops_it() -> None:
    async with reading(start=True) as reader:
        asking = reader.asking
        assert asking is not None
        thread = threading.Thread(target=asking.tell, args=(listing(queue("a")),))
        thread.start()
        thread.join()
        await reader.pilot.pause()
        await until(lambda: reader.names == ["a"])
        await reader.press("escape")
        await until(lambda: asking.stopped)
        asking.tell(listing(queue("late")))
        await reader.pilot.pause()
        await until(lambda: reader.answers == [None])


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", [(80, 24), (60, 15), (200, 60), (40, 10), (24, 6)])
async def test_untrusted_names_are_painted_harmlessly_at_any_size(size: tuple[int, int], theme: str) -> None:
    evil = "evil[/x]\x1b[2J\u202e\nname"
    async with reading(
        queue(evil, 3, note="\x1b]0;x\x07", kind="[red]\x1b"),
        queue("名前のキュー" * 20, 10**15),
        size=size,
        theme=theme,
    ) as reader:
        assert "\x1b" not in reader.text and "\u202e" not in reader.text
        assert all(len(line) <= size[0] for line in reader.text.splitlines())
        await reader.press("d", "down", "n")
        await until(lambda: len(reader.rows) >= 1)


async def test_thousands_of_queues_are_walked_through() -> None:
    many = [queue(f"tenant.{index % 97}.service.{index}", index, note="exclusive") for index in range(10_000)]
    async with reading(*many) as reader:
        before = reader.on
        await reader.press("down")
        await until(lambda: reader.on != before)
        await reader.press("end")
        await until(lambda: "10,000" in reader.text.splitlines()[0])


@pytest.mark.parametrize(
    ("count", "cells", "text"),
    [
        (None, 5, "–"),
        (0, 5, "0"),
        (9_999, 5, "9,999"),
        (10_000, 5, "10.0k"),
        (999_949, 5, "1.0M"),
        (1_234_567, 9, "1,234,567"),
        (1_234_567_890, 9, "1.2G"),
        (10**18, 7, "1.0E"),
    ],
)
def test_counts_are_cut_to_their_column(count: int | None, cells: int, text: str) -> None:
    assert count_text(count, cells) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [(None, "–"), (0.0, "0"), (0.01, "<0.1"), (0.25, "0.2"), (9.96, "10"), (412.2, "412"), (98_300, "98.3k")],
)
def test_rates_are_short(rate: float | None, text: str) -> None:
    assert rate_text(rate, 5) == text


async def test_messages_that_nobody_reads_are_marked_and_bars_are_scaled_to_the_deepest() -> None:
    async with reading(
        queue("a.dlq", 1, dead_letters=True, consumers=0), queue("b", 8000, consumers=2), queue("c", 0, consumers=0),
        queue("d", 4000, consumers=0),
    ) as reader:  # fmt: skip
        table = reader.screen._table
        assert [len(row.split()) for row in reader.rows] == [10, 9, 7, 9], "no bar where nothing waits"
        assert [bar for row in reader.rows for bar in row.split()[:5] if set(bar) <= set("▏▌█")] == [
            "▏",
            "█" * 6,
            "█" * 3,
        ]
        colours = [
            next(segment.style.color for segment in table.render_line(y) if segment.text.strip() == text)  # type: ignore[union-attr]
            for y, text in ((0, "▏"), (1, "█" * 6), (3, "█" * 3))
        ]
        assert colours[0] != colours[1] == colours[2], "red for dead letters"
        readers = [
            [segment for segment in table.render_line(y) if segment.text == "0"][index].style
            for y, index in ((2, 2), (3, 1))
        ]
        assert readers[0] and readers[1] and readers[0].color != readers[1].color


async def test_columns_that_the_broker_does_not_fill_are_left_out_and_those_that_were_there_stay() -> None:
    async with reading(queue("a", None, held=None, consumers=None, rate_in=None, rate_out=None)) as reader:
        head = reader.screen._table.head().text.split()
        assert head == ["name", "▴", "type"]
        await reader.show(queue("a", 5, held=None, consumers=0))
        head = reader.screen._table.head().text.split()
        assert head == ["name", "▴", "type", "ready", "cons.", "in/s", "out/s", "last", "minute"]
        await reader.show(queue("a", 5, held=None, consumers=None))
        assert "cons." in reader.screen._table.head().text


async def test_it_refreshes_while_it_is_seen_and_not_when_that_was_switched_off() -> None:
    async with reading(queue("a"), start=True) as reader:
        asking = reader.asking
        assert asking is not None and not asking.paused
        over: Screen[None] = Screen()
        await reader.screen.app.push_screen(over)
        await until(lambda: asking.paused)
        over.dismiss()
        await until(lambda: not asking.paused)
        await reader.press("a")
        await until(lambda: asking.paused and "not refreshed automatically" in reader.text)
        await reader.screen.app.push_screen(over := Screen())
        over.dismiss()
        await reader.pilot.pause()
        assert asking.paused, "it stays off"
        await reader.press("r")
        assert asking.asked == 2, "the person may ask"
        await reader.press("a")
        await until(lambda: not asking.paused and "a stop refreshing" in reader.text)


async def test_depth_over_the_last_minute_and_how_it_changes_where_no_rates_are_told() -> None:
    values = {"rate_in": None, "rate_out": None}
    async with reading(queue("a", 5, **values), queue("b", 0, **values), size=(160, 20)) as reader:
        assert "in/s" in reader.screen._table.head().text, "they may come with the second answer"
        await reader.show(queue("a", 500, **values), queue("b", 0, **values))
        head = reader.screen._table.head().text
        assert "in/s" not in head and "change/s" in head and "last minute" in head
        grown, still = reader.rows
        assert "+" in grown and grown.rstrip()[-1] in "▇█"
        assert still.split()[-1] == "0"
        await reader.show(queue("a", 500, rate_in=1.5, rate_out=0.0), queue("b", 0, **values))
        head = reader.screen._table.head().text
        assert "in/s" in head and "change/s" not in head


async def test_what_is_known_of_the_selected_queue_stands_beside_the_table_where_there_is_space() -> None:
    grave = queue(
        "orders.dlq", 52, dead_letters=True, durable=True, arguments=("at most 10,000 messages", "priorities 0 to 5"),
        fed_by=("orders", "invoices"), oldest=time() - 11_530,
    )  # fmt: skip
    orders = queue("orders", 5, consumers=3, dead_letters_to="exchange dlx, key d", kind="quorum", note="exclusive")
    async with reading(grave, orders, size=(160, 20)) as reader:
        for text in (
            "classic, durable, dead letters", "none: nobody reads it", "oldest message  3 h 12 min",
            "fed by          orders, invoices", "arguments       at most 10,000", "priorities 0 to 5",
        ):  # fmt: skip
            assert text in reader.text, text
        await reader.press("down")
        await until(lambda: "dead letters to exchange dlx, key d" in reader.text and "3 h 12" not in reader.text)
        await reader.pilot.resize_terminal(109, 20)
        await until(lambda: "/queue/orders · quorum · dead letters to exchange dlx, key d · exclusive" in reader.text)
        assert "consumers       3" not in reader.text
        await reader.press("up")
        await until(lambda: "dead letters · fed by orders, invoices" in reader.text)


async def test_more_of_the_selected_queue_is_asked_for_once_and_where_it_is_shown() -> None:
    a, b = queue("a", 5, counts=(("expired", 3),)), queue("b")
    async with reading(a, b, size=(160, 20), start=True) as reader:
        asking = reader.asking
        assert asking is not None
        await reader.show(a, b)
        assert asking.selected == ["a"], "a refresh does not ask again"
        told = SelectedQueue(
            a.key, ("exchange x, key \x1b[2J",), "dlq", "nowhere: they are deleted", ("c (2 expired)",)
        )
        asking.tell(told)
        lines = (
            "expired         3",
            "dead letters to dlq",
            "fed by          c (2",
            "bindings        exchange x, key",
            "␛[2J",
        )
        await until(lambda: all(line in reader.text for line in lines))
        await reader.press("down")
        await until(lambda: asking.selected == ["a", "b"] and "bindings" not in reader.text)
        asking.tell(told)
        await reader.pilot.pause()
        assert "bindings" not in reader.text, "that was another queue"
        await reader.pilot.resize_terminal(109, 20)
        await until(lambda: asking.selected == ["a", "b", None])


def test_the_depths_of_a_minute_stand_in_their_cells() -> None:
    history = DepthHistory()
    assert history.minute("a", 6) == [0] * 6 and history.change("a") is None
    for second, depth in ((0, 10), (11, 20), (35, 30), (60, 40)):
        history.add({"a": depth, **({"b": 7} if second > 40 else {})}, 100.0 + second)
    assert history.minute("a", 6) == [10, 20, 20, 30, 30, 40]
    assert history.minute("b", 3) == [0, 0, 7]
    assert history.change("a") == 10 / 25
    history.add({"a": 0}, 162.0)
    assert history.change("a") == -20
    assert history.minute("a", 6)[-1] == 0 and history.minute("b", 3) == [0, 0, 0], "b is gone"


@pytest.mark.parametrize(
    ("change", "text"), [(None, "–"), (0.0, "0"), (0.01, "+0.1"), (-1.25, "-1.2"), (-98_300.0, "-98,300")]
)
def test_changes_are_short(change: float | None, text: str) -> None:
    assert change_text(change) == text


@pytest.mark.parametrize(
    ("count", "bar"), [(None, ""), (0, ""), (1, "▏"), (50, "██"), (100, "████"), (200, "████"), (12, "▌")]
)
def test_a_bar_is_thin_for_a_few_messages_and_full_for_the_deepest(count: int | None, bar: str) -> None:
    assert bar_text(count, 100, 4) == bar


@pytest.mark.parametrize("unknown", [(), ("held", "rate_in", "rate_out"), ("ready", "bar")])
@pytest.mark.parametrize("longest", [3, 24, 60])
def test_the_columns_fit_at_every_width_and_stand_under_their_titles(longest: int, unknown: tuple[str, ...]) -> None:
    values: dict[str, object] = {"held": 10**12, "consumers": 99_999, "rate_in": 0.2, "rate_out": 123_456.0}
    row = make_row(queue("q" * longest, 123_456_789, kind="multicast", note="of the address a.b.c", **values), None)
    for width in range(20, 251):
        columns = columns_for(width, longest, unknown=unknown)
        used = 2 + columns.name + sum(column.cells + 1 for column in columns.between)
        used += columns.note + 2 if columns.note else 0
        assert used <= width
        assert columns.name >= min(longest, 9), "the name is always there"
        painter = QueueRowPainter(columns, defaultdict(Style), DepthHistory())
        head, line = painter.head(QueueOrder.NAME).text, painter.line(row, 200_000_000).text
        assert len(head) <= width and len(line) <= width
        whole = {"multicast", row.name, row.note}
        begin = 2 + columns.name
        for column in columns.between:
            cell = line[begin + 1 : begin + 1 + column.cells].strip()
            assert line[begin] == " ", "columns do not touch"
            assert cell in whole or "…" in cell or column.field != "kind", "what is cut has a mark"
            assert head[begin + 1 : begin + 1 + column.cells].strip() == column.title, "the title stands over it"
            begin += 1 + column.cells
        assert row.name in line or "…" in line[: 2 + columns.name]
        assert not columns.note or row.note in line or line.rstrip().endswith("…")
