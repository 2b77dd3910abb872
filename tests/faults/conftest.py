"""Certificates for the faults of TLS, and a count of wake-ups."""

from __future__ import annotations

import selectors

import pytest

from stomptui.connection.transport.socket_io import SocketIO
from tests.faults.waiting import Wakes
from tests.support.certificates import Certificates, make_certificates


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def wakes(monkeypatch: pytest.MonkeyPatch) -> Wakes:
    """Counted from now on, over all connections of the test."""
    counted = Wakes()

    class Counting(selectors.DefaultSelector):
        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            counted.count += 1
            return super().select(timeout)

    monkeypatch.setattr(SocketIO, "selector", Counting)
    return counted
