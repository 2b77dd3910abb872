"""The draft of a reply: where it goes, and by what the other side knows what it answers."""

from __future__ import annotations

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.compose.draft import Draft
from stomptui.compose.reply import NoReply, begin_reply
from stomptui.protocol.codec import encode
from stomptui.protocol.frame import Frame

ASKED = {"destination": "/queue/ask", "message-id": "ID:1", "subscription": "1"}


def frame(command: str = "MESSAGE", **headers: str) -> Frame:
    lines = [*ASKED.items(), *((name.replace("_", "-"), value) for name, value in headers.items())]
    return Frame(encode(command, lines, b"?", "1.2")[:-1], "1.2")


def written(draft: Draft) -> list[tuple[str, str]]:
    return [(line.name, line.value) for line in draft.headers]


def test_it_goes_to_the_reply_to_with_the_correlation_id_and_the_content_type() -> None:
    reply = begin_reply(frame(reply_to="/queue/back", correlation_id="c-1", content_type="text/xml", other="x"))
    assert reply.draft.destination == "/queue/back"
    assert written(reply.draft) == [("correlation-id", "c-1"), ("content-type", "text/xml")]
    assert not reply.draft.body
    assert "the correlation-id is that of the message" in reply.note


def test_without_a_correlation_id_it_names_the_message_id() -> None:
    reply = begin_reply(frame(reply_to="/queue/back"))
    assert written(reply.draft) == [("correlation-id", "ID:1")]
    assert "the message-id of the message, which has none" in reply.note


@pytest.mark.parametrize("broker", ["rabbitmq", "artemis", "embedded"])
def test_a_message_id_of_one_delivery_names_nothing(broker: str) -> None:
    replies = BROKERS.named(broker).replies
    reply = begin_reply(frame(reply_to="/queue/back"), replies.destination, replies.own_ids)
    assert written(reply.draft) == []
    assert "without a correlation-id" in reply.note


def test_on_rabbitmq_the_sender_knows_its_amqp_message_id() -> None:
    replies = BROKERS.named("rabbitmq").replies
    reply = begin_reply(frame(reply_to="/reply-queue/q", amqp_message_id="m-7"), replies.destination, replies.own_ids)
    assert written(reply.draft) == [("correlation-id", "m-7")]


@pytest.mark.parametrize("reply_to", ["queue://back", "temp-queue://back", "back"])
def test_on_artemis_a_reply_to_of_jms_is_an_address(reply_to: str) -> None:
    replies = BROKERS.named("artemis").replies
    assert begin_reply(frame(reply_to=reply_to), replies.destination).draft.destination == "back"


def test_what_the_sender_wrote_is_no_variable() -> None:
    assert begin_reply(frame(reply_to="/queue/back")).draft.variables
    assert not begin_reply(frame(reply_to="/queue/{{uuid}}")).draft.variables


def test_without_a_reply_to_there_is_no_reply() -> None:
    with pytest.raises(NoReply, match="it has no reply-to"):
        begin_reply(frame(reply_to=""))
    with pytest.raises(NoReply, match="it was sent from here"):
        begin_reply(frame("SEND", reply_to="/queue/back"))
