"""STOMP over WebSocket against a server that does what each test says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.connection.errors import SendQueueFull
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import Connected, Dropped, Fault, Lost, ReceiptArrived, Received
from stomptui.connection.frame_headers import Subscription
from stomptui.connection.session import Session
from stomptui.connection.transport.limits import Limits
from stomptui.connection.transport.websocket.pings import PingTimer
from stomptui.protocol.frame import Frame
from tests.interop.listening import Listening, connected
from tests.support.websocket import (
    BINARY,
    CLOSE,
    CONNECTED,
    PING,
    PONG,
    TEXT,
    Peer,
    WebSocketServer,
    close_frame,
    frame,
    message,
)


def lost(listening: Listening) -> Lost:
    return listening.wait_for(Lost)


class TestSending:
    def sent(self, body: bytes, answer: bytes = CONNECTED, **changes: object) -> list[tuple[int, bytes]]:
        """The data messages that a SEND of that body makes."""
        found: list[tuple[int, bytes]] = []

        def talk(peer: Peer) -> None:
            peer.greet(answer)
            size = 0
            while size < len(encoded):
                found.append(peer.read())
                size += len(found[-1][1])
            peer.send(message(b"got it"))
            peer.wait_for_end()

        encoded = b"SEND\ndestination:/queue/x\ncontent-length:%d\n\n%s\0" % (len(body), body)
        with WebSocketServer(talk) as server, connected(server.connection(**changes)) as listening:
            headers = [("destination", "/queue/x"), ("content-length", str(len(body)))]
            listening.session.send("SEND", headers, body)
            listening.wait_for_frames("MESSAGE", 1)
        assert b"".join(payload for _, payload in found) == encoded
        return found

    def test_text_in_one_text_message(self) -> None:
        ((opcode, _),) = self.sent("say hi! é 日本 👋".encode())
        assert opcode == TEXT

    def test_bytes_in_a_binary_message(self) -> None:
        ((opcode, _),) = self.sent(b"\0\xff")
        assert opcode == BINARY

    @pytest.mark.parametrize(
        ("answer", "changes", "largest"),
        [
            (CONNECTED, {}, 8192),
            (b"CONNECTED\nversion:1.2\nserver:RabbitMQ/3.10.8\nsession:1\n\n\0", {}, 8192),
            (b"CONNECTED\nversion:1.1\nserver:STOMP-JS/1.3.0\nsession:1\n\n\0", {}, None),
            (CONNECTED, {"ws_message_size": 0}, None),
            (b"CONNECTED\nversion:1.1\nserver:STOMP-JS/1.3.0\nsession:1\n\n\0", {"ws_message_size": 1000}, 1000),
        ],
    )
    def test_a_frame_is_cut_where_the_server_joins_it_or_the_person_says_so(
        self, answer: bytes, changes: dict[str, object], largest: int | None
    ) -> None:
        sizes = [len(payload) for _, payload in self.sent(b"x" * 20_000, answer, **changes)]
        assert sizes[0] == largest if largest else len(sizes) == 1

    def test_what_is_large_in_several_messages(self) -> None:
        messages = self.sent("é".encode() * 15_000)
        assert {opcode for opcode, _ in messages} == {TEXT}
        assert all(len(payload) <= 8192 for _, payload in messages)
        assert all(payload.decode() for _, payload in messages), "none is cut inside a character"

    def test_springs_broker_is_not_asked_for_receipts_that_never_come(self) -> None:
        seen: list[bytes] = []

        def talk(peer: Peer) -> None:
            peer.greet()
            seen.append(peer.read_stomp())
            peer.send(message(b"got it"))
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection()) as listening:
            listening.session.subscribe(Subscription("1", "/topic/x"))
            listening.wait_for_frames("MESSAGE", 1)
            listening.session.close()
            assert lost(listening).unconfirmed == ()
        assert seen == [b"SUBSCRIBE\nid:1\ndestination:/topic/x\nack:auto\n\n\0"]

    def test_sending_never_blocks_and_is_bounded(self) -> None:
        def talk(peer: Peer) -> None:
            peer.greet()
            threading.Event().wait(20)

        with WebSocketServer(talk) as server:
            inbox = EventQueue(lambda: None)
            session = Session(server.connection(), inbox, BROKERS, Limits(max_unsent=1 << 20))
            session.open()
            _wait_for(inbox, Connected)
            headers = [("destination", "/queue/x")]
            with pytest.raises(SendQueueFull):
                _send_for_ever(session, headers)
            session.close()
            assert session.join(20)


class TestReceiving:
    def receive(self, data: bytes, count: int, **changes: object) -> Listening:
        """What a client makes of those bytes after CONNECTED."""

        def talk(peer: Peer) -> None:
            peer.greet()
            peer.sock.sendall(data)
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection(**changes)) as listening:
            listening.wait_for_frames("MESSAGE", count)
            return listening

    def bodies(self, listening: Listening) -> list[bytes]:
        return [frame.body for frame in listening.frames if frame.command == "MESSAGE"]

    def odd(self, listening: Listening) -> list[str]:
        return [text for event in listening.events if isinstance(event, Received) for text in event.batch.odd.values()]

    def test_the_end_of_a_message_ends_a_frame_whatever_content_length_says(self) -> None:
        data = frame(TEXT, message("a\ufffd\ufffd\ufffdb".encode(), "content-length:6")) + frame(TEXT, message(b"next"))
        listening = self.receive(data, 2)
        assert self.bodies(listening) == ["a\ufffd\ufffd\ufffdb".encode(), b"next"]
        assert self.odd(listening) == ["content-length says 6, the body has 11 bytes"]

    def test_one_that_claims_more_than_came_does_not_swallow_the_next(self) -> None:
        data = frame(TEXT, message(b"short", "content-length:500")) + frame(TEXT, message(b"next"))
        assert self.bodies(self.receive(data, 2)) == [b"short", b"next"]

    def test_a_frame_in_pieces_and_fragments_with_a_ping_between(self) -> None:
        whole = message(b"cut" * 10_000, "content-length:30000")
        data = frame(TEXT, whole[:5000]) + frame(TEXT, whole[5000:9000], final=False)
        data += frame(PING, b"still there?") + frame(0, whole[9000:])
        assert self.bodies(self.receive(data, 1)) == [b"cut" * 10_000]

    def test_many_frames_and_ends_of_line_in_one_message(self) -> None:
        data = frame(TEXT, b"\n" + message(b"one") + b"\n\n" + message(b"two") + b"\n") + frame(TEXT, b"\n")
        assert self.bodies(self.receive(data, 2)) == [b"one", b"two"]

    def test_bytes_in_text_messages_are_taken_as_they_are(self) -> None:
        body = bytes(range(256))
        assert self.bodies(self.receive(frame(TEXT, message(body, "content-length:256")), 1)) == [body]

    def test_many_small_messages_come_in_few_batches(self) -> None:
        data = b"".join(frame(TEXT, message(b"%d" % number)) for number in range(5000))
        listening = self.receive(data, 5000)
        assert self.bodies(listening) == [b"%d" % number for number in range(5000)]
        received = [event for event in listening.events if isinstance(event, Received)]
        assert len(received) < 500
        assert sum(event.counts.get("1", 0) for event in received) == 5000

    def test_a_large_binary_message(self) -> None:
        body = bytes(range(256)) * (20 << 12)
        data = frame(BINARY, message(body, f"content-length:{len(body)}"))
        assert self.bodies(self.receive(data, 1)) == [body]

    def test_a_ping_is_answered_with_its_own_words(self) -> None:
        def talk(peer: Peer) -> None:
            peer.greet()
            peer.sock.sendall(frame(PING, b"are you there?"))
            assert peer.read() == (PONG, b"are you there?")
            peer.send(message(b"fine"))
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection()) as listening:
            listening.wait_for_frames("MESSAGE", 1)

    def test_reading_stops_while_the_inbox_is_full_and_goes_on_after(self) -> None:
        count = 3000
        data = b"".join(frame(TEXT, message(b"x" * 1000)) for _ in range(count))

        def talk(peer: Peer) -> None:
            peer.greet(b"CONNECTED\nversion:1.2\nserver:RabbitMQ/3.10.8\n\n\0\n")
            peer.sock.sendall(data)
            peer.wait_for_end()

        arrived = threading.Event()
        inbox = EventQueue(arrived.set, max_frames=100)
        with WebSocketServer(talk) as server:
            session = Session(server.connection(), inbox, BROKERS)
            session.open()
            frames = 0
            deadline = time.monotonic() + 30
            while frames < count + 1 and time.monotonic() < deadline:
                arrived.wait(1)
                arrived.clear()
                most = inbox.frames
                while (event := inbox.get()) is not None:
                    frames += len(event.batch) if isinstance(event, Received) else 0
                assert most < 1500, "it is bounded, give or take one read"
            session.close()
        assert frames == count + 1

    def test_spring_is_never_kept_waiting_and_what_is_dropped_is_counted(self) -> None:
        count, done = 3000, threading.Event()

        def talk(peer: Peer) -> None:
            peer.greet()
            for _ in range(count):
                peer.send(message(b"x" * 1000))
            peer.sock.sendall(frame(PING, b"read it all?"))
            while peer.read() != (PONG, b"read it all?"):
                pass
            done.set()
            peer.wait_for_end()

        inbox = EventQueue(lambda: None, max_frames=100)
        with WebSocketServer(talk) as server:
            session = Session(server.connection(), inbox, BROKERS)
            session.open()
            assert done.wait(30), "the server got rid of everything though nobody looked"
            shown = dropped = 0
            while (event := inbox.get()) is not None:
                shown += len(event.batch) - len(event.batch.others) if isinstance(event, Received) else 0
                dropped += event.frames if isinstance(event, Dropped) else 0
            session.close()
        assert shown + dropped == count
        assert dropped > 0


class TestTheEnd:
    def ends(self, last: Callable[[Peer], object], **changes: object) -> Lost:
        def talk(peer: Peer) -> None:
            peer.greet()
            last(peer)
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection(**changes)) as listening:
            return lost(listening)

    @pytest.mark.parametrize(
        ("code", "reason", "words"),
        [
            (1000, "STOMP died", "it is done (1000 STOMP died)"),
            (1001, "", "it is going away (1001)"),
            (1002, "", "it saw a protocol error (1002)"),
            (1003, "", "does not take messages of this kind"),
            (1007, '{bad_escape,"\\\\t"}', '(1007 {bad_escape,"\\\\t"})'),
            (1008, "session that has ended", "(1008 session that has ended)"),
            (1009, "too big", "our WebSocket message was too large for it (1009 too big)"),
            (1011, "", "it failed (1011)"),
            (4500, "Failed to send message within the configured send limit", "we read too slowly"),
        ],
    )
    def test_close_codes_are_told_in_words(self, code: int, reason: str, words: str) -> None:
        answers: list[tuple[int, bytes]] = []

        def last(peer: Peer) -> None:
            peer.sock.sendall(close_frame(code, reason))
            answers.extend(peer.wait_for_end())

        assert words in self.ends(last).reason

    def test_an_end_without_a_close(self) -> None:
        assert "(1006)" in self.ends(lambda peer: peer.sock.shutdown(2)).reason

    def test_what_was_under_way_is_counted(self) -> None:
        def last(peer: Peer) -> None:
            peer.sock.sendall(frame(TEXT, message(b"x" * 1000))[:500])
            peer.sock.shutdown(2)

        assert "bytes of an unfinished frame were dropped" in self.ends(last).reason

    @pytest.mark.parametrize(
        "cut",
        [
            lambda whole: frame(TEXT, whole, length=5000),
            lambda whole: frame(TEXT, whole, length=70_000),
            lambda whole: frame(TEXT, whole, first=0x01),
            lambda whole: frame(TEXT, whole[:20], first=0x01) + frame(TEXT, whole[20:], first=0x00, length=5000),
            lambda whole: frame(TEXT, whole, first=0x01) + frame(PING, b"") + close_frame(1001),
            lambda whole: frame(TEXT, whole, first=0x01) + frame(3, b"of no known kind"),
            lambda whole: frame(TEXT, whole[:20]) + frame(TEXT, whole[20:], length=5000),
        ],
    )
    def test_frames_of_a_message_that_never_ended_are_recovered(self, cut: Callable[[bytes], bytes]) -> None:
        """Its length lies, or its last part is missing: what is whole in it is shown, and not acted on."""
        whole = b"".join(message(b"%d" % number) for number in range(3)) + b"RECEIPT\nreceipt-id:1\n\n\0"

        def talk(peer: Peer) -> None:
            peer.greet()
            peer.sock.sendall(cut(whole + b"MESSAGE\nhalf"))
            peer.sock.shutdown(1)
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection()) as listening:
            event = lost(listening)
        assert [frame.command for frame in listening.frames] == ["CONNECTED", *["MESSAGE"] * 3, "RECEIPT"]
        faults = [event for event in listening.events if isinstance(event, Fault)]
        told = "the end of a WebSocket message was reached: recovered 4 frames"
        assert any(told in fault.text for fault in faults), faults
        assert [fault.raw for fault in faults if "inside this frame" in fault.text] == [b"MESSAGE\nhalf"]
        assert "12 bytes of an unfinished frame were dropped" in event.reason
        assert not any(isinstance(event, ReceiptArrived) for event in listening.events)

    def test_frames_before_the_close_are_not_lost(self) -> None:
        def talk(peer: Peer) -> None:
            peer.greet()
            error = b"ERROR\nmessage:Session closed.\ncontent-length:0\n\n\0"
            peer.sock.sendall(frame(TEXT, message(b"last words")) + frame(TEXT, error) + close_frame(1002))
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection()) as listening:
            event = lost(listening)
        assert [frame.command for frame in listening.frames] == ["CONNECTED", "MESSAGE", "ERROR"]
        assert event.server_text == "Session closed."
        assert "(1002)" in event.reason

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (frame(3, b"x"), "unknown kind"),
            (frame(TEXT, b"x", first=0xC1), "compressed its WebSocket message"),
            (frame(TEXT, b"x", first=0xB1), "unknown kind"),
            (b"\x82\x7f" + (1 << 40).to_bytes(8, "big"), "larger than"),
        ],
    )
    def test_what_cannot_be_followed(self, data: bytes, words: str) -> None:
        event = self.ends(lambda peer: peer.sock.sendall(data))
        assert words in event.reason
        assert "what came behind it was not read" in event.reason

    def test_headers_without_an_end(self) -> None:
        endless = b"MESSAGE\n" + b"x" * 100_000
        event = self.ends(lambda peer: peer.send(endless))
        assert "headers larger than" in event.reason

    def test_our_goodbye_is_a_disconnect_and_a_close(self) -> None:
        seen: list[tuple[int, bytes]] = []
        ended = threading.Event()

        def talk(peer: Peer) -> None:
            peer.greet()
            encoded = peer.read_stomp()
            receipt = Frame(encoded[:-1]).get("receipt") or ""
            peer.send(f"RECEIPT\nreceipt-id:{receipt}\n\n\0".encode())
            seen.extend(peer.wait_for_end())
            ended.set()

        with WebSocketServer(talk) as server, connected(server.connection()) as listening:
            listening.session.disconnect()
            assert lost(listening).wanted
            assert listening.session.join(20)
            assert ended.wait(5)
        assert seen == [(CLOSE, b"\x03\xe8")]

    def test_what_spring_says_to_a_goodbye_is_no_error(self) -> None:
        def talk(peer: Peer) -> None:
            peer.greet()
            peer.read_stomp()
            peer.sock.sendall(frame(TEXT, b"ERROR\nmessage:Session closed.\n\n\0") + close_frame(1002))
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection()) as listening:
            listening.session.disconnect()
            assert lost(listening).wanted
        assert not any(isinstance(event, Fault) for event in listening.events)


class TestSignsOfLife:
    def test_heart_beats_are_text_messages(self) -> None:
        def talk(peer: Peer) -> None:
            peer.greet(b"CONNECTED\nversion:1.2\nheart-beat:0,200\n\n\0")
            assert peer.read() == (TEXT, b"\n")
            peer.send(message(b"heard"))
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection(heart_beat=(200, 0))) as listening:
            listening.wait_for_frames("MESSAGE", 1)

    def test_silence_where_beats_were_agreed(self) -> None:
        def talk(peer: Peer) -> None:
            peer.greet(b"CONNECTED\nversion:1.2\nheart-beat:100,0\n\n\0")
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection(heart_beat=(0, 100))) as listening:
            assert "nothing heard" in lost(listening).reason

    def test_pings_where_none_were_agreed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(PingTimer, "every", 0.1)

        def talk(peer: Peer) -> None:
            peer.greet()
            assert peer.read() == (PING, b"")
            peer.sock.sendall(frame(PONG, b""))
            assert peer.read() == (PING, b"")
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection()) as listening:
            assert "nor an answer to WebSocket pings" in lost(listening).reason, "it used to answer them"

    def test_a_server_that_never_answers_pings_is_left_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(PingTimer, "every", 0.05)

        def talk(peer: Peer) -> None:
            peer.greet()
            for _ in range(8):
                assert peer.read() == (PING, b"")
            peer.send(message(b"still here"))
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection()) as listening:
            listening.wait_for_frames("MESSAGE", 1)

    def test_no_pings_where_heart_beats_were_agreed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(PingTimer, "every", 0.05)
        seen: list[int] = []

        def talk(peer: Peer) -> None:
            peer.greet(b"CONNECTED\nversion:1.2\nheart-beat:0,100\n\n\0")
            for _ in range(3):
                seen.append(peer.read()[0])
            peer.send(message(b"enough"))
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection(heart_beat=(100, 0))) as listening:
            listening.wait_for_frames("MESSAGE", 1)
        assert seen == [TEXT, TEXT, TEXT]


def _wait_for(inbox: EventQueue, kind: type[Connected]) -> Connected:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        event = inbox.get()
        if isinstance(event, kind):
            return event
        if event is None:
            time.sleep(0.01)
    raise AssertionError(f"no {kind.__name__}")


def _send_for_ever(session: Session, headers: list[tuple[str, str]]) -> None:
    while True:
        session.send("SEND", headers, b"x" * 200_000)
