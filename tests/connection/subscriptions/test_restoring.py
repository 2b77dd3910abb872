"""What costs deliveries is not subscribed to again by itself after a connection was lost."""

from __future__ import annotations

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.connection.dialect.base import AckMode, ReadMode
from stomptui.connection.events import Lost, Received, Subscribed, SubscribeFailed
from stomptui.connection.subscriptions.delivery_limit import ASSUMED, UNCOUNTED, Deliveries
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.protocol.marker import Batch
from tests.connection.test_reconnect import Bench

QUORUM = Deliveries(True, 5, kind="quorum")


@pytest.fixture
def bench() -> Bench:
    return Bench()


def lose(bench: Bench, dialect: str = "rabbitmq", **lost: object) -> None:
    """The connection breaks and comes back."""
    bench.link.handle(Lost(bench.session.number, 1010.0, "the broker closed the connection", **lost))  # type: ignore[arg-type]
    bench.wait_for_retry()
    bench.connected(dialect)


def deliver(bench: Bench, watch: WantedSubscription, count: int | None = None) -> None:
    """A message comes whose earlier deliveries were counted so far."""
    counted = "" if count is None else f"x-delivery-count:{count}\n"
    raw = f"MESSAGE\nsubscription:{watch.wire_id}\nmessage-id:1\n{counted}\nhi".encode()
    bench.link.handle(Received(bench.session.number, 0.0, Batch.of([raw]), {watch.wire_id: 1}))


@pytest.mark.parametrize(
    ("mode", "ack"), [("hold", None), ("work", None), ("work", "client"), (None, "client"), (None, "client-individual")]
)
def test_what_keeps_messages_of_a_queue_that_counts_waits_for_the_person(
    bench: Bench, mode: ReadMode | None, ack: AckMode | None
) -> None:
    watch = WantedSubscription("/queue/a", mode, ack, deliveries=QUORUM)
    bench.up(watch)
    deliver(bench, watch, 2)
    lose(bench)
    assert bench.session.subscribed == []
    assert watch.state_text == "not restored: each delivery counts (3 of 5 used)"
    assert ("gap", f"/queue/a is not restored: {watch.error}; resume it to have it back") in bench.notes
    lose(bench)
    assert bench.session.subscribed == [], "nor after the next one"
    assert watch.state_text == "not restored: each delivery counts (3 of 5 used)", "nothing was delivered meanwhile"
    bench.link.resume(watch.key)
    assert [spec.destination for spec in bench.session.subscribed] == ["/queue/a"]
    assert watch.state_text == "asking"
    lose(bench)
    assert watch.state == "not restored", "each time anew"


@pytest.mark.parametrize(
    ("watch", "dialect"),
    [
        (WantedSubscription("/topic/a"), "rabbitmq"),
        (WantedSubscription("/queue/a", "consume", deliveries=QUORUM), "rabbitmq"),
        (WantedSubscription("/queue/a", "work", deliveries=Deliveries(False, kind="classic")), "rabbitmq"),
        (WantedSubscription("/queue/a", "work", headers=(("x-queue-type", "stream"),)), "rabbitmq"),
        (WantedSubscription("/queue/a", "work"), "embedded"),
        (WantedSubscription("/queue/a", "hold"), "activemq"),
        (WantedSubscription("/queue/a", "consume"), "activemq"),
    ],
)
def test_what_costs_nothing_comes_back_by_itself(bench: Bench, watch: WantedSubscription, dialect: str) -> None:
    bench.link.open()
    bench.connected(dialect)
    bench.link.add(watch)
    lose(bench, dialect)
    assert len(bench.session.subscribed) == 1


@pytest.mark.parametrize("dialect", ["activemq", "artemis", "unknown", "rabbitmq"])
def test_what_is_not_known_to_be_free_is_taken_to_count(bench: Bench, dialect: str) -> None:
    bench.link.open()
    bench.connected(dialect)
    watch = bench.link.add(WantedSubscription("/queue/a", "work"))
    lose(bench, dialect)
    assert (watch.state, bench.session.subscribed) == ("not restored", [])


