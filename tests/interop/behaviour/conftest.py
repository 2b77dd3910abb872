"""One suite for every broker that promises what RabbitMQ promises over STOMP, the one in the box first of all.

Judged by a client on a bare socket. Where two brokers differ by design, `Promises` says what each does.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import pytest

from tests.interop.behaviour.promises import EMBEDDED, RABBITMQ, Target
from tests.support.embedded import EmbeddedBroker


@pytest.fixture(scope="session")
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
