"""The destinations of the log that are offered: the newest first, and looked at once."""

from __future__ import annotations

from stomptui.application.destinations.known import LOOKED_AT, RecentDestinations
from stomptui.journal.journal import Journal
from tests.journal.test_journal import batch


def came(journal: Journal, *destinations: str) -> None:
    frames = (b"MESSAGE\nsubscription:1\nmessage-id:1\ndestination:%b\n\nx" % name.encode() for name in destinations)
    journal.append_batch(batch(*frames), 0.0, "1.2")


def test_the_newest_comes_first_however_often_it_is_asked() -> None:
    journal = Journal(1 << 20)
    recent = RecentDestinations(journal)
    assert recent.names() == []
    came(journal, "/queue/a", "/queue/b")
    assert recent.names() == ["/queue/b", "/queue/a"]
    came(journal, "/queue/a", "/queue/c")
    assert recent.names() == ["/queue/c", "/queue/a", "/queue/b"]
    assert recent.names() == ["/queue/c", "/queue/a", "/queue/b"]


def test_what_is_long_ago_is_offered_no_more() -> None:
    journal = Journal(1 << 20)
    recent = RecentDestinations(journal)
    came(journal, "/queue/old")
    assert recent.names() == ["/queue/old"]
    came(journal, *["/queue/new"] * LOOKED_AT)
    assert recent.names() == ["/queue/new"]


def test_a_log_that_was_cleared_offers_nothing() -> None:
    journal = Journal(1 << 20)
    recent = RecentDestinations(journal)
    came(journal, "/queue/a", "/queue/b")
    assert recent.names() == ["/queue/b", "/queue/a"]
    journal.clear()
    assert recent.names() == []
    journal.bring_back()
    assert recent.names() == ["/queue/b", "/queue/a"]