def test_activemq_1_0_keeps_what_it_cannot_browse(bench: Bench) -> None:
    from stomptui.connection.events import Connected

    bench.link.open()
    bench.link.handle(Connected(1, 1000.0, "1.0", "", "activemq", (0, 0)))
    watch = bench.link.add(WantedSubscription("/queue/a", "hold"))
    assert watch.reading is not None and watch.reading.holds
    lose(bench, "activemq")
    assert watch.state == "not restored"


def test_the_first_connection_subscribes_whatever_it_costs(bench: Bench) -> None:
    watch = bench.link.add(WantedSubscription("/queue/a", "work", deliveries=QUORUM))
    bench.link.open()
    bench.connected()
    assert watch.state == "asking"
    late = WantedSubscription("/queue/b", "work", deliveries=QUORUM)
    bench.lost()
    bench.link.add(late)
    bench.wait_for_retry()
    bench.connected()
    assert (watch.state, late.state) == ("not restored", "asking"), "what was never asked for was never delivered"


def test_it_is_found_out_while_all_is_well(bench: Bench) -> None:
    asked: list[str] = []
    bench.link = type(bench.link)(
        bench.link.connection,
        bench.make,
        BROKERS,
        lambda: bench.now,
        bench.note,
        lambda: 0.5,
        lambda w: asked.append(w.label),
    )
    watch = WantedSubscription("/queue/a", "work")
    bench.up(watch, WantedSubscription("/topic/b"), WantedSubscription("/queue/c", "consume"))
    for each in bench.link.wanted:
        bench.link.handle(Subscribed(1, 0.0, each.wire_id, 0.01))
    assert asked == ["/queue/a"]
    lose(bench)
    assert watch.state_text == "not restored: whether each delivery counts is being found out"
    bench.link.deliveries_found(watch.key, UNCOUNTED)
    assert watch.state_text == "asking", "it costs nothing after all"


def test_what_was_found_out_late_is_said(bench: Bench) -> None:
    watch = WantedSubscription("/queue/a", "work")
    bench.up(watch)
    deliver(bench, watch)
    lose(bench)
    bench.link.deliveries_found(watch.key, QUORUM)
    assert watch.state_text == "not restored: each delivery counts (1 of 5 used)"
    assert bench.session.subscribed == []


def test_what_is_used_up_is_said_as_far_as_it_is_known() -> None:
    assert QUORUM.used(0) == "0 of 5 used"
    assert Deliveries(True, 20, certain=False).used(3) == "3 of 20 used, if no policy sets another limit"
    assert Deliveries(True, 10).used(2, at_least=True) == "at least 2 of 10 used"
    assert ASSUMED.used(2) == "2 used, of an unknown limit"
    assert ASSUMED.used(0) == "of an unknown limit"


class TestOverOurLimit:
    @pytest.mark.parametrize("mode", ["hold", "work", "consume"])
    def test_what_brought_it_waits_for_the_person(self, bench: Bench, mode: ReadMode) -> None:
        culprit, other = (
            WantedSubscription("/queue/a", mode, deliveries=UNCOUNTED),
            WantedSubscription("/queue/b", deliveries=UNCOUNTED),
        )
        bench.up(culprit, other)
        lose(bench, over_limit=True, over_limit_of=culprit.wire_id)
        assert culprit.state_text == "not restored: a frame over our own limit came by it, or may have"
        assert [spec.destination for spec in bench.session.subscribed] == ["/queue/b"]
        lose(bench)
        assert culprit.state_text.startswith("not restored"), "nor after the next one, whatever that ended by"
        bench.link.deliveries_found(culprit.key, UNCOUNTED)
        assert culprit.state_text.startswith("not restored")
        bench.link.resume(culprit.key)
        assert culprit.state_text == "asking"
        lose(bench)
        assert culprit.state_text == "asking", "a connection that just breaks says nothing about frames"

    def test_where_it_is_not_known_which_none_of_a_queue_comes_back(self, bench: Bench) -> None:
        watches = [
            WantedSubscription("/queue/a", deliveries=UNCOUNTED),
            WantedSubscription("/queue/b", "consume"),
            WantedSubscription("/topic/c"),
        ]
        bench.up(*watches)
        lose(bench, over_limit=True)
        assert [watch.state for watch in watches] == ["not restored", "not restored", "asking"]

    def test_a_topic_has_lost_it_and_comes_back(self, bench: Bench) -> None:
        topic, queue = WantedSubscription("/topic/a"), WantedSubscription("/queue/b", deliveries=UNCOUNTED)
        bench.up(topic, queue)
        lose(bench, over_limit=True, over_limit_of=topic.wire_id)
        assert [topic.state, queue.state] == ["asking", "asking"]


