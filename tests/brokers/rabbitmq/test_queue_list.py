"""What RabbitMQ's management answers becomes: depths of now, what else it knows, and which queues hold dead letters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from stomptui.brokers.rabbitmq import queue_list
from stomptui.brokers.rabbitmq.dialect import RabbitMQ
from stomptui.brokers.rabbitmq.queue_list import destination, usual_places
from stomptui.config.connection import Connection, TransportKind
from stomptui.connection.blocking_client import ClientError, RequestRefused
from stomptui.queues.listing.listing import Listing
from tests.support.listing import Answer, Request, Web, asking, web

REALM = {"www-authenticate": 'Basic realm="RabbitMQ Management"'}


class Management:
    """RabbitMQ's management, as far as it is asked: `quick`, `slow` and `bindings` are what it answers."""

    def __init__(self, quick: Any, slow: Any = (), bindings: dict[str, Any] | None = None, vhost: str = "%2F") -> None:
        self.quick, self.slow, self.bindings, self.vhost = quick, slow, bindings or {}, vhost

    def __call__(self, request: Request) -> Any:
        if "authorization" not in request.headers:
            return Answer(401, b'{"error":"not_authorized"}', REALM)
        path, _, query = request.path.partition("?")
        if path == f"/api/queues/{self.vhost}":
            return self.quick if "disable_stats=true&enable_queue_totals=true" in query else self.slow
        for exchange, bound in self.bindings.items():
            if path == f"/api/exchanges/{self.vhost}/{exchange}/bindings/source":
                return bound
        return Answer(404)


def connection(server: Web, **more: Any) -> Connection:
    return Connection(login="guest", passcode="s3cret", management=server.url, **more)


@contextmanager
def told(management: Management, **more: Any) -> Iterator[Listing]:
    with web(management) as server, asking(connection(server, **more), RabbitMQ()) as way:
        yield way.ask()
        assert all(request.method == "GET" for request in server.requests)


def failure(asked: Connection) -> ClientError:
    """Why there is no listing."""
    with asking(asked, RabbitMQ()) as way, pytest.raises(ClientError) as raised:
        way.ask()
    return raised.value


def row(name: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "classic", "messages_ready": 0, "messages_unacknowledged": 0, **more}


def test_depths_are_of_now_and_the_rest_from_the_statistics() -> None:
    slow = {
        "name": "orders",
        "messages_ready": 1,
        "consumers": 3,
        "message_stats": {"publish_details": {"rate": 12.5}, "deliver_get_details": {"rate": 11.0}},
    }
    with told(Management([row("orders", type="quorum", messages_ready=7, messages_unacknowledged=2)], [slow])) as found:
        (queue,) = found.queues
        assert (queue.kind, queue.ready, queue.held, queue.consumers) == ("quorum", 7, 2, 3)
        assert (queue.rate_in, queue.rate_out, queue.dead_letters, queue.note) == (12.5, 11.0, False, "")
        assert queue.destination == "/amq/queue/orders"
        assert found.source.startswith("RabbitMQ's management at http://127.0.0.1:") and not found.note


def test_what_the_list_tells_of_a_queue_costs_no_request_more() -> None:
    arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "graves", "x-max-length": 10_000}
    quick = [row("orders", durable=True, arguments=arguments), row("graves", durable=False)]
    slow = [{"name": "graves", "head_message_timestamp": 1_700_000_000,
             "effective_policy_definition": {"message-ttl": 90_000, "ha-mode": "all"}}]  # fmt: skip
    with told(Management(quick, slow)) as found:
        orders, graves = found.queues
        assert (orders.durable, orders.arguments, orders.dead_letters_to) == (
            True, ("at most 10,000 messages",), "graves",
        )  # fmt: skip
        assert (graves.fed_by, graves.dead_letters, graves.durable) == (("orders",), True, False)
        assert graves.arguments == ("messages expire after 90 s (by policy)", "ha-mode all (by policy)")
        assert (orders.oldest, graves.oldest) == (None, 1_700_000_000.0)


def test_what_is_not_told_is_none_and_never_0() -> None:
    with told(Management([{"name": "new"}], [{"name": "new", "message_stats": {}}])) as found:
        (queue,) = found.queues
        assert [queue.ready, queue.held, queue.consumers, queue.rate_in, queue.rate_out] == [None] * 5


