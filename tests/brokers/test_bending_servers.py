"""The dialects of servers that bend the rules: what is left out, refused and hinted at, so that they survive us."""

from __future__ import annotations

from array import array

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.connection.counted_characters import excuse
from stomptui.connection.dialect.hints import Hint
from stomptui.connection.errors import Unsupported
from stomptui.connection.frame_headers import ack_headers, nack_headers
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch, FrameMarker

MESSAGE = Frame(b"MESSAGE\nsubscription:1\nmessage-id:7\nid:7\nack:7\n\nx", "1.2")


def texts(hints: list[Hint], field: str) -> str:
    return "; ".join(hint.text for hint in hints if hint.field == field)


class TestGoStomp:
    dialect = BROKERS.named("gostomp")

    @pytest.mark.parametrize("version", ["1.1", "1.2"])
    def test_no_ack_is_sent_and_it_is_said_why(self, version: str) -> None:
        with pytest.raises(Unsupported, match="or ends over it: none is sent"):
            ack_headers(MESSAGE, version, self.dialect)
        with pytest.raises(Unsupported, match="keeps the message all the same"):
            nack_headers(MESSAGE, None, version, self.dialect)

    def test_a_queue_shows_what_it_keeps_and_nothing_is_counted_on(self) -> None:
        reading = self.dialect.reading(self.dialect.default_mode("/queue/x"))
        assert reading[:3] == ("client-individual", None, "hold")
        assert self.dialect.reading("consume").ack == "auto"
        assert not self.dialect.is_queue("/topic/x")
        assert not self.dialect.is_queue("/exchange/x")
        assert "one message and no more" in texts(self.dialect.hints.subscribe("/queue/x", "client"), "ack")
        assert "takes every message out" in texts(self.dialect.hints.subscribe("/queue/x", "auto"), "ack")

    def test_only_what_it_confirms_is_asked_to_be(self) -> None:
        assert self.dialect.gives_receipt("/queue/x")
        assert self.dialect.gives_receipt("", "DISCONNECT")
        assert not self.dialect.gives_receipt("/queue/x", "SUBSCRIBE")
        assert not self.dialect.gives_receipt("/queue/x", "UNSUBSCRIBE")

    def test_a_header_that_it_overwrites_is_told(self) -> None:
        hints = self.dialect.hints.send("/queue/x", [("id", "mine")], receipt=False)
        assert texts(hints, "header:id") == "is replaced by a number"


class TestStompBrokerJs:
    dialect = BROKERS.named("stompbrokerjs")

    @pytest.mark.parametrize(
        ("content_type", "body", "told", "asks"),
        [
            ("application/json", b"{nope", "the whole server ends over it", True),
            ("application/json", b"", "the whole server ends over it", True),
            ("application/json", b'{"a":  1}', "is parsed and written again", False),
            ("application/json", b'{"a":\n\n1}', "the whole server ends over it", True),
            ("text/plain", b"a\n\nb", "an empty line arrives as a comma", True),
            ("text/plain", b"a\0b", "cut at the NUL", True),
            ("text/plain", b"a\xffb", "not text arrive broken", True),
            ("text/plain", b"plain", "", False),
        ],
    )
    def test_what_becomes_of_a_body_is_told(self, content_type: str, body: bytes, told: str, asks: bool) -> None:
        hints = self.dialect.hints.send("/topic/x", [("content-type", content_type)], body=body, receipt=False)
        about = [hint for hint in hints if hint.field == "body"]
        assert [told in hint.text and hint.asks is asks for hint in about] == ([True] if told else [])

    def test_ones_own_messages_do_not_come_back(self) -> None:
        assert "not this one" in texts(self.dialect.hints.send("/topic/x"), "destination")
        assert "never comes back" in texts(self.dialect.hints.subscribe("/topic/x"), "destination")

    def test_nothing_is_asked_of_it_that_it_never_answers(self) -> None:
        assert not self.dialect.gives_receipt("/topic/x")
        assert not self.dialect.acknowledges("/queue/x")
        assert self.dialect.websocket_message == 0

    @pytest.mark.parametrize("value", ["a:b", "a\\b", "a\nb"])
    def test_a_header_that_would_arrive_escaped_is_told(self, value: str) -> None:
        hints = self.dialect.hints.send("/topic/x", [("app-id", value)], receipt=False)
        assert "with its escapes" in texts(hints, "header:app-id")


def counted(body: str, length: int) -> Batch:
    raw = f"MESSAGE\ncontent-length:{length}\n\n{body}\0".encode()
    batch = FrameMarker().feed_message(raw)
    assert batch is not None
    return batch


@pytest.mark.parametrize(("body", "length"), [("hé", 2), ("日本", 2), ("\U0001f44b!", 3)])
def test_a_length_in_characters_is_no_fault(body: str, length: int) -> None:
    batch = counted(body, length)
    assert batch.odd
    assert excuse(batch) == 1
    assert batch.odd == {}
    assert batch.frame(0).endswith(body.encode())


@pytest.mark.parametrize(("body", "length"), [("hé", 1), ("abc", 2), ("\U0001f44b!", 2)])
def test_any_other_length_stays_one(body: str, length: int) -> None:
    batch = counted(body, length)
    assert excuse(batch) == 0
    assert len(batch.odd) == 1


def test_a_length_that_is_none_stays_a_fault() -> None:
    raw = b"MESSAGE\ncontent-length:x\n\n\xff"
    assert excuse(Batch(raw + b"\0", array("I", (0, len(raw))), {0: "content-length is not a number"})) == 0
