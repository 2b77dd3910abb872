"""Receipts of a series are counted as they were read, all or none; what is anything else goes the usual way."""

from __future__ import annotations

import threading

from hypothesis import example, given
from hypothesis import strategies as st

from stomptui.config.connection import Connection
from stomptui.connection.bulk_report import MANY, BulkReport
from stomptui.connection.bulk_sends import BulkSends, batch_of, receipts_in
from stomptui.connection.events import SeriesFrames
from stomptui.connection.masked_events import EventMask
from stomptui.protocol.marker import FrameMarker

ASKED = [b"%d" % number for number in range(1, 8)]
RECEIPT = b"RECEIPT\nreceipt-id:%b\n\n\0"


def series() -> BulkSends:
    bulk = BulkSends(9, lambda: None)
    bulk.add(len(ASKED), ASKED, 0.0)
    return bulk


@given(st.lists(st.sampled_from(ASKED), unique=True, min_size=1), st.sampled_from([b"", b"\n", b"\n\n"]))
def test_receipts_alone_are_counted_and_marked_as_they_stand(receipts: list[bytes], between: bytes) -> None:
    bulk = series()
    data = b"".join(RECEIPT % receipt + between for receipt in receipts)
    assert bulk.takes_read(data) == len(receipts) == bulk.confirmed == len(bulk.elapsed)
    assert bulk.waiting == len(ASKED) - len(receipts)
    assert bulk.takes_read(data) == 0, "each receipt counts once"
    marked = FrameMarker().feed(data)
    assert marked is not None
    assert (receipts_in(data).frames(), receipts_in(data).others) == (marked.frames(), marked.others)


PIECES = st.sampled_from(
    [
        RECEIPT % b"1",
        RECEIPT % b"2",
        RECEIPT % b"99",
        b"RECEIPT\nreceipt-id:3\n",
        b"RECEIPT\nreceipt-id:3\nserver:secret\n\n\0",
        b"RECEIPT\r\nreceipt-id:3\r\n\r\n\0",
        b"RECEIPT\nreceipt-id:3\ncontent-length:1\n\n\0\0",
        b"MESSAGE\nmessage-id:RECEIPT\n\nRECEIPT\nreceipt-id:4\n\n\0",
        b"ERROR\nreceipt-id:5\n\n\0",
        b"\n",
        b"\0",
        b"4\n\n\0",
    ]
)


@given(st.lists(PIECES, max_size=4))
@example([RECEIPT % b"1", RECEIPT % b"1"])
@example([RECEIPT % b"1", b"ERROR\nreceipt-id:5\n\n\0"])
def test_whatever_else_is_there_nothing_is_counted(pieces: list[bytes]) -> None:
    bulk = series()
    data = b"".join(pieces)
    # What the marker finds in it, and whether nothing but those is there, each once.
    marked = FrameMarker().feed(data)
    frames = marked.frames() if marked is not None else []
    known = [RECEIPT[:-1] % receipt for receipt in ASKED]
    only = bool(frames) and set(frames) <= set(known) and len(set(frames)) == len(frames)
    only = only and data.replace(b"\n", b"") == b"".join(frame + b"\0" for frame in frames).replace(b"\n", b"")
    taken = bulk.takes_read(data)
    assert taken == bulk.confirmed == len(ASKED) - bulk.waiting
    assert taken in ((0, len(frames)) if only else (0,))


def test_what_is_late_is_not_counted_again() -> None:
    earlier = series()
    earlier.close()
    bulk = BulkSends(10, lambda: None)
    bulk.follow(earlier)
    bulk.add(1, [b"20"], 0.0)
    assert bulk.takes_read(RECEIPT % b"1" + RECEIPT % b"20") == 0
    assert bulk.takes(RECEIPT[:-1] % b"1") and bulk.confirmed == 0
    assert bulk.takes_read(RECEIPT % b"20") == 1


def report() -> tuple[BulkReport, list[SeriesFrames]]:
    found: list[SeriesFrames] = []
    mask = EventMask(Connection(passcode="99s3cret"))
    return BulkReport(3, found.append, mask.batch), found


def test_what_was_gathered_is_reported_when_it_is_time_or_a_lot() -> None:
    gathered, found = report()
    assert gathered.due(True) is None
    gathered.sent(batch_of([b"SEND\n\na\0"]), 1)
    due = gathered.due(True)
    assert due is not None
    gathered.check(due - 0.01, True, False)
    assert not found
    gathered.check(due, True, False)
    assert len(found) == 1 and gathered.due(True) is None
    gathered.sent(batch_of([b"SEND\n\na\0"] * MANY), 1)
    gathered.check(due - 1.0, True, False)
    assert [event.sent for event in found] == [1, MANY]


def test_series_are_not_mixed() -> None:
    gathered, found = report()
    gathered.sent(batch_of([b"SEND\n\na\0"]), 1)
    gathered.sent(batch_of([b"SEND\n\nb\0", b"SEND\n\nc\0"]), 2)
    gathered.flush()
    assert [(event.series, event.batch.frames()) for event in found] == [
        (1, [b"SEND\n\na"]),
        (2, [b"SEND\n\nb", b"SEND\n\nc"]),
    ]


def test_no_frame_is_lost_or_doubled_between_threads() -> None:
    gathered, found = report()
    stop = threading.Event()

    def flush() -> None:
        while not stop.is_set():
            gathered.flush()

    thread = threading.Thread(target=flush)
    thread.start()
    for number in range(3_000):
        gathered.sent(batch_of([b"SEND\n\n%d\0" % number]), 1)
        gathered.received(RECEIPT % (b"%d" % number), 1)
    stop.set()
    thread.join()
    gathered.flush()
    frames = [frame for event in found for frame in event.batch.frames()]
    expected = [each for n in range(3_000) for each in (b"SEND\n\n%d" % n, RECEIPT[:-1] % (b"%d" % n))]
    assert frames == expected
    assert [each.sent for event in found for each in event.stretches] == [True, False] * 3_000
