"""Spring with other settings than its defaults; `spring` itself is in tests/conftest.py, as every broker is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.support.brokers import RabbitMQ, Spring
from tests.support.needs import need_broker

SpringWith = Callable[..., Spring]


@pytest.fixture(scope="session")
def _spring_variants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpringWith]:
    """One process at a time: the one before ends when other settings are asked for."""
    running: list[Spring] = []

    def start(**settings: str) -> Spring:
        wanted = {name.replace("_", "-"): value for name, value in settings.items()}
        if running and running[0].pid and running[0].settings == wanted:
            return running[0]
        while running:
            running.pop().kill()
        need_broker(Spring.title, Spring.missing())
        made = Spring(tmp_path_factory.mktemp("spring"), wanted)
        running.append(made)
        made.start()
        return made

    yield start
    for left in running:
        left.kill()


@pytest.fixture
def spring_with(_spring_variants: SpringWith) -> SpringWith:
    """`spring_with(size_limit="2000")` starts one with that setting, or hands out the last one if it has the same.

    Tests that ask for the same settings belong next to each other.
    """
    return _spring_variants


@pytest.fixture
def spring_ordered(_spring_variants: SpringWith) -> Spring:
    """With frames handled and published in the order in which they came."""
    return _spring_variants(ordered="true")


@pytest.fixture
def spring_relay(_spring_variants: SpringWith, rabbitmq: RabbitMQ) -> Spring:
    """In front of a RabbitMQ, which is its broker for /topic, /queue, /exchange and /amq."""
    return _spring_variants(relay=f"127.0.0.1:{rabbitmq.port}")
