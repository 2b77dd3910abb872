"""Receipts, escapes, headers, bodies, commands: what a frame may be."""

from __future__ import annotations

import pytest

from tests.interop.behaviour.promises import (
    Target,
    bodies,
    broken_off,
    delivered_and_confirmed,
    fill,
    refused,
    subscribe,
)


def test_every_kind_of_frame_gets_its_receipt(target: Target, queue: str) -> None:
    client = target.client()
    client.receipt("SEND", {"destination": queue}, "m0")
    client.receipt("SEND", {"destination": queue}, "m1")
    client.receipt("SUBSCRIBE", {"id": "1", "destination": queue, "ack": "client-individual"})
    first, second = client.messages(2)
    client.receipt("ACK", {"id": first["ack"]})
    client.receipt("NACK", {"id": second["ack"], "requeue": "false"})
    client.receipt("UNSUBSCRIBE", {"id": "1"})
    client.receipt("BEGIN", {"transaction": "t"})
    client.receipt("COMMIT", {"transaction": "t"})
    client.receipt("BEGIN", {"transaction": "t"})
    client.receipt("ABORT", {"transaction": "t"})
    client.receipt("DISCONNECT")
    assert client.expect_closed() == []


def test_a_receipt_is_given_back_escaped(target: Target) -> None:
    client = target.client()
    client.send("SEND", {"destination": "/topic/x", "receipt": r"a\cb\\c\nd"})
    client.expect("RECEIPT", receipt_id=r"a\cb\\c\nd")


def test_a_message_comes_before_the_receipt_of_its_send(target: Target, topic: str) -> None:
    client = target.client()
    subscribe(client, topic, ack="auto")
    client.send("SEND", {"destination": topic, "receipt": "r"}, "x")
    delivered_and_confirmed(target, client)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_escapes_survive(target: Target, queue: str, version: str) -> None:
    client = target.client(version)
    headers = {"x-c": r"a\cb", "x-n": r"l1\nl2", "x-b": r"back\\slash", r"x\ckey": "v", "x-u": "é日本🚀"}
    client.receipt("SEND", {"destination": queue, **headers}, "x")
    subscribe(client, queue, ack="auto")
    client.expect("MESSAGE", None, **headers)


def test_a_carriage_return_survives_in_1_2(target: Target, queue: str) -> None:
    client = target.client("1.2")
    client.receipt("SEND", {"destination": queue, "x-r": r"a\rb"}, "x")
    subscribe(client, queue, ack="auto")
    client.expect("MESSAGE", x_r=r"a\rb")


def test_a_carriage_return_in_1_1(target: Target, queue: str) -> None:
    client = target.client("1.1")
    client.send("SEND", {"destination": queue, "x-r": r"a\rb", "receipt": "r"}, "x")
    if target.promises.escapes_cr_in_1_1:
        client.expect("RECEIPT", receipt_id="r")
    else:
        broken_off(target, client)


def test_backslashes_in_1_0(target: Target, queue: str) -> None:
    client = target.client("1.0")
    client.send("SEND", {"destination": queue, "x-b": r"C:\temp", "receipt": "r"}, "x")
    if target.promises.escapes_in_1_0:
        broken_off(target, client)
        return
    client.expect("RECEIPT", receipt_id="r")
    subscribe(client, queue, ack="auto")
    client.expect("MESSAGE", x_b=r"C:\temp")


def test_a_line_break_reaches_a_1_0_reader_escaped(target: Target, queue: str) -> None:
    target.client("1.2").receipt("SEND", {"destination": queue, "x-n": r"a\nb"}, "x")
    reader = target.client("1.0")
    subscribe(reader, queue, ack="auto")
    reader.expect("MESSAGE", x_n=r"a\nb")


@pytest.mark.parametrize("line", [r"x-t:tab\there", "x-t:end\\", "no colon"])
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_broken_header_ends_the_connection(target: Target, queue: str, version: str, line: str) -> None:
    client = target.client(version)
    client.send_raw(f"SEND\ndestination:{queue}\n{line}\n\nx\0".encode())
    broken_off(target, client)


def test_a_wrong_content_length_ends_the_connection(target: Target, queue: str) -> None:
    client = target.client()
    client.send_raw(f"SEND\ndestination:{queue}\ncontent-length:3\n\nhello\0".encode())
    broken_off(target, client)


def test_raw_colons_in_a_value_are_taken(target: Target, queue: str) -> None:
    client = target.client()
    client.receipt("SEND", {"destination": queue, "x-url": "http://a:80/"}, "x")
    subscribe(client, queue, ack="auto")
    client.expect("MESSAGE", x_url=r"http\c//a\c80/")