def test_leaving_and_coming_back_by_hand_is_free_only_where_unsubscribing_is(bench: Bench) -> None:
    bench.link.open()
    bench.connected()
    watch = bench.link.add(WantedSubscription("/queue/a", "work", deliveries=QUORUM))
    bench.link.stop()
    bench.lost(wanted=True)
    bench.link.retry_now()
    bench.connected()
    assert watch.state == "not restored"


THERE = Deliveries(False, kind="classic", exists=True)


@pytest.mark.parametrize("mode", ["hold", "work", "consume"])
@pytest.mark.parametrize(
    ("destination", "deliveries", "headers", "sent"),
    [
        ("/queue/a", THERE, (), "/amq/queue/a"),
        ("a", THERE, (), "/amq/queue/a"),
        ("/queue/a%2Fb", THERE, (), "/amq/queue/a%2Fb"),
        ("/amq/queue/a", THERE, (), "/amq/queue/a"),
        ("/queue/a", UNCOUNTED, (), "/queue/a"),
        ("/queue/a", THERE, (("x-message-ttl", "60000"),), "/queue/a"),
        ("/queue/a", THERE, (("prefetch-count", "3"),), "/amq/queue/a"),
    ],
)
def test_a_queue_that_is_there_is_not_declared(
    bench: Bench,
    destination: str,
    deliveries: Deliveries,
    headers: tuple[tuple[str, str], ...],
    sent: str,
    mode: ReadMode,
) -> None:
    watch = WantedSubscription(destination, mode, headers=headers, deliveries=deliveries)
    bench.up(watch)
    assert [spec.destination for spec in bench.session.subscribed] == [sent]
    assert watch.label == destination, "it is listed as the person wrote it"


@pytest.mark.parametrize("destination", ["/topic/a", "/exchange/a/b", "/temp-queue/a", "/reply-queue/a"])
def test_what_is_no_queue_of_a_name_goes_as_it_was_written(bench: Bench, destination: str) -> None:
    bench.up(WantedSubscription(destination, deliveries=THERE))
    assert [spec.destination for spec in bench.session.subscribed] == [destination]


def test_before_the_first_subscription_it_is_asked_whether_the_queue_is_there(bench: Bench) -> None:
    watch = bench.link.add(WantedSubscription("/queue/a", "consume"))
    bench.link.open()
    bench.connected()
    assert (watch.state, bench.session.subscribed) == ("asking", [])
    bench.link.deliveries_found(watch.key, THERE)
    assert [spec.destination for spec in bench.session.subscribed] == ["/amq/queue/a"]


def test_a_queue_that_went_away_ends_one_connection_and_no_more(bench: Bench) -> None:
    watch = WantedSubscription("/queue/a", "hold", deliveries=THERE)
    bench.up(watch)
    told = "not_found\nNOT_FOUND - no queue 'a' in vhost '/'"
    bench.link.handle(SubscribeFailed(bench.session.number, 0.0, watch.wire_id, told))
    lose(bench)
    assert bench.session.subscribed == []
    assert watch.state_text == "refused: the queue is not there any more; resume it to make it again"
    assert ("error", "/queue/a: the queue is not there any more; resume it to make it again") in bench.notes
    bench.link.resume(watch.key)
    assert [spec.destination for spec in bench.session.subscribed] == ["/queue/a"]
