"""Parking a subscription of RabbitMQ while messages keep coming."""

from __future__ import annotations

from typing import cast

import pytest

from stomptui.brokers.rabbitmq.peek.parking import _unsubscribe
from stomptui.connection.blocking_client import BlockingClient, RequestRefused

LATE = "Subscription not found\nThere is no current subscription with tag 'T_peek-1'."


class Answering:
    """A client whose UNSUBSCRIBE gets some ERRORs before its RECEIPT."""

    gone = ""

    def __init__(self, *errors: str) -> None:
        self.errors = list(errors)

    def post(self, command: str, headers: list[tuple[str, str]]) -> str:
        assert (command, headers) == ("UNSUBSCRIBE", [("id", "peek-1")])
        return "1"

    def wait(self, receipt: str) -> float:
        if self.errors:
            raise RequestRefused(self.errors.pop(0))
        return 0.0


def test_messages_on_their_way_when_it_ends_are_no_refusal() -> None:
    client = Answering(LATE, LATE, LATE)
    _unsubscribe(cast(BlockingClient, client), "peek-1")
    assert not client.errors


def test_a_refusal_is_one() -> None:
    with pytest.raises(RequestRefused, match="access"):
        _unsubscribe(cast(BlockingClient, Answering("access refused")), "peek-1")
