"""Bytes are sent whole and in the order in which they were accepted, past the queue or through it."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.connection.transport.send_queue import SendQueue


def drain(queue: SendQueue, sizes: list[int], written: bytearray) -> None:
    """Write what waits, as many bytes at a time as the sizes say, then all."""
    at = 0
    while (chunk := queue.chunk()) is not None:
        count = min(len(chunk), sizes[at] if at < len(sizes) else len(chunk))
        at += 1
        written += chunk[:count]
        queue.written(count)


@given(
    st.lists(st.tuples(st.booleans(), st.binary(min_size=1, max_size=30), st.integers(0, 30)), max_size=12),
    st.lists(st.integers(1, 10), max_size=10),
)
def test_each_goes_out_whole_and_in_turn(steps: list[tuple[bool, bytes, int]], sizes: list[int]) -> None:
    queue, written, accepted = SendQueue(1 << 20, lambda: None), bytearray(), bytearray()
    queue.open()
    for past, data, room in steps:

        def write(data: bytes, room: int = room) -> int:
            written.extend(data[:room])
            return min(room, len(data))

        if not (past and queue.pass_by(data, write)):
            queue.put(data)
        accepted += data
        assert queue.unsent == len(accepted) - len(written)
        if room % 3 == 0:
            drain(queue, sizes, written)
    drain(queue, sizes, written)
    assert written == accepted and not queue


def test_nothing_goes_past_what_waits_or_into_what_is_closed() -> None:
    queue = SendQueue(1 << 20, lambda: None)
    assert not queue.pass_by(b"early", len)
    queue.open()
    queue.put(b"first")
    assert not queue.pass_by(b"second", len)
    queue.close()
    assert not queue.pass_by(b"late", len)


def test_what_could_not_be_written_is_not_counted() -> None:
    queue = SendQueue(1 << 20, lambda: None)
    queue.open()

    def full(data: bytes) -> int:
        raise BlockingIOError

    with pytest.raises(BlockingIOError):
        queue.pass_by(b"data", full)
    assert not queue and queue.chunk() is None


def test_another_thread_does_not_come_between_the_parts() -> None:
    queue, written = SendQueue(1 << 20, lambda: None), bytearray()
    queue.open()

    def half(data: bytes) -> int:
        other = threading.Thread(target=lambda: queue.put(b"other"))
        other.start()
        written.extend(data[:2])
        return 2

    assert queue.pass_by(b"whole", half)
    while queue.unsent < 8:
        pass
    drain(queue, [], written)
    assert written == b"wholeother"
