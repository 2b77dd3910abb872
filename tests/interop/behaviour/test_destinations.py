"""Where messages go and who gets them."""

from __future__ import annotations

import pytest

from tests.interop.behaviour.promises import Target, bodies, fill, refused, subscribe


@pytest.mark.parametrize("command", ["SEND", "SUBSCRIBE"])
@pytest.mark.parametrize(
    ("destination", "message", "text"),
    [
        (None, "Missing destination", "\"{command}\" must include a 'destination' header\n"),
        ("", "Invalid destination", "Destination cannot be blank"),
        (
            "/foo/bar",
            "Unknown destination",
            "'/foo/bar' is not a valid destination.\nValid destination types are: "
            "/temp-queue, /exchange, /topic, /queue, /amq/queue, /reply-queue/.\n",
        ),
        ("/queue", "Invalid destination", "'' is not a valid queue destination\n"),
        ("/queue/a/b", "Invalid destination", "'/a/b' is not a valid queue destination\n"),
        ("/topic/", "Invalid destination", "'/' is not a valid topic destination\n"),
        ("/amq/queue", "Invalid destination", "'' is not a valid amqqueue destination\n"),
        ("/exchange/", "Invalid destination", "'/' is not a valid exchange destination\n"),
        ("/temp-queue/x", "Invalid destination", "'/temp-queue/x' is not a valid destination for '{command}'\n"),
    ],
)
def test_bad_destinations(target: Target, command: str, destination: str | None, message: str, text: str) -> None:
    client = target.client()
    headers = {"id": "1", "receipt": "r"} | ({} if destination is None else {"destination": destination})
    client.send(command, headers)
    assert refused(client, message, "r", target.promises).text == text.format(command=command)
    assert client.still_works()


def test_a_bare_name_is_a_queue(target: Target, queue: str) -> None:
    client = target.client()
    name = queue.removeprefix("/queue/")
    client.receipt("SEND", {"destination": name}, "x")
    subscribe(client, queue, ack="auto")
    client.expect("MESSAGE", destination=queue)


def test_a_missing_queue_cannot_be_read_by_amq_queue(target: Target) -> None:
    client = target.client()
    client.send("SUBSCRIBE", {"id": "1", "destination": "/amq/queue/nosuch", "receipt": "r"})
    error, *rest = client.expect_closed()
    assert error["message"] == "not_found"
    assert error.text == "NOT_FOUND - no queue 'nosuch' in vhost '/'"
    assert [frame.command for frame in rest] == (["RECEIPT"] if target.promises.receipt_despite_error else [])


def test_what_is_sent_to_a_missing_queue_by_amq_queue_is_gone(target: Target, queue: str) -> None:
    client = target.client()
    client.receipt("SEND", {"destination": queue.replace("/queue/", "/amq/queue/")}, "x")
    subscribe(client, queue, ack="auto")
    client.expect_nothing()


def test_an_existing_queue_is_read_by_amq_queue(target: Target, queue: str) -> None:
    client = target.client()
    fill(client, queue, 1)
    subscribe(client, queue.replace("/queue/", "/amq/queue/"))
    client.expect("MESSAGE", destination=queue)


def test_a_missing_exchange_ends_the_connection(target: Target) -> None:
    client = target.client()
    client.send("SEND", {"destination": "/exchange/nosuch/k"}, "x")
    (error,) = client.expect_closed()
    assert (error["message"], error.text) == ("not_found", "NOT_FOUND - no exchange 'nosuch' in vhost '/'")


