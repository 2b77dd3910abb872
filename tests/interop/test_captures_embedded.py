"""What clients once wrote to RabbitMQ, written to the embedded broker: it answers with the same kinds of frames.

`DIFFERENT` declares where it answers otherwise, and why; `NOT_PROMISED` what it has nothing of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import FrameMarker
from tests.captures import Capture, captures
from tests.support.embedded import EmbeddedBroker
from tests.support.raw import Closed, RawStomp

NOT_PROMISED = {
    "stream-": "no streams",
    "peek-quorum-": "no quorum queues",
    "websocket-": "TCP alone",
    "fault-connection-closed": "no management",
    "fault-consumer-timeout": "messages may stay in hand for ever",
    "fault-exclusive": "no exclusive queues",
    "fault-memory-alarm": "no alarms",
    "fault-queue-deleted": "no management",
    "fault-broker-": "nobody stops it here",
    "dlx-nack": "no dead letter exchanges: what is rejected goes to /queue/DLQ",
    "rpc-temp-queue": "the answer came from another client; the behaviour suite has both",
    "heartbeat-": "a matter of time; the behaviour suite has it",
    "compose-headers-read": "RabbitMQ's own properties",
}
DIFFERENT = {
    "ack-twice": (
        "ERROR instead of a RECEIPT for what failed",
        "CONNECTED",
        *["MESSAGE"] * 5,
        "RECEIPT",
        "MESSAGE",
        "ERROR",
    ),
    "dest-sub-amqqueue-missing": ("no RECEIPT for what failed", "CONNECTED", "ERROR"),
    "sub-dup-id": ("no RECEIPT for what failed", "CONNECTED", "RECEIPT", "ERROR"),
    "tx-partial-ack-first": (
        "a bad SEND is refused at once, not at COMMIT",
        "CONNECTED",
        "MESSAGE",
        "MESSAGE",
        "ERROR",
    ),
    "body-cl-too-small": ("says why", "CONNECTED", "ERROR"),
    "body-hdr-10to12": ("in STOMP 1.0 a backslash is a backslash", "CONNECTED", "RECEIPT"),
    "body-hdr-badesc-1.2": ("says why", "CONNECTED", "ERROR"),
    "body-hdr-nocolon": ("says why", "CONNECTED", "ERROR"),
    "body-hdr-trailing-bs": ("says why", "CONNECTED", "ERROR"),
    "connect-twice": ("says why", "CONNECTED", "ERROR"),
}
STAYS_OPEN = ("body-hdr-10to12",)
"""Where RabbitMQ closed and the embedded broker does not: what it choked on is well formed here."""


def cases() -> list[Capture]:
    return [
        capture
        for capture in captures().values()
        if capture.broker == "rabbitmq" and not capture.case.startswith(tuple(NOT_PROMISED))
    ]


def frames(data: bytes) -> list[Frame]:
    batch = FrameMarker().feed(data)
    return [Frame(raw) for raw in batch.frames()] if batch else []


def preload(broker: EmbeddedBroker, capture: Capture) -> None:
    """Put into queues what was there before the client came: what it was given and had not sent."""
    sent = [(f.get("destination"), f.body) for who, data in capture.turns if who == "c" for f in frames(data)]
    seen = set()
    for frame in frames(b"".join(capture.from_server)):
        destination = frame.get("destination")
        if frame.command != "MESSAGE" or destination is None or not destination.startswith("/queue/"):
            continue
        key = (destination, frame.body)
        if key not in seen and key not in sent and not destination.startswith("/queue/amq.gen-"):
            broker.publish(destination, frame.body)
        seen.add(key)


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker(users={"guest": "guest"}, vhosts={"/"}) as broker:
        yield broker


@pytest.mark.parametrize("capture", cases(), ids=lambda capture: capture.case)
def test_the_same_kinds_of_frames_come_back(broker: EmbeddedBroker, capture: Capture) -> None:
    preload(broker, capture)
    expected = list(DIFFERENT[capture.case][1:] if capture.case in DIFFERENT else capture.server_frames)
    with RawStomp(broker.host, broker.port) as client:
        got, ended = replay(client, capture, len(expected))
        while not ended and len(got) < len(expected):
            got.append(client.read(5).command)
        if not ended and capture.end == "FIN" and capture.case not in STAYS_OPEN:
            got += [frame.command for frame in client.expect_closed()]
        elif not ended:
            client.expect_nothing(0.05)
    assert got == expected


def replay(client: RawStomp, capture: Capture, most: int) -> tuple[list[str], bool]:
    """Write what the client wrote, when it wrote it: once as many frames have come as had come then.

    Returns:
        The commands that came back, and whether the broker closed the connection.
    """
    got: list[str] = []
    marker = FrameMarker()
    theirs = re.search(rb"session:(\S+)", b"".join(capture.from_server))
    ours = b""
    awaited = 0
    for who, data in capture.turns:
        if who == "c":
            # Acknowledgements name the session: put the one of today.
            client.send_raw(data.replace(theirs[1], ours) if theirs and ours else data)
            continue
        batch = marker.feed(data)
        awaited += len(batch) if batch else 0
        while len(got) < min(awaited, most):
            try:
                frame = client.read(5)
            except Closed:
                return got, True
            got.append(frame.command)
            if frame.command == "CONNECTED":
                ours = frame["session"].encode()
    return got, False


def test_every_declared_difference_is_of_a_capture_there_is() -> None:
    names = {capture.case for capture in captures().values() if capture.broker == "rabbitmq"}
    assert set(DIFFERENT) <= names
    assert all(any(name.startswith(prefix) for name in names) for prefix in NOT_PROMISED)
