"""A series on a real broker: what was confirmed is there, counted by a bare socket."""

from __future__ import annotations

import pytest

from stomptui.application.series.messages import SameMessages
from stomptui.application.series.runner import SeriesRunner
from stomptui.compose.draft import Draft
from tests.interop.conftest import Place
from tests.support.raw import RawStomp
from tests.support.record import Recorder


@pytest.mark.parametrize("window", [1000, 100, 1])
def test_a_thousand_confirmed_messages_are_all_there(place: Place, window: int) -> None:
    place.empty("series")
    draft = Draft("/queue/series", body="x" * 200)
    with Recorder(place.connection) as recorder:
        recorder.connected()
        session = recorder.session
        runner = SeriesRunner(session, SameMessages(draft, session.version, 1000), 1000, None, window)
        runner.start()
        assert runner.join(60)
    figures = runner.figures
    assert (figures.sent, figures.confirmed, figures.refused, figures.unconfirmed) == (1000, 1000, 0, 0)
    assert figures.whole and figures.times is not None
    print(f"{place}: window {window}: {figures.rate_text}; {figures.times.text}")
    with RawStomp("127.0.0.1", place.port) as client:
        client.connect()
        client.send("SUBSCRIBE", [("destination", "/queue/series"), ("id", "1"), ("ack", "auto")])
        assert {message.body for message in client.messages(1000, 30)} == {b"x" * 200}
        client.expect_nothing()