def test_crlf_ends_lines_too(target: Target, queue: str) -> None:
    client = target.client("1.2")
    client.send_raw(f"SEND\r\ndestination:{queue}\r\nreceipt:r\r\nx-a:b\r\n\r\na\r\nb\0\r\n\r\n".encode())
    client.expect("RECEIPT", receipt_id="r")
    subscribe(client, queue, ack="auto")
    assert client.expect("MESSAGE", x_a="b").body == b"a\r\nb"


def test_the_first_of_repeated_headers_counts_and_the_others_go(target: Target, queue: str) -> None:
    client = target.client()
    client.send_raw(
        f"SEND\ndestination:{queue}\ndestination:/queue/other\nx-dup:first\nx-dup:second\nreceipt:r\n\nx\0".encode()
    )
    client.expect("RECEIPT")
    subscribe(client, queue, ack="auto")
    frame = client.expect("MESSAGE", destination=queue)
    assert [value for name, value in frame.headers if name == "x-dup"] == ["first"]


def test_known_and_unknown_headers_are_delivered(target: Target, queue: str) -> None:
    client = target.client()
    sent = [("x-z", "1"), ("app-id", "APP"), ("x-a", " two "), ("correlation-id", "c"), ("priority", "4"),
            ("content-type", "text/plain"), ("x-empty", "")]  # fmt: skip
    client.receipt("SEND", [("destination", queue), *sent], "x")
    subscribe(client, queue, ack="auto")
    frame = client.expect("MESSAGE")
    own = ("subscription", "destination", "message-id", "redelivered", "content-length", "receipt")
    others = [pair for pair in frame.headers if pair[0] not in own]
    assert sorted(others) == sorted(sent)
    assert (others == sent) == target.promises.keeps_header_order
    assert (frame.get("receipt") is not None) == target.promises.keeps_receipt_header


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"a\r\nb\n", bytes(range(256)), "é日本🚀".encode(), b"\xff\xfe", b"MESSAGE\n\n\0", b"x" * 1_000_000],
    ids=["empty", "short", "lines", "every byte", "unicode", "not UTF-8", "frame", "1 MB"],
)
def test_bodies_are_opaque(target: Target, queue: str, body: bytes) -> None:
    client = target.client()
    client.receipt("SEND", {"destination": queue, "content-length": str(len(body))}, body)
    subscribe(client, queue, ack="auto")
    frame = client.expect("MESSAGE")
    assert frame.body == body
    assert frame.get("content-length") == (str(len(body)) if body else None)


def test_bytes_that_are_not_utf_8_survive_in_a_header(target: Target, queue: str) -> None:
    client = target.client()
    client.send_raw(f"SEND\ndestination:{queue}\nreceipt:r\nx-l:".encode() + b"caf\xe9\n\nx\0")
    client.expect("RECEIPT")
    subscribe(client, queue, ack="auto")
    client.expect("MESSAGE", x_l="caf\udce9")


def test_message_id_is_the_brokers_to_give(target: Target, queue: str) -> None:
    client = target.client()
    client.send("SEND", {"destination": queue, "message-id": "mine"}, "x")
    assert refused(client, "Invalid header").text == "'message-id' is not allowed on 'SEND'.\n"
    assert client.still_works()


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
@pytest.mark.parametrize("ack", ["auto", "client", "client-individual"])
def test_the_ack_header_is_there_where_it_is_needed(target: Target, queue: str, version: str, ack: str) -> None:
    client = target.client(version)
    fill(client, queue, 1)
    subscribe(client, queue, ack=ack)
    frame = client.expect("MESSAGE", subscription="1", destination=queue, redelivered="false")
    assert (frame.get("ack") is not None) == (version == "1.2" and ack != "auto")
    if ack != "auto":
        name = "id" if version == "1.2" else "message-id"
        client.receipt("ACK", {name: frame["message-id"]})


@pytest.mark.parametrize("command", ["FOO", "send", "MESSAGE", "RECEIPT"])
def test_a_command_nobody_knows(target: Target, command: str) -> None:
    client = target.client()
    client.send(command, {"destination": "/queue/x", "receipt": "r"})
    text = f'Could not interpret command "{command}"\n'
    assert refused(client, "Bad command", "r", target.promises).text == text
    assert client.still_works()


def test_many_messages_stay_in_order(target: Target, queue: str) -> None:
    client = target.client()
    for number in range(2_000):
        client.send("SEND", {"destination": queue}, str(number))
    client.receipt("SEND", {"destination": queue}, "2000")
    reader = target.client()
    subscribe(reader, queue, ack="auto")
    assert bodies(reader.messages(2_001)) == [str(number) for number in range(2_001)]
