"""What a browse of ActiveMQ says that showed less than is in the queue."""

from __future__ import annotations

import pytest

from stomptui.brokers.activemq.peek.browser import cut_short

LIMIT = "ActiveMQ showed 400 of 500: it ends a browse at its memory limit or another limit."
PERHAPS = (
    "ActiveMQ showed 400, and 500 are in it now: the others came later, or it ended the browse at its memory limit or "
    "another limit."
)


@pytest.mark.parametrize(
    ("sent", "words"),
    [(0, LIMIT), (99, LIMIT), (100, PERHAPS), (5_000, PERHAPS), (None, PERHAPS), (-7, PERHAPS)],
    ids=["none", "fewer", "as many", "more", "not known", "counted anew"],
)
def test_messages_that_were_sent_meanwhile_are_not_called_cut_off(sent: int | None, words: str) -> None:
    assert cut_short(400, 500, sent) == words