def test_topics_reach_everybody_and_keep_nothing(target: Target, topic: str) -> None:
    first, second = target.client(), target.client()
    first.receipt("SEND", {"destination": topic}, "too early")
    subscribe(first, topic, ack="auto")
    subscribe(second, topic, ack="auto")
    subscribe(second, topic, id="2", ack="auto")
    first.receipt("SEND", {"destination": "/topic/other"}, "elsewhere")
    target.client().receipt("SEND", {"destination": topic}, "x")
    assert first.expect("MESSAGE", destination=topic).text == "x"
    assert sorted(frame["subscription"] for frame in second.messages(2)) == ["1", "2"]
    first.expect_nothing(0.1)


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("t.*", ["t.a"]),
        ("t.#", ["t", "t.a", "t.a.b"]),
        ("#.b", ["t.a.b"]),
        ("*.a", ["t.a"]),
        ("t.*.b", ["t.a.b"]),
        ("t.a", ["t.a"]),
    ],
)
def test_wildcards_in_topics(target: Target, topic: str, wanted: str, reached: list[str]) -> None:
    client = target.client()
    unique = topic.removeprefix("/topic/").replace(".", "-")
    if wanted.startswith(("t", "*")):
        wanted, prefix = f"{unique}.{wanted}", f"{unique}."
    else:
        wanted, prefix = f"{wanted}.{unique}", ""
    subscribe(client, f"/topic/{wanted}", ack="auto")
    suffix = "" if prefix else f".{unique}"
    keys = ["t", "t.a", "t.a.b", "u"]
    frames = [
        frame for key in keys for frame in client.receipt("SEND", {"destination": f"/topic/{prefix}{key}{suffix}"}, key)
    ]
    frames += client.messages(len(reached) - len(frames))
    assert bodies(frames) == reached


def test_a_reply_address_of_ones_own(target: Target, queue: str) -> None:
    asker, answerer = target.client(), target.client()
    subscribe(answerer, queue, ack="auto")
    asker.receipt("SEND", {"destination": queue, "reply-to": "/temp-queue/answers", "correlation-id": "7"}, "ask")
    asked = answerer.expect("MESSAGE")
    assert asked["reply-to"].startswith("/reply-queue/")
    answerer.receipt("SEND", {"destination": asked["reply-to"], "correlation-id": "7"}, "answer")
    assert asker.expect("MESSAGE", subscription="/temp-queue/answers", correlation_id="7").text == "answer"


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_a_subscription_without_id(target: Target, queue: str, version: str) -> None:
    client = target.client(version)
    client.receipt("SUBSCRIBE", {"destination": queue})
    client.send("SEND", {"destination": queue}, "x")
    assert client.expect("MESSAGE").get("subscription") is None
    client.receipt("UNSUBSCRIBE", {"destination": queue})
    client.receipt("SEND", {"destination": queue}, "y")
    client.expect_nothing(0.1)


def test_the_same_id_twice_ends_the_connection(target: Target, queue: str) -> None:
    client = target.client()
    subscribe(client, queue)
    client.send("SUBSCRIBE", {"id": "1", "destination": f"{queue}.b", "receipt": "b"})
    error = client.expect_closed()[0]
    assert error["message"] == "Duplicated subscription identifier"
    assert error.text == "A subscription identified by 'T_1' already exists."


@pytest.mark.parametrize(
    ("headers", "message"),
    [({"id": "9"}, "No subscription found"), ({"destination": "/queue/q"}, "No subscription found"),
     ({}, "Missing destination or id")],
)  # fmt: skip
def test_unsubscribe_from_nothing(target: Target, headers: dict[str, str], message: str) -> None:
    client = target.client()
    client.send("UNSUBSCRIBE", {**headers, "receipt": "r"})
    refused(client, message, "r", target.promises)
    assert client.still_works()


def test_nothing_comes_after_unsubscribe(target: Target, topic: str) -> None:
    client = target.client()
    subscribe(client, topic, ack="auto")
    client.receipt("UNSUBSCRIBE", {"id": "1"})
    client.receipt("SEND", {"destination": topic}, "x")
    client.expect_nothing(0.1)


def test_an_unknown_ack_mode_is_refused(target: Target, queue: str) -> None:
    client = target.client()
    client.send("SUBSCRIBE", {"id": "1", "destination": queue, "ack": "whatever"})
    client.expect("ERROR")
    assert client.still_works()


def test_readers_take_turns(target: Target, queue: str) -> None:
    first, second, sender = target.client(), target.client(), target.client()
    subscribe(first, queue, ack="auto")
    subscribe(second, queue, ack="auto")
    fill(sender, queue, 6)
    assert len(first.messages(3)) == len(second.messages(3)) == 3
