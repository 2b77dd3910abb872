"""All or nothing, where that is promised."""

from __future__ import annotations

import pytest

from tests.interop.behaviour.promises import Target, bodies, fill, refused, subscribe


def test_commit_sends_and_acknowledges(target: Target, queue: str) -> None:
    client = target.client()
    fill(client, queue, 2)
    subscribe(client, queue, prefetch_count="2")
    first, _ = client.messages(2)
    client.receipt("BEGIN", {"transaction": "t"})
    client.send("SEND", {"destination": f"{queue}.to", "transaction": "t", "receipt": "s"}, "moved")
    client.receipt("ACK", {"id": first["ack"], "transaction": "t"})
    watcher = target.client()
    subscribe(watcher, f"{queue}.to", ack="auto")
    watcher.expect_nothing(0.1)
    assert client.receipt("COMMIT", {"transaction": "t"}) == []
    client.expect("RECEIPT", receipt_id="s")
    assert watcher.expect("MESSAGE").text == "moved"
    client.close()
    again = target.client()
    subscribe(again, queue, ack="auto")
    assert bodies(again.messages(1)) == ["m1"]


@pytest.mark.parametrize("how", ["abort", "close"])
def test_what_is_not_committed_did_not_happen(target: Target, queue: str, how: str) -> None:
    client = target.client()
    fill(client, queue, 1)
    subscribe(client, queue)
    (frame,) = client.messages(1)
    client.receipt("BEGIN", {"transaction": "t"})
    client.send("SEND", {"destination": f"{queue}.to", "transaction": "t"}, "never")
    client.receipt("ACK", {"id": frame["ack"], "transaction": "t"})
    if how == "abort":
        client.receipt("ABORT", {"transaction": "t"})
        client.receipt("ACK", {"id": frame["ack"]})
    client.close()
    again = target.client()
    subscribe(again, f"{queue}.to", ack="auto")
    subscribe(again, queue, id="2", ack="auto")
    if how == "close":
        assert bodies(again.messages(1)) == ["m0"]
    again.expect_nothing()


def test_two_transactions_at_once(target: Target, queue: str) -> None:
    client = target.client()
    for name in "ab":
        client.receipt("BEGIN", {"transaction": name})
    for name in "abab":
        client.send("SEND", {"destination": queue, "transaction": name}, name)
    client.receipt("COMMIT", {"transaction": "b"})
    client.receipt("ABORT", {"transaction": "a"})
    subscribe(client, queue, ack="auto")
    assert bodies(client.messages(2)) == ["b", "b"]
    client.expect_nothing(0.1)


def test_a_commit_that_fails(target: Target, queue: str) -> None:
    client = target.client()
    fill(client, queue, 1)
    subscribe(client, queue)
    (frame,) = client.messages(1)
    client.receipt("ACK", {"id": frame["ack"]})
    client.receipt("BEGIN", {"transaction": "t"})
    client.send("SEND", {"destination": f"{queue}.to", "transaction": "t"}, "half")
    client.receipt("ACK", {"id": frame["ack"], "transaction": "t"})
    client.send("COMMIT", {"transaction": "t", "receipt": "c"})
    frames = client.expect_closed()
    assert frames[-1]["message"] == "precondition_failed"
    assert [f.command for f in frames] == (["RECEIPT", "ERROR"] if target.promises.receipt_despite_error else ["ERROR"])
    again = target.client()
    subscribe(again, f"{queue}.to", ack="auto")
    if target.promises.atomic_commit:
        again.expect_nothing()


@pytest.mark.parametrize("command", ["SEND", "COMMIT", "ABORT"])
def test_an_unknown_transaction(target: Target, queue: str, command: str) -> None:
    client = target.client()
    client.send(command, {"destination": queue, "transaction": "zz", "receipt": "r"})
    assert refused(client, "Bad transaction", "r", target.promises).text == 'Invalid transaction identifier: "zz"\n'
    assert client.still_works()


@pytest.mark.parametrize("command", ["BEGIN", "COMMIT", "ABORT"])
def test_a_transaction_needs_a_name(target: Target, command: str) -> None:
    client = target.client()
    client.send(command, {"receipt": "r"})
    text = f"\"{command}\" must include a 'transaction' header\n"
    assert refused(client, "Missing transaction", "r", target.promises).text == text
    assert client.still_works()
