"""The journal keeps what happened, in order, within its bounds, and counts what it lets go."""

from __future__ import annotations

import tracemalloc
from array import array

import pytest

from stomptui.journal.entry import NoteKind, Outcome, RowKind, RowState
from stomptui.journal.journal import Journal
from stomptui.journal.row_groups import RowGroup
from stomptui.protocol.marker import Batch


def batch(*frames: bytes, tail: bytes = b"") -> Batch:
    """Frames as one read would bring them: each with its NUL and an end of line, and perhaps a piece of the next."""
    data, marks = b"", array("I")
    others = tuple(index for index, frame in enumerate(frames) if not frame.startswith(b"MESSAGE\n"))
    for frame in frames:
        marks.extend((len(data), len(data) + len(frame)))
        data += frame + b"\0\n"
    return Batch(data + tail, marks, {}, others)


def message(text: str, size: int = 0) -> bytes:
    return b"MESSAGE\nsubscription:1\ndestination:/queue/test\n\n" + text.encode() + b"x" * size


def texts(journal: Journal) -> list[str]:
    rows = journal.entries(journal.first, journal.end)
    return [entry.note.text if entry.note else entry.raw.partition(b"\n\n")[2].decode() for entry in rows]


def test_everything_stays_in_the_order_it_happened() -> None:
    journal = Journal()
    journal.append_note(NoteKind.CONNECTED, "connected to RabbitMQ", 1.0)
    journal.append_batch(batch(message("one"), message("two")), 2.0, "1.2", 7)
    journal.append_sent(b"SEND\ndestination:/queue/a\n\nthree", 3.0, "1.2", session=7)
    journal.append_batch(batch(message("four")), 4.0, "1.1", 7)
    journal.append_note(NoteKind.LOST, "the connection was closed", 5.0, "detail")
    assert texts(journal) == ["connected to RabbitMQ", "one", "two", "three", "four", "the connection was closed"]
    kinds = [(entry.kind, entry.when, entry.version) for entry in journal.entries(0, 99)]
    assert kinds == [
        (RowKind.NOTE, 1.0, ""),
        (RowKind.RECEIVED, 2.0, "1.2"),
        (RowKind.RECEIVED, 2.0, "1.2"),
        (RowKind.SENT, 3.0, "1.2"),
        (RowKind.RECEIVED, 4.0, "1.1"),
        (RowKind.NOTE, 5.0, ""),
    ]
    assert (journal.received, journal.sent) == (3, 1)
    lost = journal.entry(5).note
    assert lost is not None
    assert lost.detail == "detail"


def test_small_and_big_reads_mixed_keep_bytes_order_and_numbers() -> None:
    journal = Journal()
    wanted = []
    for turn in range(300):
        frames = [message(f"{turn}.{i}", size=(turn % 7) * 3000) for i in range(turn % 5 + 1)]
        wanted += frames
        journal.append_batch(batch(*frames, tail=b"MESSAGE\nunfin"), float(turn), "1.2")
    assert [entry.raw for entry in journal.entries(0, journal.end)] == wanted
    assert [entry.number for entry in journal.entries(0, journal.end)] == list(range(len(wanted)))


@pytest.mark.parametrize("size", [0, 40_000])
def test_the_oldest_fall_off_and_are_counted(size: int) -> None:
    journal = Journal(max_bytes=400_000, max_frames=100)
    for turn in range(500):
        journal.append_batch(batch(message(str(turn), size)), 0.0, "1.2")
    assert journal.end == 500
    assert journal.dropped == journal.first > 0
    assert len(journal) <= 100
    assert journal.bytes <= 400_000
    newest = journal.entry(499).raw
    assert newest == message("499", size)
    assert journal.get(0) is None
    with pytest.raises(LookupError):
        journal.entry(journal.first - 1)
    with pytest.raises(LookupError):
        journal.entry(500)


def test_the_newest_stays_though_it_is_over_the_bound() -> None:
    journal = Journal(max_bytes=1_000, max_frames=3)
    journal.append_batch(batch(*[message(str(i), 1_000) for i in range(50)]), 0.0, "1.2")
    assert len(journal) == 50
    assert journal.dropped == 0
    journal.append_batch(batch(message("next", 5_000)), 0.0, "1.2")
    assert (len(journal), journal.dropped) == (1, 50)


def test_clear_forgets_rows_but_numbers_and_counters_go_on() -> None:
    journal = Journal()
    journal.append_batch(batch(message("a"), message("b")), 0.0, "1.2")
    journal.clear()
    assert (len(journal), journal.first) == (0, 2)
    assert journal.append_note(NoteKind.INFO, "after", 0.0) == 2
    assert (journal.received, journal.dropped) == (2, 0)
    assert texts(journal) == ["after"]


def test_what_was_cleared_comes_back() -> None:
    journal = Journal()
    sent = journal.append_sent(b"SEND\n\none", 0.0, "1.2", receipt="1", session=3)
    wrong = journal.append_note(NoteKind.ERROR, "two", 0.0)
    journal.clear()
    assert (journal.cleared, journal.errors.last, journal.get(sent)) == (2, None, None)
    journal.append_note(NoteKind.ERROR, "three", 0.0)
    # What becomes known of a row meanwhile is there when it comes back.
    assert journal.settle(3, "1", Outcome.confirmed(0.1)) is None
    assert journal.bring_back() == 2
    assert texts(journal) == ["one", "two", "three"]
    assert journal.entry(sent).outcome == Outcome.confirmed(0.1)
    assert journal.errors.before(journal.end - 1) == wrong
    assert (journal.bring_back(), len(journal)) == (0, 3)