def test_the_statistics_fill_in_where_the_quick_form_does_not_count() -> None:
    with told(Management([{"name": "s", "type": "stream"}], [{"name": "s", "messages_ready": 40}])) as found:
        assert found.queues[0].ready == 40


def test_without_statistics_the_depths_are_still_told() -> None:
    with told(Management([row("q", messages_ready=4)], Answer(500, b"overloaded"))) as found:
        assert found.queues[0].ready == 4 and found.queues[0].consumers is None
        assert found.note.startswith("consumers and rates are not known: ") and "HTTP 500" in found.note


def test_the_virtual_host_is_the_one_of_the_connection() -> None:
    with told(Management([row("q")], vhost="a%2Fb%20%C3%A4"), vhost="a/b ä") as found:
        assert [queue.name for queue in found.queues] == ["q"]
    with told(Management([row("q")]), vhost=None) as found:
        assert len(found.queues) == 1


def test_notes_say_what_a_queue_is_like() -> None:
    quick = [
        row("a", exclusive=True, auto_delete=True),
        row("b", state="down"),
        row("c%2Fd"),
        row("e", state="running"),
    ]
    with told(Management(quick)) as found:
        notes = {queue.name: queue.note for queue in found.queues}
        assert notes == {
            "a": "exclusive, goes with its last reader",
            "b": "down",
            "c%2Fd": "STOMP has no name for it",
            "e": "",
        }


@pytest.mark.parametrize(
    "strange",
    [
        [None, 3, "x", [], {}, {"name": 4}, {"name": None}, row("q")],
        [row("q", type=7, messages_ready="many", messages_unacknowledged=-1, state=[], arguments="x")],
        [
            row(
                "q",
                messages_ready=True,
                messages_unacknowledged=10**30,
                exclusive="yes",
                arguments={"x-message-ttl": []},
            )
        ],
        [row("q", arguments={"x-dead-letter-exchange": 4, "x-dead-letter-routing-key": []})],
    ],
)
def test_strange_answers_do_no_harm(strange: Any) -> None:
    slow = [{"name": "q", "consumers": 1.5, "message_stats": {"publish_details": {"rate": "NaN"}}}, {"name": []}, None]
    with told(Management(strange, slow)) as found:
        (queue,) = found.queues
        assert queue.name == "q" and queue.consumers is None and queue.rate_in is None
    with told(Management([row("q")], {"not": "a list"})) as found:
        assert len(found.queues) == 1


def dead(management: Management) -> set[str]:
    with told(management) as found:
        return {queue.name for queue in found.queues if queue.dead_letters}


def letters(name: str, exchange: str, key: str | None = None, **more: Any) -> dict[str, Any]:
    arguments = {"x-dead-letter-exchange": exchange, **({} if key is None else {"x-dead-letter-routing-key": key})}
    return row(name, arguments={**arguments, **more})


def bound(*queues: tuple[str, str]) -> list[dict[str, str]]:
    return [{"destination": name, "destination_type": "queue", "routing_key": key} for name, key in queues]


def test_a_queue_that_another_sends_dead_letters_to_is_one_whatever_its_name() -> None:
    assert dead(Management([letters("work", "", "grave"), row("grave"), row("other")])) == {"grave"}


def test_dead_letters_by_policy_and_through_an_exchange() -> None:
    policy = {"name": "work", "effective_policy_definition": {"dead-letter-exchange": "the/dlx"}}
    rows = [row("work"), row("one"), row("two"), row("three")]
    bindings = {"the%2Fdlx": [*bound(("one", "#"), ("two", "x")), {"destination_type": "exchange"}, None]}
    assert dead(Management(rows, [policy], bindings)) == {"one", "two"}


def test_with_a_routing_key_only_what_is_bound_by_it() -> None:
    rows = [letters("work", "dlx", "k"), row("one"), row("two")]
    assert dead(Management(rows, (), {"dlx": bound(("one", "k"), ("two", "other"))})) == {"one"}
    assert dead(Management(rows, (), {"dlx": bound(("one", ""), ("two", ""))})) == {"one", "two"}, "a fanout"


