"""What real servers sent is marked and read as it was meant, however the network cut it."""

from __future__ import annotations

import random
import socket

import pytest

from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import FrameMarker
from tests.captures import Capture, captures
from tests.replay import Replay

STOMP = [capture for capture in captures().values() if capture.speaks_stomp]


def marked(capture: Capture, pieces: list[bytes]) -> tuple[list[bytes], dict[int, str], list[int]]:
    marker = FrameMarker()
    frames: list[bytes] = []
    odd: dict[int, str] = {}
    others: list[int] = []
    for piece in pieces:
        batch = marker.feed_message(piece) if capture.websocket else marker.feed(piece)
        if batch:
            odd |= {len(frames) + index: why for index, why in batch.odd.items()}
            others += [len(frames) + index for index in batch.others]
            frames += batch.frames()
    assert marker.unfinished == 0
    return frames, odd, others


@pytest.mark.parametrize("capture", STOMP, ids=lambda capture: capture.name)
def test_a_captured_stream_gives_its_frames(capture: Capture) -> None:
    frames, odd, others = marked(capture, capture.from_server)
    assert tuple(Frame(raw).command for raw in frames) == capture.server_frames
    assert odd == capture.odd
    assert others == [index for index, command in enumerate(capture.server_frames) if command != "MESSAGE"]


@pytest.mark.parametrize("capture", [c for c in STOMP if not c.websocket], ids=lambda capture: capture.name)
def test_any_cut_of_a_stream_gives_the_same_frames(capture: Capture) -> None:
    stream = b"".join(capture.from_server)
    expected = marked(capture, [stream])
    dice = random.Random(capture.name)
    for largest in (1, 3, 40, 2000):
        pieces = []
        at = 0
        while at < len(stream):
            size = dice.randint(1, largest)
            pieces.append(stream[at : at + size])
            at += size
        assert marked(capture, pieces) == expected


def frame_of(name: str, command: str = "MESSAGE", nth: int = 0, version: str = "1.2") -> Frame:
    frames = [Frame(raw, version) for raw in marked(captures()[name], captures()[name].from_server)[0]]
    return [frame for frame in frames if frame.command == command][nth]


def test_a_text_with_a_nul_does_not_eat_the_message_behind_it() -> None:
    assert frame_of("activemq6/java-messages").body == "text 😀 nul[".encode()
    assert frame_of("activemq6/java-messages", nth=1).body == b"\x00\x01\xff"


def test_springs_wrong_content_length_does_not_cut_the_body() -> None:
    frame = frame_of("spring/binary-message")
    assert frame.get("content-length") == "6"
    assert frame.body_size == len(frame.body) == 10
    assert frame.faults == ("content-length says 6, the body has 10 bytes",)


def test_headers_are_unescaped_as_the_version_says() -> None:
    raw = frame_of("rabbitmq/body-hdr-esc-1.2").raw
    assert Frame(raw, "1.0").get("message-id") == Frame(raw, "1.2").get("message-id")
    escaped = {name: value for name, value in Frame(raw, "1.0").headers if "\\" in value}
    assert escaped
    for name, value in escaped.items():
        assert Frame(raw, "1.2").get(name) != value


def test_a_header_that_is_not_utf8_is_kept_and_told() -> None:
    frame = frame_of("rabbitmq/body-hdr-latin1")
    assert any("not UTF-8" in fault for fault in frame.faults)
    assert any("\udce9" in value for _, value in frame.headers)


def test_the_replay_server_serves_a_capture() -> None:
    capture = captures()["artemis/java-messages"]
    with Replay(capture.name, piece=7) as server, socket.create_connection(("127.0.0.1", server.port)) as client:
        client.settimeout(10)
        answer = b""
        wanted = 0
        for who, data in capture.turns:
            if who == "c":
                client.sendall(data)
                continue
            wanted += len(data)
            while len(answer) < wanted:
                answer += client.recv(65536)
    assert answer == b"".join(capture.from_server)
    assert server.received == [b"".join(data for who, data in capture.turns if who == "c")]
