"""One suite for every broker that promises what RabbitMQ promises over STOMP, the one in the box first of all.

Judged by a client on a bare socket. Where two brokers differ by design, `Promises` says what each does.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.embedded import EmbeddedBroker
from tests.support.raw import Closed, RawFrame, RawStomp


@dataclass(frozen=True)
class Promises:
    """What a broker does where others do something else."""

    server: str
    """How its `server` header begins."""
    keeps_header_order: bool
    """The sender's headers come in the sender's order."""
    keeps_receipt_header: bool
    """The sender's `receipt` header is delivered too."""
    escapes_in_1_0: bool
    """Headers are escaped and unescaped in STOMP 1.0, which has no escapes."""
    escapes_cr_in_1_1: bool
    """\\r is an escape in STOMP 1.1 too."""
    says_why_it_closes: bool
    """A broken frame is answered with ERROR before the connection ends."""
    receipt_despite_error: bool
    """What fails late (a SUBSCRIBE of a missing queue, a second ACK, a COMMIT) gets its RECEIPT all the same."""
    names_the_receipt: bool
    """ERROR has a `receipt-id`."""
    atomic_commit: bool
    """A COMMIT that fails does nothing."""
    dead_letters: bool
    """What is rejected with requeue:false goes to /queue/DLQ without any declaration."""
    shortest_heart_beat: int
    """Milliseconds; what is asked for below is raised to it."""
    notices_silence_after: float
    """Seconds until a client that promised a heart-beat every `shortest_heart_beat` and says nothing is let go."""


EMBEDDED = Promises(
    server="stomptui/",
    keeps_header_order=True,
    keeps_receipt_header=False,
    escapes_in_1_0=False,
    escapes_cr_in_1_1=False,
    says_why_it_closes=True,
    receipt_despite_error=False,
    names_the_receipt=True,
    atomic_commit=True,
    dead_letters=True,
    shortest_heart_beat=100,
    notices_silence_after=0.3,
)
RABBITMQ = Promises(
    server="RabbitMQ/",
    keeps_header_order=False,
    keeps_receipt_header=True,
    escapes_in_1_0=True,
    escapes_cr_in_1_1=True,
    says_why_it_closes=False,
    receipt_despite_error=True,
    names_the_receipt=False,
    atomic_commit=False,
    dead_letters=False,
    shortest_heart_beat=1000,
    notices_silence_after=3.0,
)


class Target:
    """A broker under test, and clients of it that are closed when the test is over."""

    def __init__(self, host: str, port: int, promises: Promises) -> None:
        self.host = host
        self.port = port
        self.promises = promises
        self.clients: list[RawStomp] = []

    def socket(self) -> RawStomp:
        client = RawStomp(self.host, self.port)
        self.clients.append(client)
        return client

    def client(self, version: str = "1.2") -> RawStomp:
        client = self.socket()
        client.connect(version)
        return client

    def close(self) -> None:
        for client in self.clients:
            client.close()


@pytest.fixture(scope="module")
def box() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker(users={"guest": "guest"}, vhosts={"/"}) as broker:
        yield broker


@pytest.fixture(params=["embedded", pytest.param("rabbitmq", marks=pytest.mark.broker("rabbitmq"))])
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    if request.param == "embedded":
        target = Target("127.0.0.1", request.getfixturevalue("box").port, EMBEDDED)
    else:
        target = Target("127.0.0.1", request.getfixturevalue("rabbitmq").port, RABBITMQ)
    yield target
    target.close()


_numbers = itertools.count()


@pytest.fixture
def queue() -> str:
    """A destination that no other test uses."""
    return f"/queue/behaviour.{os.getpid()}.{next(_numbers)}"


@pytest.fixture
def topic() -> str:
    return f"/topic/behaviour.{os.getpid()}.{next(_numbers)}"


def fill(client: RawStomp, queue: str, count: int) -> None:
    """m0, m1, ... into a queue, all of them there when this returns."""
    for number in range(count):
        client.receipt("SEND", {"destination": queue, "persistent": "true"}, f"m{number}")


def subscribe(client: RawStomp, destination: str, id: str = "1", ack: str = "client-individual", **more: str) -> None:
    headers = {"id": id, "destination": destination, "ack": ack}
    headers.update({name.replace("_", "-"): value for name, value in more.items()})
    # The RECEIPT comes before the backlog: nothing may come earlier.
    assert client.receipt("SUBSCRIBE", headers) == []


def bodies(frames: list[RawFrame]) -> list[str]:
    return [frame.text for frame in frames]


def marks(frames: list[RawFrame]) -> list[str]:
    return [frame["redelivered"] for frame in frames]


def refused(client: RawStomp, message: str, receipt: str = "", promises: Promises | None = None) -> RawFrame:
    """The next frame is ERROR with that `message`."""
    frame = client.expect("ERROR", message=message)
    assert frame["version"] == "1.0,1.1,1.2"
    if promises is not None and receipt:
        assert frame.get("receipt-id") == (receipt if promises.names_the_receipt else None)
    return frame


def broken_off(target: Target, client: RawStomp) -> None:
    """The connection ends, with a reason where the broker promises one."""
    frames = client.expect_closed()
    assert [frame.command for frame in frames] == (["ERROR"] if target.promises.says_why_it_closes else [])


