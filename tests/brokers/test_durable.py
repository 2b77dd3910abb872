"""What each broker keeps of a subscription that ended, and what deletes it."""

from __future__ import annotations

import pytest

from stomptui.brokers.rabbitmq.durable import queue_name
from stomptui.brokers.registry import BROKERS
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.durable_id import default_identity
from stomptui.connection.events import BrokerError, ReceiptArrived
from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.connection.test_reconnect import Bench

DURABLE = (("durable", "true"), ("auto-delete", "false"))
OLD, NEW = BROKERS.named("rabbitmq", "RabbitMQ/3.10.8"), BROKERS.named("rabbitmq", "RabbitMQ/4.3.6")
ACTIVEMQ, ARTEMIS = BROKERS.named("activemq", "ActiveMQ/6.3.1"), BROKERS.named("artemis", "ActiveMQ-Artemis/2.56.0")
MINE = ("x-queue-name", "mine")


def test_an_identity_is_stable_and_differs_by_destination() -> None:
    one = default_identity("/topic/news")
    assert one == default_identity("/topic/news") and one.endswith(".topic.news")
    names = {default_identity(f"/topic/{key}") for key in ("a.*", "a.#", "a.-", "a", "ä", "a b")}
    assert len(names) == 6
    assert all(name.isascii() and " " not in name and ":" not in name for name in names)
    assert default_identity("/topic/news", 2) == f"{one}.2"


def test_the_name_of_a_queue_is_the_one_rabbitmq_gives() -> None:
    assert queue_name("a.b", "me") == "stomp-subscription-o_OwMmxLjrnU6PPf5W6kwA"
    assert queue_name("", "me") == "stomp-subscription-wqXQtSpL0Xtd_cK4Irntkw"


@pytest.mark.parametrize(
    ("dialect", "destination", "headers", "name"),
    [
        (OLD, "/topic/t", DURABLE, "id"),
        (NEW, "/exchange/e/k", DURABLE, "id"),
        (OLD, "/topic/t", (("persistent", "true"), ("auto-delete", "false")), "id"),
        (OLD, "/topic/t", (*DURABLE, MINE), "mine"),
        (OLD, "/topic/t", (("auto-delete", "false"), MINE), "mine"),
        (NEW, "/topic/t", (("auto-delete", "false"), MINE), None),
        (NEW, "/topic/t", (("auto-delete", "false"), ("exclusive", "false"), MINE), "mine"),
        (OLD, "/topic/t", (("durable", "true"),), None),
        (OLD, "/topic/t", (*DURABLE, ("exclusive", "true")), None),
        (OLD, "/topic/t", (), None),
        (OLD, "/queue/q", DURABLE, None),
        (ACTIVEMQ, "/topic/t", (("activemq.subscriptionName", "n"),), "n"),
        (ACTIVEMQ, "/topic/t", (("durable-subscription-name", "n"),), None),
        (ACTIVEMQ, "/queue/t", (("activemq.subscriptionName", "n"),), None),
        (ARTEMIS, "/topic/t", (("durable-subscription-name", "n"),), "n"),
        (ARTEMIS, "/topic/t", (("activemq.subscriptionName", "n"),), "n"),
        (ARTEMIS, "/queue/t", (("durable-subscription-name", "n"),), None),
        (Dialect(), "/topic/t", DURABLE, None),
        (BROKERS.named("embedded"), "/topic/t", DURABLE, None),
    ],
)
def test_what_stays(dialect: Dialect, destination: str, headers: tuple[tuple[str, str], ...], name: str | None) -> None:
    kept = dialect.durability.retained(destination, headers, "id", "me")
    assert (kept.name if kept else None) == name


def test_a_queue_without_a_name_is_refused_where_it_would_stay() -> None:
    alone = (("auto-delete", "false"),)
    assert OLD.durability.subscribe_problem("/exchange/e/k", alone, "")
    assert not NEW.durability.subscribe_problem("/exchange/e/k", alone, "")
    assert not OLD.durability.subscribe_problem("/topic/t", alone, "")
    assert NEW.durability.subscribe_problem("/topic/t", (*alone, ("exclusive", "false")), "")


def test_a_durable_subscription_keeps_its_id_over_pauses_and_connections() -> None:
    bench = Bench()
    watch = WantedSubscription("/topic/news", headers=DURABLE)
    bench.up(watch)
    bench.link.pause(watch.key)
    bench.link.resume(watch.key)
    assert [spec.id for spec in bench.session.subscribed] == [watch.identity] * 2
    assert watch.identity == default_identity("/topic/news")


def test_it_is_called_ended_once_the_broker_said_so() -> None:
    bench = Bench()
    watch = WantedSubscription("/topic/news", headers=DURABLE)
    bench.up(watch)
    bench.link.delete_durable(watch.key)
    command, headers = bench.session.sent[0]
    assert (command, headers["id"], headers["durable"]) == ("UNSUBSCRIBE", watch.identity, "true")
    assert watch.state == "deleting" and watch in bench.link.wanted
    bench.link.handle(ReceiptArrived(bench.session.number, 0.0, headers["receipt"], 0.1))
    assert watch not in bench.link.wanted
    assert any(text.startswith("ended /topic/news") for _, text in bench.notes)


def test_an_error_that_names_nothing_leaves_it_not_ended() -> None:
    bench = Bench()
    watch = WantedSubscription("/exchange/e/k", headers=DURABLE)
    bench.up(watch)
    bench.link.pause(watch.key)
    bench.link.delete_durable(watch.key)
    assert [command for command, _ in bench.session.sent] == ["SUBSCRIBE", "UNSUBSCRIBE"]
    bench.link.handle(BrokerError(bench.session.number, 0.0, "access_refused", "access_refused"))
    for _, headers in bench.session.sent:
        bench.link.handle(ReceiptArrived(bench.session.number, 0.0, headers["receipt"], 0.1))
    assert watch in bench.link.wanted and watch.state == "paused"
    assert any(text.startswith("not ended: /exchange/e/k") for _, text in bench.notes)
