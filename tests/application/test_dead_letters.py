"""Dead letters are counted at their interval, news is told once, and a broker that does not tell is not pestered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stomptui.application.console import Console
from stomptui.application.dead_letters import watch as watching
from stomptui.application.dead_letters.news import QueueChange, alert_text, rows
from stomptui.application.dead_letters.watch import DeadLetterAnswer, DeadLetterWatch
from stomptui.brokers.registry import BROKERS
from stomptui.queues.listing.listing import Listing, QueueInfo, QueueLister, Unlisted


def dead(name: str, ready: int | None, held: int | None = 0) -> QueueInfo:
    return QueueInfo(name, f"/queue/{name}", ready=ready, held=held, dead_letters=True)


def listing(*queues: QueueInfo, note: str = "") -> Listing:
    return Listing(queues, "a test", note)


class Clock:
    """Stands for the module `time`."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


class Lister:
    """Stands for the thread that asks."""

    def __init__(self, way: object, tell: Callable[[Listing | Unlisted], object], every: float) -> None:
        self.tell = tell
        self.every = every
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Callable[[], None]:
        return lambda: self.calls.append(name)

    stopped = False


class Watched:
    """A watch, what it was told to want, and what it told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = Clock()
        self.listers: list[Lister] = []
        self.every = 0
        self.found: list[list[QueueChange]] = []
        self.reasons: list[str] = []
        monkeypatch.setattr(watching, "time", self.clock)
        monkeypatch.setattr(watching, "Lister", self._make)
        monkeypatch.setattr(BROKERS, "lister", lambda *_: None)
        self.console = SimpleNamespace(
            main_connection=None,
            connected=False,
            dialect=None,
            side_connections=SimpleNamespace(dialer=lambda *_: None),
        )
        self.watch = DeadLetterWatch(cast(Console, self.console), lambda: self.every, self._receive, self)

    def _make(self, way: object, tell: Callable[[Listing | Unlisted], object], every: float) -> Lister:
        self.listers.append(Lister(way, tell, every))
        return self.listers[-1]

    def _receive(self, answer: DeadLetterAnswer) -> None:
        self.watch.receive(answer)

    def dead_letters_changed(self, found: list[QueueChange]) -> None:
        self.found.append(found)

    def dead_letters_unknown(self, reason: str) -> None:
        self.reasons.append(reason)

    def connect(self, every: int = 30) -> Lister:
        self.every = every
        self.console.main_connection = cast(Any, SimpleNamespace(connection=SimpleNamespace(login="guest")))
        self.console.connected = True
        self.watch.follow()
        return self.listers[-1]

    def answer(self, *queues: QueueInfo, after: float = 30.0) -> None:
        self.clock.now += after
        self.listers[-1].tell(listing(*queues))

    @property
    def rows(self) -> list[str]:
        return [row for found in self.found for row in rows(found)]


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(monkeypatch)


def test_what_is_there_at_the_start_is_a_number_and_later_ones_are_news(watched: Watched) -> None:
    watched.connect()
    assert watched.watch.state == "counting"
    watched.answer(dead("errors.dlq", 9), dead("other.dlq", 3), QueueInfo("work", "/queue/work", ready=4))
    assert (watched.watch.state, watched.watch.count, watched.found) == ("known", 12, [])
    assert watched.watch.foremost == ("queue", "errors.dlq"), "the deepest"
    watched.answer(dead("errors.dlq", 9), dead("other.dlq", 3, held=1))
    assert watched.rows == ["1 new dead letter in /queue/other.dlq (4)"]
    assert watched.watch.foremost == ("queue", "other.dlq"), "the latest"
    watched.answer(dead("errors.dlq", 0), dead("other.dlq", 2))
    assert watched.rows[1:] == ["/queue/errors.dlq is empty; it held 9"], "fewer is no news, none is"
    watched.answer(dead("errors.dlq", 0), dead("new.dlq", 2))
    assert watched.rows[2:] == [
        "2 new dead letters in /queue/new.dlq (2)", "/queue/other.dlq is no longer there; it held 2"
    ]  # fmt: skip


def test_a_queue_that_becomes_one_for_dead_letters_and_one_that_is_not_counted_are_no_news(watched: Watched) -> None:
    watched.connect()
    watched.answer(QueueInfo("a", "/queue/a", ready=7), dead("b.dlq", 5))
    watched.answer(dead("a", 7), dead("b.dlq", None, None))
    watched.answer(dead("a", 7), dead("b.dlq", 5))
    assert watched.found == [] and watched.watch.count == 12


def test_news_is_told_once_an_interval_though_the_list_of_queues_asks_more_often(watched: Watched) -> None:
    lister = watched.connect()
    watched.answer(dead("a.dlq", 0))
    for count in range(1, 13):
        watched.clock.now += 2
        watched.watch.heard(listing(dead("a.dlq", count)))
        assert watched.watch.count == count, "the mark is never late"
    assert watched.found == [] and lister.calls.count("put_off") == 12
    watched.clock.now += 6
    watched.watch.heard(listing(dead("a.dlq", 13)))
    assert watched.rows == ["13 new dead letters in /queue/a.dlq (13)"]


def test_it_pauses_while_disconnected_and_what_came_meanwhile_is_news(watched: Watched) -> None:
    lister = watched.connect()
    watched.answer(dead("a.dlq", 1))
    watched.console.connected = False
    watched.watch.settle()
    lister.tell(Unlisted("nothing listens there"))
    assert lister.calls == ["start", "pause"] and watched.watch.state == "unknown" and watched.reasons == []
    watched.console.connected = True
    watched.watch.settle()
    watched.answer(dead("a.dlq", 4))
    assert lister.calls == ["start", "pause", "resume"] and watched.rows == ["3 new dead letters in /queue/a.dlq (4)"]


def test_a_broker_that_does_not_tell_is_named_once_and_asked_no_more_if_it_refused(watched: Watched) -> None:
    lister = watched.connect()
    for reason in ("no answer in time", "the connection was closed"):
        lister.tell(Unlisted(reason))
    assert watched.reasons == ["no answer in time"] and watched.watch.state == "unknown"
    watched.answer(dead("a.dlq", 1))
    assert str(watched.watch.state) == "known"
    lister.tell(Unlisted("this user may not", final=True))
    watched.watch.follow()
    assert watched.reasons[1:] == ["this user may not"] and "stop" in lister.calls and len(watched.listers) == 1
    assert watched.watch.switch() == 0 and str(watched.watch.state) == "off"
    assert watched.watch.switch() == 30 and len(watched.listers) == 2, "the person may try again"
    watched.listers[-1].tell(listing(QueueInfo("a", "/queue/a"), note="names only: set the management URL"))
    assert watched.reasons[2:] == ["names only: set the management URL"] and "stop" in watched.listers[-1].calls


def test_it_is_off_until_it_is_wanted_and_another_broker_begins_anew(watched: Watched) -> None:
    with pytest.raises(IndexError):
        watched.connect(every=0)
    assert watched.watch.state == "off"
    assert watched.watch.switch() == watching.USUAL == watched.listers[0].every
    watched.answer(dead("a.dlq", 5))
    with pytest.raises(AssertionError):
        assert watched.connect(every=0) is not watched.listers[0]
    assert watched.watch.state == "off" and "stop" in watched.listers[0].calls, "what was chosen was for that broker"
    watched.listers[0].tell(listing(dead("a.dlq", 50)))
    assert watched.watch.count == 0 and watched.found == []
    lister = watched.connect(every=60)
    watched.every = 10
    watched.watch.follow()
    assert "stop" in lister.calls and watched.listers[-1].every == 10, "settings work at once"


def test_many_changes_are_few_rows_and_one_alert() -> None:
    found = [QueueChange(f"/queue/{number}.dlq", 0, number + 1) for number in range(8)]
    assert len(rows(found)) == 6 and rows(found)[-1] == "3 more dead-letter queues changed, 21 new dead letters in all"
    assert alert_text(found, "staging") == "36 new dead letters in 8 queues on staging"
    assert alert_text(found[:1], "") == "1 new dead letter in /queue/0.dlq"
    assert alert_text([QueueChange("/queue/a", 3, 0)], "staging") == "", "that a queue was emptied can wait"


class Way(QueueLister):
    def __init__(self) -> None:
        self.asked = threading.Semaphore(0)

    def ask(self) -> Listing:
        self.asked.release()
        return listing()

    def stop(self) -> None: ...

    def close(self) -> None: ...


def test_a_lister_that_is_put_off_does_not_ask_meanwhile() -> None:
    from stomptui.queues.listing.lister import Lister as RealLister

    way = Way()
    lister = RealLister(way, lambda _: None, every=0.4)
    lister.start()
    assert way.asked.acquire(timeout=10)
    until = time.monotonic() + 1.2
    while time.monotonic() < until:
        lister.put_off()
        time.sleep(0.02)
    asked = way.asked.acquire(blocking=False)
    assert not asked or time.monotonic() > until + 0.4, "as long as others ask"
    assert way.asked.acquire(timeout=10), "and then again"
    lister.stop()
    assert lister.join(10)
