"""The thread that asks: at once, again, and no more when nobody wants to know."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

import pytest

from stomptui.brokers.coilmq.dialect import CoilMQ
from stomptui.brokers.spring.dialect import Spring
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import ClientError, NoAnswer, RequestRefused
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.errors import NotConnected
from stomptui.queues.listing.lister import Lister
from stomptui.queues.listing.listing import Listing, QueueInfo, QueueLister, Rates, Unlisted
from stomptui.queues.listing.selected import SelectedQueue
from tests.support.embedded import EmbeddedBroker
from tests.support.listing import asking, named

EMPTY = Listing((), "a test")


class Way(QueueLister):
    """Answers what the test says; `Way.asked` counts."""

    def __init__(self, answer: Callable[[], Listing]) -> None:
        self.answer = answer
        self.asked = 0
        self.stopped = threading.Event()
        self.closed = threading.Event()

    def ask(self) -> Listing:
        self.asked += 1
        return self.answer()

    def stop(self) -> None:
        self.stopped.set()

    def close(self) -> None:
        self.closed.set()


class Listening:
    """A lister and what it told."""

    def __init__(self, way: QueueLister, every: float) -> None:
        self.told: queue.Queue[Listing | Unlisted] = queue.Queue()
        self.lister = Lister(way, self.told.put, every)
        self.lister.start()

    def next(self) -> Listing | Unlisted:
        return self.told.get(timeout=10)

    def end(self) -> None:
        self.lister.stop()
        assert self.lister.join(10)


class WayToOne(Way):
    """Counts how often it is asked for one queue."""

    def __init__(self) -> None:
        super().__init__(lambda: EMPTY)
        self.named: list[str] = []

    def selected(self, queue: QueueInfo) -> SelectedQueue:
        self.named.append(queue.name)
        if queue.name == "bad":
            raise NoAnswer("no answer")
        return SelectedQueue(queue.key)


def test_one_queue_is_asked_for_once_it_stays_selected_and_not_with_every_refresh() -> None:
    told: queue.Queue[SelectedQueue] = queue.Queue()
    way = WayToOne()
    lister = Lister(way, lambda _: None, 0.02, told.put)
    lister.start()
    for name in ("a", "b", "bad", "c"):
        lister.select(QueueInfo(name, ""))
    assert told.get(timeout=10).key == ("queue", "c"), "not for those that were passed by"
    lister.select(QueueInfo("bad", ""))
    deadline = time.monotonic() + 10
    while way.named[-1] != "bad" or way.asked < 20:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert way.named == ["c", "bad"] and told.empty(), "what cannot be learnt is not asked for again and again"
    lister.again()
    while way.named != ["c", "bad", "bad"]:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    lister.select(None)
    lister.stop()
    assert lister.join(10)


def raising(error: Exception) -> Callable[[], Listing]:
    def answer() -> Listing:
        raise error

    return answer


def test_it_asks_at_once_and_keeps_on() -> None:
    listening = Listening(Way(lambda: EMPTY), every=0.01)
    assert [listening.next() for _ in range(3)] == [EMPTY] * 3
    listening.end()


def test_it_rests_until_it_is_asked_for() -> None:
    way = Way(lambda: EMPTY)
    listening = Listening(way, every=3600)
    listening.next()
    listening.lister.again()
    listening.next()
    assert way.asked == 2
    listening.end()
    assert way.closed.is_set()


def test_while_it_is_paused_nothing_is_asked_but_by_the_person() -> None:
    way = Way(lambda: EMPTY)
    listening = Listening(way, every=0.2)
    listening.next()
    listening.lister.pause()
    with pytest.raises(queue.Empty):
        listening.told.get(timeout=0.5)
    listening.lister.again()
    listening.next()
    with pytest.raises(queue.Empty):
        listening.told.get(timeout=0.5)
    listening.lister.resume()
    listening.next()
    listening.end()


def test_a_slow_broker_is_asked_for_a_twentieth_of_the_time_at_most() -> None:
    def answer() -> Listing:
        time.sleep(0.03)
        return EMPTY

    listening = Listening(Way(answer), every=0.01)
    listening.next()
    began = time.monotonic()
    listening.next()
    assert time.monotonic() - began >= 0.6
    listening.end()


def test_a_failure_is_told_and_it_tries_again() -> None:
    listening = Listening(Way(raising(ClientError("nothing listens there", "what it said"))), every=0.01)
    for _ in range(2):
        told = listening.next()
        assert isinstance(told, Unlisted)
        assert (told.reason, told.server_text, told.final) == ("nothing listens there", "what it said", False)
    listening.end()


def test_a_refusal_is_not_asked_for_again_by_itself() -> None:
    way = Way(raising(RequestRefused("refused the login")))
    listening = Listening(way, every=0.001)
    told = listening.next()
    assert isinstance(told, Unlisted) and told.final
    with pytest.raises(queue.Empty):
        listening.told.get(timeout=0.2)
    assert way.asked == 1
    listening.lister.again()
    listening.next()
    assert way.asked == 2
    listening.end()


def test_an_error_nobody_thought_of_is_told_too() -> None:
    listening = Listening(Way(raising(ZeroDivisionError("oops"))), every=3600)
    told = listening.next()
    assert isinstance(told, Unlisted) and "oops" in told.reason
    listening.end()


def test_after_stop_nothing_is_told_though_an_answer_still_comes() -> None:
    waiting, go = threading.Event(), threading.Event()

    def answer() -> Listing:
        waiting.set()
        assert go.wait(10)
        return EMPTY

    way = Way(answer)
    listening = Listening(way, every=0.01)
    assert waiting.wait(10)
    listening.lister.stop()
    assert way.stopped.is_set(), "what it waits for is told to end"
    go.set()
    assert listening.lister.join(10)
    assert listening.told.empty() and way.closed.is_set()


@pytest.mark.parametrize("dialect", [CoilMQ(), Spring(), Dialect()])
def test_other_brokers_say_that_they_do_not_tell(dialect: Dialect) -> None:
    with asking(Connection(), dialect) as way, pytest.raises(RequestRefused, match="no known way to tell"):
        way.ask()


def test_the_broker_in_the_box_tells_all_of_its_queues(embedded: EmbeddedBroker) -> None:
    for index in range(5):
        embedded.publish("/queue/orders", f"m{index}")
    embedded.publish("/queue/DLQ", "dead")
    with asking(Connection(port=embedded.port)) as way:
        first = named(way.ask())
        assert set(first) == {"orders", "DLQ"}
        assert first["DLQ"].dead_letters and not first["orders"].dead_letters
        orders = first["orders"]
        assert (orders.destination, orders.ready, orders.held, orders.consumers) == ("/queue/orders", 5, 0, 0)
        assert orders.rate_in is None
        for index in range(100):
            embedded.publish("/queue/orders", f"n{index}")
        second = named(way.ask())["orders"]
        assert second.ready == 105 and second.rate_in and second.rate_in > 0 and second.rate_out == 0
        assert way.ask().destinations == ["/queue/DLQ", "/queue/orders"]
    embedded.wait(lambda: embedded.clients == 0)


def test_rates_are_differences_of_counters() -> None:
    rates = Rates()
    assert rates.of({"a": (10, 5)}, now=100.0) == {"a": (None, None)}
    assert rates.of({"a": (30, 5), "new": (7, 7)}, now=110.0) == {"a": (2.0, 0.0), "new": (None, None)}
    assert rates.of({"a": (3, None)}, now=120.0) == {"a": (None, None)}
    assert rates.of({"a": (3, 4)}, now=120.0) == {"a": (None, None)}, "no time went by"


def test_destinations_for_completion_leave_out_what_stomp_cannot_name() -> None:
    queues = (QueueInfo("b", "/queue/b"), QueueInfo("x", ""), QueueInfo("a", "/topic/a", "topic"))
    assert Listing(queues, "").destinations == ["/topic/a", "/queue/b"]


@pytest.mark.parametrize(
    "error", [ValueError("too short"), KeyError("size"), UnicodeDecodeError("utf-8", b"x", 0, 1, "y")]
)
def test_a_defect_is_an_error_in_the_log_and_is_told_with_its_place(
    error: Exception, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("stomptui"), "propagate", True)
    way = Way(raising(error))
    monkeypatch.setattr(way, "close", raising(error))
    listening = Listening(way, every=3600)
    told = listening.next()
    listening.end()
    assert isinstance(told, Unlisted)
    assert told.reason.startswith(f"internal error: {type(error).__name__}")
    assert "lister.py, line" in told.reason
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert all(record.exc_info for record in caplog.records)


def test_a_broker_that_cannot_be_asked_is_no_defect(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("stomptui"), "propagate", True)
    way = Way(raising(NoAnswer("no answer")))
    monkeypatch.setattr(way, "close", raising(NotConnected("not connected")))
    listening = Listening(way, every=3600)
    told = listening.next()
    listening.end()
    assert isinstance(told, Unlisted)
    assert "internal" not in told.reason
    assert "ERROR" not in {record.levelname for record in caplog.records}
