"""Artemis: a queue is watched without being touched, and nothing of that stays."""

from __future__ import annotations

import itertools
import os
import time

import pytest

from stomptui.brokers.artemis.management.client import ManagementClient, NoRight
from stomptui.brokers.artemis.peek.watching import Divert
from stomptui.brokers.registry import BROKERS
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.connection.event_queue import EventQueue
from stomptui.protocol.copies import COPY_PREFIX
from stomptui.queues.access_context import AccessContext
from tests.support.artemis_queues import (
    bodies,
    connection,
    fill,
    leftovers,
    numbered,
)
from tests.support.brokers.artemis import BEAN, Artemis

pytestmark = pytest.mark.broker("artemis")
_numbers = itertools.count()


@pytest.fixture
def name(artemis: Artemis) -> str:
    """An empty queue that no other test uses; `NAME.other` is another."""
    name = f"watching.{os.getpid()}.{next(_numbers)}"
    artemis.make_queue(name)
    artemis.make_queue(f"{name}.other")
    return name


def opened(artemis: Artemis, name: str, login: str = "guest") -> tuple[Divert, AccessContext]:
    event_queue, outlet = BlockingEventQueue(), EventQueue(lambda: None)

    def dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
        client = BlockingClient.make(connection(artemis, login), outlet, event_queue, BROKERS)
        client.open()
        return client

    context = AccessContext(dial, event_queue)
    return Divert(context, dial("watching"), name, "watch-1"), context


def copied(divert: Divert, count: int) -> list[bytes]:
    """The next copies that come."""
    found: list[bytes] = []
    while len(found) < count:
        event = divert.client.event_queue.get(10)
        assert event is not None, f"only {found}"
        found += [frame.body for frame in divert.copies(event)]
    return found


def test_a_divert_copies_what_comes_and_goes_when_the_watch_ends(artemis: Artemis, name: str) -> None:
    fill(artemis, name, [b"before"])
    divert, _ = opened(artemis, f"/queue/{name}")
    divert.open()
    fill(artemis, name, numbered(3))
    assert copied(divert, 3) == numbered(3)
    assert bodies(artemis, name) == [b"before", *numbered(3)], "the queue got everything too"
    assert leftovers(artemis)
    assert divert.close() is None
    assert leftovers(artemis) == []
    fill(artemis, name, [b"after"])
    assert artemis.depth(name) == 5
    divert.client.close()


def test_a_divert_of_an_app_that_was_killed_is_removed_by_the_next_watch(artemis: Artemis, name: str) -> None:
    killed, _ = opened(artemis, name)
    killed.open()
    killed.client.drop()
    deadline = time.monotonic() + 20
    where = f'{BEAN},component=addresses,address="{killed.name}"'
    while artemis.jolokia.read(where, "QueueNames"):
        assert time.monotonic() < deadline
    assert killed.name in artemis.jolokia.read(BEAN, "DivertNames")
    assert COPY_PREFIX in killed.warning
    divert, _ = opened(artemis, name)
    divert.open()
    assert killed.name not in leftovers(artemis)
    fill(artemis, name, [b"one"])
    assert copied(divert, 1) == [b"one"]
    assert divert.close() is None
    divert.client.close()
    assert leftovers(artemis) == []


def test_who_may_not_manage_cannot_watch_and_leaves_nothing(artemis: Artemis, name: str) -> None:
    divert, context = opened(artemis, name, "bob")
    with pytest.raises(NoRight, match="may not manage"):
        divert.open()
    with pytest.raises(NoRight):
        ManagementClient.dial(context)
    divert.client.close()
    assert leftovers(artemis) == []


def test_a_queue_that_is_not_there_cannot_be_watched(artemis: Artemis, name: str) -> None:
    divert, _ = opened(artemis, f"{name}.missing")
    with pytest.raises(Exception, match="there is no queue"):
        divert.open()
    divert.client.close()
    assert leftovers(artemis) == []