def test_what_was_cleared_is_forgotten_by_the_next_clear_and_where_memory_is_needed() -> None:
    journal = Journal(max_bytes=20_000)
    journal.append_note(NoteKind.INFO, "one", 0.0)
    journal.clear()
    journal.append_note(NoteKind.INFO, "two", 0.0)
    journal.clear()
    assert (journal.bring_back(), texts(journal)) == (1, ["two"])
    journal.clear()
    for number in range(4):
        journal.append_batch(batch(message(str(number), 6_000)), 0.0, "1.2")
    assert journal.bytes <= 20_000
    assert (journal.cleared, journal.bring_back()) == (0, 0)
    assert len(journal) + journal.dropped == 4, "what was cleared counts as cleared, not as dropped"


def test_outcomes_of_sent_frames() -> None:
    journal = Journal()
    rows = [journal.append_sent(b"SEND\n\nx", 0.0, "1.2", receipt=str(i), session=3) for i in range(4)]
    plain = journal.append_sent(b"SEND\n\nx", 0.0, "1.2", session=3)

    def states() -> list[RowState | None]:
        return [outcome.state if (outcome := journal.entry(row).outcome) else None for row in [*rows, plain]]

    assert states() == [RowState.WAITING] * 4 + [None]
    assert journal.settle(3, "1", Outcome.confirmed(0.003)) == rows[1]
    assert journal.settle(3, "2", Outcome.refused("access refused")) == rows[2]
    assert journal.settle(9, "0", Outcome.confirmed(1.0)) is None
    assert journal.unconfirmed(3) == [rows[0], rows[3]]
    assert states() == [RowState.UNCONFIRMED, RowState.CONFIRMED, RowState.REFUSED, RowState.UNCONFIRMED, None]
    # What was settled is not settled again: RabbitMQ sends a RECEIPT after the ERROR about the same frame.
    assert journal.settle(3, "2", Outcome.confirmed(0.004)) is None
    assert states()[2] == RowState.REFUSED


def test_a_receipt_for_a_row_that_fell_off_harms_nothing() -> None:
    journal = Journal(max_bytes=100_000)
    journal.append_sent(b"SEND\n\nx", 0.0, "1.2", receipt="1", session=1)
    for _ in range(5):
        journal.append_batch(batch(message("", 60_000)), 0.0, "1.2")
    assert journal.first > 0
    assert journal.settle(1, "1", Outcome.confirmed(0.1)) is None
    assert journal.unconfirmed(1) == []


def test_errors_are_counted_and_found() -> None:
    journal = Journal()
    journal.append_batch(batch(message("ERROR\n"), b"ERROR\nmessage:no\n\nbody", message("")), 0.0, "1.2")
    journal.append_note(NoteKind.INFO, "nothing bad", 0.0)
    journal.append_note(NoteKind.LOST, "heart-beat: nothing heard for 20 s", 0.0)
    assert (journal.errors.total, journal.errors.last) == (2, 4)
    assert journal.errors.after(-1) == 1
    assert journal.errors.after(1) == 4
    assert journal.errors.after(4) is None
    assert journal.errors.before(4) == 1
    assert journal.errors.before(1) is None


def test_what_was_odd_stays_with_its_frame() -> None:
    journal = Journal()
    journal.append_batch(batch(message("fine")), 0.0, "1.2")
    second = batch(message("a"), b"junk")
    journal.append_batch(Batch(second.data, second.marks, {1: "no such command"}, (1,)), 0.0, "1.2")
    assert [entry.odd for entry in journal.entries(0, 9)] == ["", "", "no such command"]


@pytest.mark.parametrize("per_read", [1, 5, 350])
def test_a_frame_costs_its_bytes_and_at_most_fifty_more(per_read: int) -> None:
    """Whatever the size of the reads: a slow connection brings each frame in a read of its own."""
    count = 70_000
    frame = message("", 150)
    rows = tuple([frame] * per_read)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    journal = Journal(max_bytes=1 << 30)
    for turn in range(count // per_read):
        journal.append_batch(batch(*rows), float(turn), "1.2")
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert len(journal) == count
    assert taken <= count * (len(frame) + 2 + 50)
    assert 0.9 * taken <= journal.bytes <= 1.2 * taken


@pytest.mark.parametrize("body", [b"x", b"x" * 9_000], ids=["gathered", "a segment of its own"])
def test_a_series_is_folded_and_its_receipts_are_not(body: bytes) -> None:
    journal = Journal()
    row = journal.begin_fold(5, "sending a series", 1.0, "/queue/a")
    sent, receipt = b"SEND\n\n" + body, b"RECEIPT\nreceipt-id:1\n\n"
    for _ in range(2):
        journal.append_series(
            batch(sent, sent, receipt, sent, receipt, receipt),
            ((0, 2.0, True), (2, 3.0, False), (3, 4.0, True), (4, 5.0, False)),
            "1.2", 7, 5,
        )  # fmt: skip
    rows = list(journal.entries(row + 1, journal.end))
    assert [(entry.raw, entry.when, entry.kind, entry.session) for entry in rows] == 2 * [
        (sent, 2.0, RowKind.SENT, 5),
        (sent, 2.0, RowKind.SENT, 5),
        (receipt, 3.0, RowKind.RECEIVED, 7),
        (sent, 4.0, RowKind.SENT, 5),
        (receipt, 5.0, RowKind.RECEIVED, 7),
        (receipt, 5.0, RowKind.RECEIVED, 7),
    ]
    fold = journal.groups.fold_at(row)
    assert fold is not None and (fold.sent, fold.size, list(fold.numbers)) == (6, 6 * len(sent), [1, 2, 4, 7, 8, 10])
    assert (journal.sent, journal.received) == (6, 6)
    assert journal.groups.count(RowGroup.PROTOCOL, 0, journal.end) == 6
