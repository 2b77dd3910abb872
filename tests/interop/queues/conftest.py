"""A test that takes `place` runs wherever something is promised about looking into queues."""

from __future__ import annotations

import itertools
import os
from typing import Any

import pytest

from tests.interop.queues.promises import PROMISES, Place, Promise
from tests.support.artemis_queues import remember
from tests.support.brokers import REGISTRY
from tests.support.brokers.base import ManagedBroker


def parameter(promise: Promise) -> Any:
    """A promise as the parameter of a fixture, marked with the broker it needs."""
    marks = [pytest.mark.broker(promise.broker)] if promise.broker in REGISTRY else []
    return pytest.param(promise, id=promise.id, marks=marks)


@pytest.fixture(params=[parameter(promise) for promise in PROMISES])
def place(request: pytest.FixtureRequest) -> Place:
    promise: Promise = request.param
    broker = request.getfixturevalue(promise.broker)
    assert isinstance(broker, ManagedBroker)
    return Place(broker, promise)


@pytest.fixture(autouse=True)
def _remember(request: pytest.FixtureRequest) -> None:
    if "artemis" in request.fixturenames:
        remember(request.getfixturevalue("artemis"))


_numbers = itertools.count()


@pytest.fixture
def name() -> str:
    """The name of a queue that no other test uses."""
    return f"look.{os.getpid()}.{next(_numbers)}"
