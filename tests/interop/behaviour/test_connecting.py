"""Versions, logins, heart-beats: what comes before and between frames."""

from __future__ import annotations

import time

import pytest

from tests.interop.behaviour.promises import Target, broken_off, delivered_and_confirmed, refused
from tests.support.raw import Closed


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
    delivered_and_confirmed(target, client)


def test_a_byte_at_a_time(target: Target) -> None:
    client = target.client()
    for byte in b"SEND\ndestination:/topic/slow\nreceipt:r\ncontent-length:3\n\na\0b\0\n":
        client.send_raw(bytes([byte]))
    client.expect("RECEIPT", receipt_id="r")


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
    began = time.monotonic()
    client.connect(heart_beat=f"{target.promises.shortest_heart_beat},0")
    with pytest.raises(Closed):
        client.read(timeout=15)
    # Not at once: a late heart-beat is forgiven. How much later is the machine's affair.
    assert time.monotonic() - began >= target.promises.notices_silence_after * 0.9


def test_a_client_that_beats_stays(target: Target) -> None:
    interval = max(0.3, target.promises.shortest_heart_beat / 1000)
    client = target.socket()
    client.connect(heart_beat=f"{interval * 1000:.0f},0")
    until = time.monotonic() + interval * 4
    while time.monotonic() < until:
        client.send_raw(b"\n")
        client.expect_nothing(interval / 4)
    assert client.still_works()
