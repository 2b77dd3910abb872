"""What each broker makes of a reply queue."""

from __future__ import annotations

import pytest

from stomptui.brokers.registry import BROKERS


@pytest.mark.parametrize(
    ("broker", "reply_to", "subscription", "subscribes"),
    [
        ("rabbitmq", "/temp-queue/replies-t1", "/temp-queue/replies-t1", False),
        ("embedded", "/temp-queue/replies-t1", "/temp-queue/replies-t1", False),
        ("activemq", "/temp-queue/replies-t1", "replies-t1", True),
        ("artemis", "stomptui.replies.t1", "replies-t1", True),
    ],
)
def test_the_reply_queue_of_a_broker(broker: str, reply_to: str, subscription: str, subscribes: bool) -> None:
    replies = BROKERS.named(broker).replies
    queue = replies.queue("t1")
    assert not replies.refusal
    assert queue is not None
    assert (queue.reply_to, queue.subscription, bool(queue.subscribe)) == (reply_to, subscription, subscribes)
    if subscribes:
        assert dict(queue.subscribe)["destination"] == reply_to


@pytest.mark.parametrize("broker", ["unknown", "coilmq", "spring"])
def test_where_nothing_is_known_no_request_is_sent(broker: str) -> None:
    assert BROKERS.named(broker).replies.refusal
