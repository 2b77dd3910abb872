"""Acknowledgement, prefetch, redelivery and dead letters: what a peek stands on."""

from __future__ import annotations

import pytest

from tests.interop.behaviour.promises import Target, bodies, fill, marks, refused, subscribe


def test_auto_takes_messages_away(target: Target, queue: str) -> None:
    client = target.client()
    fill(client, queue, 3)
    subscribe(client, queue, ack="auto")
    assert bodies(client.messages(3)) == ["m0", "m1", "m2"]
    client.close()
    again = target.client()
    subscribe(again, queue)
    again.expect_nothing()


@pytest.mark.parametrize("how", ["disconnect", "close", "reset"])
def test_what_was_not_acknowledged_comes_back_in_its_old_order(target: Target, queue: str, how: str) -> None:
    client = target.client()
    fill(client, queue, 5)
    subscribe(client, queue, prefetch_count="3")
    frames = client.messages(3)
    client.receipt("ACK", {"id": frames[1]["ack"]})
    client.messages(1)
    if how == "disconnect":
        client.receipt("DISCONNECT")
        client.expect_closed()
    elif how == "close":
        client.close()
    else:
        client.reset()
    again = target.client()
    subscribe(again, queue, ack="auto")
    frames = again.messages(4)
    assert bodies(frames) == ["m0", "m2", "m3", "m4"]
    assert marks(frames) == ["true", "true", "true", "false"]


def test_prefetch_is_the_number_in_hand(target: Target, queue: str) -> None:
    client = target.client()
    fill(client, queue, 5)
    subscribe(client, queue, prefetch_count="2")
    frames = client.messages(2)
    client.expect_nothing()
    client.receipt("ACK", {"id": frames[0]["ack"]})
    assert bodies(client.messages(1)) == ["m2"]
    client.expect_nothing(0.1)


def test_client_acknowledges_all_before(target: Target, queue: str) -> None:
    client = target.client()
    fill(client, queue, 5)
    subscribe(client, queue, ack="client")
    frames = client.messages(5)
    client.receipt("ACK", {"id": frames[2]["ack"]})
    client.close()
    again = target.client()
    subscribe(again, queue, ack="auto")
    assert bodies(again.messages(2)) == ["m3", "m4"]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_older_versions_acknowledge_by_message_id(target: Target, queue: str, version: str) -> None:
    client = target.client(version)
    fill(client, queue, 2)
    subscribe(client, queue)
    frames = client.messages(2)
    client.receipt("ACK", {"message-id": frames[1]["message-id"], "subscription": "1"})
    client.close()
    again = target.client()
    subscribe(again, queue, ack="auto")
    assert bodies(again.messages(1)) == ["m0"]
    again.expect_nothing(0.1)


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_nack_puts_a_message_back_to_its_place(target: Target, queue: str, version: str) -> None:
    client = target.client(version)
    fill(client, queue, 4)
    subscribe(client, queue, prefetch_count="2")
    first, second = client.messages(2)
    name = "id" if version == "1.2" else "message-id"
    client.receipt("NACK", {name: second["message-id"]})
    (back,) = client.messages(1)
    assert (back.text, back["redelivered"]) == ("m1", "true")
    assert back["message-id"] != second["message-id"]
    client.receipt("ACK", {name: first["message-id"]})
    assert bodies(client.messages(1)) == ["m2"]


def test_nack_of_client_is_cumulative(target: Target, queue: str) -> None:
    client = target.client()
    fill(client, queue, 4)
    subscribe(client, queue, ack="client", prefetch_count="3")
    frames = client.messages(3)
    client.receipt("NACK", {"id": frames[1]["ack"], "requeue": "false"})
    assert bodies(client.messages(1)) == ["m3"]
    client.close()
    again = target.client()
    subscribe(again, queue, ack="auto")
    assert bodies(again.messages(2)) == ["m2", "m3"]


def test_rejected_messages_become_dead_letters(target: Target, queue: str) -> None:
    client = target.client()
    fill(client, queue, 1)
    subscribe(client, queue)
    (frame,) = client.messages(1)
    client.receipt("NACK", {"id": frame["ack"], "requeue": "false"})
    client.expect_nothing(0.1)
    if target.promises.dead_letters:
        subscribe(client, "/queue/DLQ", id="dead")
        while (dead := client.expect("MESSAGE"))["x-first-death-queue"] != queue.removeprefix("/queue/"):
            pass
        assert (dead.text, dead["x-first-death-reason"], dead["persistent"]) == ("m0", "rejected", "true")


def test_a_message_of_a_gone_subscription_stays_locked_until_the_connection_ends(target: Target, queue: str) -> None:
    client, other = target.client(), target.client()
    fill(client, queue, 2)
    subscribe(client, queue, prefetch_count="1")
    (frame,) = client.messages(1)
    client.receipt("UNSUBSCRIBE", {"id": "1"})
    subscribe(other, queue)
    assert bodies(other.messages(1)) == ["m1"]
    other.expect_nothing(0.1)
    client.send("ACK", {"id": frame["ack"]})
    refused(client, "Subscription not found")
    client.close()
    (back,) = other.messages(1)
    assert (back.text, back["redelivered"]) == ("m0", "true")


@pytest.mark.parametrize(
    ("headers", "message"),
    [({}, "Missing header"), ({"id": "zz"}, "Invalid header"), ({"id": "T_9@@s@@1"}, "Subscription not found")],
)
@pytest.mark.parametrize("command", ["ACK", "NACK"])
def test_acknowledging_what_is_not_there(target: Target, command: str, headers: dict[str, str], message: str) -> None:
    client = target.client()
    client.send(command, {**headers, "receipt": "r"})
    refused(client, message, "r", target.promises)
    assert client.still_works()


@pytest.mark.parametrize("ack", ["auto", "client-individual"])
def test_acknowledging_again_or_on_auto_ends_the_connection(target: Target, queue: str, ack: str) -> None:
    client = target.client()
    fill(client, queue, 1)
    subscribe(client, queue, ack=ack)
    (frame,) = client.messages(1)
    if ack != "auto":
        client.receipt("ACK", {"id": frame["message-id"]})
    client.send("ACK", {"id": frame["message-id"], "receipt": "again"})
    *receipts, error = client.expect_closed()
    assert [receipt.command for receipt in receipts] == (["RECEIPT"] if target.promises.receipt_despite_error else [])
    assert (error["message"], error.text) == (
        "precondition_failed",
        "PRECONDITION_FAILED - unknown delivery tag 1",
    )