# -- CONNECT


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [(None, "1.0"), ("1.0", "1.0"), ("1.1", "1.1"), ("1.2", "1.2"), ("1.0,1.1,1.2", "1.2"), ("1.1,1.0", "1.1"),
     ("1.2,2.0", "1.2")],
)  # fmt: skip
def test_the_newest_common_version_is_spoken(target: Target, asked: str | None, spoken: str) -> None:
    connected = target.socket().connect(asked)
    assert connected["version"] == spoken
    assert connected["server"].startswith(target.promises.server)
    assert connected["session"]
    assert connected["heart-beat"] == "0,0"


def test_no_common_version_is_refused_and_the_socket_may_try_again(target: Target) -> None:
    client = target.socket()
    client.send("CONNECT", {"accept-version": "2.1", "login": "guest", "passcode": "guest", "host": "/"})
    assert refused(client, "Version mismatch").text == "Supported versions are 1.0,1.1,1.2\n"
    client.connect("1.2")
    assert client.still_works()


def test_stomp_is_another_word_for_connect(target: Target) -> None:
    client = target.socket()
    client.send("STOMP", {"accept-version": "1.2", "host": "/", "login": "guest", "passcode": "guest"})
    client.expect("CONNECTED", version="1.2")


def test_a_wrong_passcode_is_refused_and_the_socket_may_try_again(target: Target) -> None:
    client = target.socket()
    client.send("CONNECT", {"accept-version": "1.2", "login": "guest", "passcode": "wrong", "host": "/"})
    assert refused(client, "Bad CONNECT").text == "Access refused for user 'guest'\n"
    client.connect("1.2")


def test_a_wrong_virtual_host_is_refused(target: Target) -> None:
    client = target.socket()
    client.send("CONNECT", {"accept-version": "1.2", "login": "guest", "passcode": "guest", "host": "/nosuch"})
    assert refused(client, "Bad CONNECT").text == "Virtual host '/nosuch' access denied"


def test_neither_login_nor_host_is_needed(target: Target) -> None:
    client = target.socket()
    client.connect("1.2", login=None, passcode=None, host=None)
    assert client.still_works()


def test_frames_before_connect_are_refused(target: Target) -> None:
    client = target.socket()
    client.send("SEND", {"destination": "/queue/x"}, "x")
    assert refused(client, "Illegal command").text == "You must log in using CONNECT first"
    client.connect()


def test_a_second_connect_ends_the_connection(target: Target) -> None:
    client = target.client()
    client.send("CONNECT", {"accept-version": "1.2", "host": "/", "login": "guest", "passcode": "guest"})
    broken_off(target, client)


def test_a_heart_beat_that_is_none_is_refused(target: Target) -> None:
    client = target.socket()
    client.send("CONNECT", {"accept-version": "1.2", "host": "/", "heart-beat": "abc"})
    refused(client, "Processing error")


def test_everything_at_once_in_one_packet(target: Target, queue: str) -> None:
    client = target.socket()
    client.send_raw(
        b"\n\r\nCONNECT\naccept-version:1.2\nhost:/\nlogin:guest\npasscode:guest\n\n\0"
        + f"SUBSCRIBE\nid:s\ndestination:{queue}\n\n\0SEND\ndestination:{queue}\nreceipt:r\n\nx\0".encode()
    )
    client.expect("CONNECTED")
    client.expect("MESSAGE", subscription="s")
    client.expect("RECEIPT", receipt_id="r")


def test_a_byte_at_a_time(target: Target) -> None:
    client = target.client()
    for byte in b"SEND\ndestination:/topic/slow\nreceipt:r\ncontent-length:3\n\na\0b\0\n":
        client.send_raw(bytes([byte]))
    client.expect("RECEIPT", receipt_id="r")


# -- receipts


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
    client.expect("MESSAGE")
    client.expect("RECEIPT", receipt_id="r")


# -- headers and bodies


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


# -- destinations


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


# -- subscriptions


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


# -- acknowledgement, prefetch, redelivery


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


# -- transactions


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


# -- heart-beats


@pytest.mark.parametrize(
    ("asked", "answered"), [("1000,2000", "2000,1000"), ("0,5000", "5000,0"), ("5000,0", "0,5000"), ("1,1", "{0},{0}")]
)
@pytest.mark.parametrize("version", ["1.0", "1.2"])
def test_heart_beats_are_agreed_upon(target: Target, version: str, asked: str, answered: str) -> None:
    connected = target.socket().connect(version, heart_beat=asked)
    assert connected["heart-beat"] == answered.format(target.promises.shortest_heart_beat)


def test_the_broker_beats(target: Target) -> None:
    client = target.socket()
    client.connect(heart_beat=f"0,{target.promises.shortest_heart_beat}")
    # One line feed belongs to CONNECTED itself.
    deadline = time.monotonic() + 10
    while client.beats < 3 and time.monotonic() < deadline:
        client.expect_nothing(target.promises.shortest_heart_beat / 1000)
    assert client.beats >= 3


def test_a_silent_client_is_let_go(target: Target) -> None:
    client = target.socket()
    client.connect(heart_beat=f"{target.promises.shortest_heart_beat},0")
    began = time.monotonic()
    with pytest.raises(Closed):
        client.read(timeout=15)
    # Not at once: a late heart-beat is forgiven. How much later is the machine's affair.
    assert time.monotonic() - began >= target.promises.notices_silence_after * 0.9


def test_a_client_that_beats_stays(target: Target) -> None:
    client = target.socket()
    client.connect(heart_beat=f"{target.promises.shortest_heart_beat},0")
    until = time.monotonic() + target.promises.notices_silence_after * 1.5
    while time.monotonic() < until:
        client.send_raw(b"\n")
        client.expect_nothing(target.promises.shortest_heart_beat / 2000)
    assert client.still_works()


# -- commands


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
