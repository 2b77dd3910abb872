"""The filter finds what is there, in order, in small steps, and keeps up with what comes and goes."""

from __future__ import annotations

import random

import pytest

from stomptui.journal.entry import NoteKind
from stomptui.journal.journal import Journal
from stomptui.journal.search.filter import FilterHits
from stomptui.journal.search.word_filter import WordFilter
from stomptui.protocol.marker import Batch
from tests.journal.test_journal import batch, message


def expected(journal: Journal, needle: str) -> list[int]:
    word = needle.encode().lower()
    return [row.number for row in journal.entries(journal.first, journal.end) if word in row.raw.lower()]


def run(hits: FilterHits, budget: float = 0.0) -> list[int]:
    while not hits.scan(budget):
        pass
    return [hits[index] for index in range(len(hits))]


def test_finds_headers_and_bodies_of_frames_and_words_of_notes_in_either_case() -> None:
    journal = Journal()
    journal.append_batch(batch(message("Order 77"), message("other")), 0.0, "1.2")
    journal.append_sent(b"SEND\ndestination:/queue/ORDERS\n\nx", 0.0, "1.2")
    journal.append_note(NoteKind.LOST, "while reading orders", 0.0)
    assert run(FilterHits(journal, WordFilter("oRdEr"))) == [0, 2, 3]
    assert run(FilterHits(journal, WordFilter("destination:/queue/test"))) == [0, 1]
    assert run(FilterHits(journal, WordFilter("é"))) == []


def test_a_word_is_not_found_across_two_frames() -> None:
    journal = Journal()
    journal.append_sent(b"SEND\n\nab", 0.0, "1.2")
    journal.append_sent(b"SEND\n\ncd", 0.0, "1.2")
    assert run(FilterHits(journal, WordFilter("abSEND"))) == []
    assert run(FilterHits(journal, WordFilter("b"))) == [0]


@pytest.mark.parametrize("seed", range(30))
def test_the_same_as_looking_at_every_row_while_rows_come_and_go(seed: int) -> None:
    rnd = random.Random(seed)
    journal = Journal(max_bytes=rnd.choice([60_000, 3_000_000]), max_frames=rnd.choice([50, 10_000]))
    words = ["needle", "NEEDLE", "nothing", "need"]

    def happen() -> None:
        rows = [message(rnd.choice(words), rnd.choice([0, 10, 5_000, 60_000])) for _ in range(rnd.randint(1, 6))]
        journal.append_batch(batch(*rows, tail=b"needle in a tail"), 0.0, "1.2")
        if rnd.random() < 0.3:
            journal.append_note(NoteKind.INFO, rnd.choice(words), 0.0)

    for _ in range(30):
        happen()
    around = rnd.choice([None, journal.first + rnd.randint(0, len(journal))])
    hits = FilterHits(journal, WordFilter("needle"), around)
    for _ in range(40):
        if rnd.random() < 0.1:
            journal.clear()
        happen()
        hits.scan(0.0)
        shown = [hits[index] for index in range(len(hits))]
        wanted = expected(journal, "needle")
        assert set(shown) <= set(wanted)
        assert shown == sorted(shown)
    assert run(hits) == expected(journal, "needle")
    for index in range(len(hits)):
        assert hits.index_of(hits[index]) == index


def test_a_huge_frame_is_searched_in_steps() -> None:
    journal = Journal()
    journal.append_batch(batch(message("small needle"), message("", 9_000_000) + b"nee" + b"dle"), 0.0, "1.2")
    journal.append_batch(batch(message("", 9_000_000)), 0.0, "1.2")
    hits = FilterHits(journal, WordFilter("NEEDLE"))
    steps = 0
    while not hits.scan(0.0):
        steps += 1
    assert steps > 10
    assert [hits[index] for index in range(len(hits))] == [0, 1]


def test_the_newest_hits_come_first() -> None:
    """A page of hits in the newest rows is there after a small part of the work."""
    journal = Journal(max_bytes=1 << 30)
    rows = batch(*[message(f"needle {index}" if index % 50 == 0 else "straw", 150) for index in range(500)])
    for _ in range(400):
        journal.append_batch(Batch(rows.data, rows.marks, {}, ()), 0.0, "1.2")
    hits = FilterHits(journal, WordFilter("needle"))
    while len(hits) < 48:
        hits.scan(0.0)
    assert hits.scanned < len(journal) / 20
    assert hits[len(hits) - 1] > journal.end - 1000
    run(hits)
    assert len(hits) == 400 * 10