def test_a_common_exchange_does_not_make_everything_a_dead_letter_queue() -> None:
    rows = [letters("work", "amq.topic"), row("one")]
    assert dead(Management(rows, (), {"amq.topic": bound(("one", "#"))})) == set()


def test_where_messages_wait_to_be_tried_again_the_work_queue_is_none() -> None:
    rows = [letters("work", "", "retry"), letters("retry", "", "work", **{"x-message-ttl": 30000})]
    assert dead(Management(rows)) == {"retry"}


def test_a_name_can_say_it_too() -> None:
    rows = [row(name) for name in ("orders.DLQ", "dead-letters", "dlq", "OrdersDLQ", "x_dead_letter_queue")]
    rows += [row(name) for name in ("deadlines", "orders", "dlqueue.of.joe", "undead")]
    assert dead(Management(rows)) == {"orders.DLQ", "dead-letters", "dlq", "OrdersDLQ", "x_dead_letter_queue"}


def test_a_refused_login_says_what_may_lack() -> None:
    with web(lambda request: Answer(401, b'{"error":"not_authorized","reason":"Login failed"}')) as server:
        error = failure(connection(server))
    assert isinstance(error, RequestRefused) and "tag management" in str(error) and "Login failed" in error.server_text
    assert "s3cret" not in str(error) + error.server_text


def test_a_virtual_host_that_is_not_there_is_said() -> None:
    with web({}) as server:
        assert "no such virtual host" in str(failure(connection(server)))


def test_something_else_that_speaks_json_is_not_taken_for_rabbitmq() -> None:
    with web({"/api/queues/%2F": {"hello": "world"}}) as server:
        assert "is not RabbitMQ's management" in str(failure(connection(server)))


@pytest.mark.parametrize("suffix", ["", "/", "/api", "/api/"])
def test_the_url_may_end_with_the_api(suffix: str) -> None:
    with web(Management([row("q")])) as server:
        asked = Connection(login="guest", management=server.url + suffix)
        with asking(asked, RabbitMQ()) as way:
            assert len(way.ask().queues) == 1


# Finding it


def test_where_nothing_is_configured_the_usual_port_of_the_same_host_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with web(Management([row("q")])) as server:
        monkeypatch.setattr(queue_list, "PORT", server.port)
        with asking(Connection(login="guest", passcode="s3cret"), RabbitMQ()) as way:
            assert [queue.name for queue in way.ask().queues] == ["q"]
            way.ask()
        assert "authorization" not in server.requests[0].headers, "first see who is there"
        assert server.paths.count("/api/whoami") == 1


def test_no_password_goes_to_what_is_not_rabbitmq(monkeypatch: pytest.MonkeyPatch) -> None:
    with web(lambda request: Answer(401, b"{}", {"www-authenticate": 'Basic realm="router"'})) as server:
        monkeypatch.setattr(queue_list, "PORT", server.port)
        error = str(failure(Connection(login="guest", passcode="s3cret")))
        assert "set the management URL" in error and "is not RabbitMQ's management" in error
        assert not any("authorization" in request.headers for request in server.requests)


def test_a_password_that_travels_encrypted_is_sent_over_plain_http_on_this_machine_alone() -> None:
    def urls(host: str, encrypted: bool) -> list[str]:
        return [place.url for place in usual_places(host, encrypted)]

    assert urls("rabbit", False) == ["http://rabbit:15672"]
    assert urls("rabbit", True) == ["https://rabbit:15671"]
    assert urls("127.0.0.1", True) == ["https://127.0.0.1:15671", "http://127.0.0.1:15672"]
    assert urls("::1", True) == ["https://[::1]:15671", "http://[::1]:15672"]
    forced = Connection(host="rabbit", transport=TransportKind.TLS, management="http://rabbit:1", login="g")
    assert "use https" in str(failure(forced))


@pytest.mark.parametrize(
    ("name", "where"),
    [("a", "/amq/queue/a"), ("a/b", "/amq/queue/a%2Fb"), ("50% ä:c", "/amq/queue/50% ä:c"), ("a%2Fb", ""), ("", "")],
)
def test_destinations_name_existing_queues(name: str, where: str) -> None:
    assert destination(name) == where
