"""Where frames begin and end, whatever the network and the server do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stomptui.protocol.codec import encode
from stomptui.protocol.marker import STRAY_NUL, FrameError, FrameMarker

GOOD = b"MESSAGE\nsubscription:1\n\nhello"


def feed(*reads: bytes, marker: FrameMarker | None = None) -> tuple[list[bytes], dict[int, str]]:
    marker = marker or FrameMarker()
    frames: list[bytes] = []
    odd: dict[int, str] = {}
    for read in reads:
        if batch := marker.feed(read):
            odd |= {len(frames) + index: why for index, why in batch.odd.items()}
            frames += batch.frames()
    return frames, odd


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    command = draw(st.sampled_from(["MESSAGE", "RECEIPT", "ERROR", "CONNECTED", "SEND"]))
    body = draw(st.binary(max_size=40) | st.lists(st.sampled_from(b"\0\nM\r:"), max_size=12).map(bytes))
    headers = [("a", "b")] * draw(st.integers(0, 3))
    if b"\0" in body or draw(st.booleans()):
        headers.insert(draw(st.integers(0, len(headers))), ("content-length", str(len(body))))
    raw = encode(command, headers, body)[:-1]
    if draw(st.booleans()):
        head, _, rest = raw.partition(b"\n\n")
        raw = head.replace(b"\n", b"\r\n") + b"\r\n\r\n" + rest
    return raw


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(frames(), st.sampled_from([b"", b"\n", b"\r\n", b"\n\n\r\n"])), max_size=6), st.data())
def test_any_split_of_the_bytes_gives_the_same_frames(parts: list[tuple[bytes, bytes]], data: st.DataObject) -> None:
    stream = b"".join(raw + b"\0" + eols for raw, eols in parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    marker = FrameMarker()
    reads = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert feed(*reads, marker=marker) == ([raw for raw, _ in parts], {})
    assert marker.unfinished == 0


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([b"\0", b"\n", b"\r\n", b"\n\n", b"MESSAGE", b"ERROR\n", b"content-length:", b"3", b"x"]))
)
def test_rubbish_gives_the_same_frames_whole_and_byte_by_byte(parts: list[bytes]) -> None:
    stream = b"".join(parts) + b"\0\n" + GOOD + b"\0\n" + GOOD + b"\0\n"
    whole = feed(stream)
    assert one_by_one(feed(*(stream[at : at + 1] for at in range(len(stream))))) == one_by_one(whole)
    assert whole[0][-1] == GOOD


def one_by_one(found: tuple[list[bytes], dict[int, str]]) -> list[tuple[bytes, str]]:
    """Frames and what is odd about them; NULs that were read in a row as they are when they come one by one."""
    apart: list[tuple[bytes, str]] = []
    for index, frame in enumerate(found[0]):
        why = found[1].get(index, "")
        apart += [(frame, why)] if frame.strip(b"\0") or not why else [(b"", STRAY_NUL)] * (len(frame) + 1)
    return apart


def test_which_frames_are_no_messages_is_told() -> None:
    batch = FrameMarker().feed(b"ERROR\n\n\0\n" + GOOD + b"\0MESSAGE\r\n\r\n\0RECEIPT\nreceipt-id:1\n\n\0")
    assert batch
    assert batch.others == (0, 3)
    assert len(batch) == 4


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (b"MESSAGE\ncontent-length:3\n\nhello", "content-length says 3, the body has 5 bytes"),
        (b"MESSAGE\ncontent-length:9\n\nhello", "content-length says 9, the body has 5 bytes"),
        (b"MESSAGE\ncontent-length:6\n\nhello", "content-length says 6, the body has 5 bytes"),
        (b"MESSAGE\ncontent-length:many\n\nhello", "content-length is not a number"),
        (b"MESSAGE\ncontent-length:-1\n\nhello", "content-length is not a number"),
        (b"MESSAGE\ncontent-length:99999999999999999999\n\nhello", "content-length is not a number"),
        (b"ERROR\nmessage:too bad", "no empty line after the headers"),
        (b"GREETING\n\nhello", "unknown command"),
        (b"]", "bytes that are no frame"),
        (b"rest of text\ncontent-length:4000\n\nmore", "unknown command"),
        (b"", "a NUL outside a frame"),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_a_bad_frame_is_kept_and_told_and_eats_no_follower(wrong: bytes, why: str, step: int) -> None:
    stream = GOOD + b"\0\n" + wrong + b"\0\n" + GOOD + b"\0\n" + GOOD + b"\0\n"
    reads = [stream[at : at + step] for at in range(0, len(stream), step)]
    assert feed(*reads) == ([GOOD, wrong, GOOD, GOOD], {1: why})


def test_a_header_too_large_is_refused_before_it_is_complete() -> None:
    marker = FrameMarker(max_header=1000)
    with pytest.raises(FrameError, match="headers larger than 1,000 bytes") as caught:
        marker.feed(GOOD + b"\0MESSAGE\nh:" + b"x" * 1000)
    assert caught.value.batch is not None
    assert caught.value.batch.frames() == [GOOD]
    assert caught.value.raw.startswith(b"MESSAGE\nh:xxx")


@pytest.mark.parametrize("length", [b"content-length:1001\n", b""])
def test_a_frame_too_large_is_refused_before_it_is_kept(length: bytes) -> None:
    marker = FrameMarker(max_frame=1000)

    def feed_all() -> None:
        for read in [b"MESSAGE\n" + length + b"\n", *[b"x" * 100] * 20]:
            marker.feed(read)
            assert marker.unfinished <= 1000

    with pytest.raises(FrameError, match="a frame larger than 1,000 bytes"):
        feed_all()


def test_limits_hold_for_frames_that_arrive_whole() -> None:
    with pytest.raises(FrameError):
        FrameMarker(max_frame=100).feed(b"MESSAGE\n\n" + b"x" * 100 + b"\0")
    with pytest.raises(FrameError):
        FrameMarker(max_header=100).feed(b"MESSAGE\nh:" + b"x" * 100 + b"\n\n\0")


@pytest.mark.parametrize("end", [b"\n\n", b"\r\n\r\n", b"\0"])
@pytest.mark.parametrize("step", [1, 2, 3, 1000])
def test_headers_may_come_in_any_pieces(end: bytes, step: int) -> None:
    frame = b"MESSAGE" + end[: len(end) // 2 or None].replace(b"\0", b"\n") + b"h:" + b"x" * 2000 + end
    stream = frame + (b"body\0" if end != b"\0" else b"") + GOOD + b"\0"
    found, _ = feed(*[stream[at : at + step] for at in range(0, len(stream), step)], marker=FrameMarker(3000))
    assert found == [stream[: -len(GOOD) - 2], GOOD]


# What follows takes minutes or gigabytes, and so never ends, where each read costs as much as all that is kept.


def in_reads(stream: bytes, size: int) -> list[bytes]:
    return [stream[at : at + size] for at in range(0, len(stream), size)]


def test_large_headers_in_small_reads() -> None:
    raw = b"MESSAGE\nh:" + b"x" * 10_000_000 + b"\n\n\0"
    assert feed(*in_reads(raw, 1024), marker=FrameMarker(64 << 20)) == ([raw[:-1]], {})


@pytest.mark.parametrize("head", [b"MESSAGE\n\n", b"MESSAGE\ncontent-length:50000000\n\n"])
def test_a_large_body_in_small_reads(head: bytes) -> None:
    raw = head + b"x" * 50_000_000 + b"\0"
    assert feed(*in_reads(raw, 1024)) == ([raw[:-1]], {})


@pytest.mark.parametrize(("eol", "size"), [(b"\n", 400), (b"\r\n", 4000)])
def test_a_length_that_lies_in_every_frame(eol: bytes, size: int) -> None:
    """Each claims 20 MB too much, which holds all back that is behind it; batches keep no more than their frames."""
    body = b"x" * size
    head = b"MESSAGE" + eol + b"content-length:%d" % (20_000_001 + len(body)) + 2 * eol
    count = 60_000_000 // len(head + body)
    marker, found, kept = FrameMarker(), 0, 0
    batches = [marker.feed(read) for read in in_reads((head + body + b"\0\n") * count, 65536)]
    for batch in [*batches, marker.finish()]:
        if batch:
            found += len(batch)
            kept += len(batch.data)
            assert set(batch.frames()) == {head + body}
            assert len(batch.odd) == len(batch)
    assert found == count
    assert kept < 62_000_000


@pytest.mark.parametrize("size", [4096, 65536, 2_000_000])
def test_a_batch_keeps_little_of_a_frame_that_has_only_begun(size: int) -> None:
    tail = b"MESSAGE\ncontent-length:3000000\n\n" + b"x" * size
    batch = FrameMarker().feed(GOOD + b"\0" + tail)
    assert batch
    assert batch.frames() == [GOOD]
    assert len(batch.data) < len(GOOD) + 100


@pytest.mark.parametrize("unit", [b"A\0", b"A\n\n\0", b"X\ncontent-length:1\n\nab\0", b"\0", b"MESSAGE\n\n\0"])
def test_a_hostile_read_costs_no_more_than_its_size(unit: bytes) -> None:
    FrameMarker().feed(unit * (520_000 // len(unit)))


@pytest.mark.parametrize("behind", [b"", b"\n", GOOD + b"\0"])
@pytest.mark.parametrize("step", [2, 7, 10_000])
def test_nuls_in_a_row_are_one_odd_frame_per_read(step: int, behind: bytes) -> None:
    stream = GOOD + b"\0" + b"\0" * 1000 + behind
    found, odd = feed(*in_reads(stream, step))
    assert b"".join(frame + b"\0" for frame in found) == stream.removesuffix(b"\n")
    assert len(odd) <= 1000 // step + 2
    assert all(why.endswith(("NULs outside a frame", "a NUL outside a frame")) for why in odd.values())


def whole(*messages: bytes) -> tuple[list[bytes], dict[int, str]]:
    marker = FrameMarker()
    frames: list[bytes] = []
    odd: dict[int, str] = {}
    for message in messages:
        if batch := marker.feed_message(message):
            odd |= {len(frames) + index: why for index, why in batch.odd.items()}
            frames += batch.frames()
    assert marker.unfinished == 0
    return frames, odd


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (b"ERROR\nmessage:too\0bad\n\nthe reason", "a NUL in a header"),
        (b"ERROR\r\nmessage:too\0bad\r\n\r\nthe reason", "a NUL in a header"),
        (b"ERROR\nmessage:\0\0\n\n", "a NUL in a header"),
        (b"MESSAGE\na\0b:c\ncontent-length:3\n\nd\0f", "a NUL in a header"),
        (b"MESSAGE\na:b\0c\n\nd\0f", "a NUL in a header"),
        (b"MESSAGE\na:b\0c\ncontent-length:9\n\ndef", "content-length says 9, the body has 3 bytes"),
        (b"ERROR\nmessage:too\0bad", "no empty line after the headers"),
        (b"ERR\0OR\nmessage:too bad\n\nthe reason", "bytes that are no frame"),
    ],
)
def test_a_nul_inside_a_websocket_message_makes_one_odd_frame(odd: bytes, why: str) -> None:
    """No frame is told of that was never sent, and none behind it is lost."""
    assert whole(odd + b"\0") == ([odd], {0: why})
    before = b"RECEIPT\ncontent-length:0\n\n"
    if why != "bytes that are no frame":  # which are taken for the rest of a text before it
        assert whole(before + b"\0\n" + odd + b"\0\n" + GOOD + b"\0") == ([before, odd, GOOD], {1: why})
    assert whole(odd + b"\0", GOOD + b"\0") == ([odd, GOOD], {0: why})
    if odd.startswith((b"ERROR", b"MESSAGE\na:b")) and b"length" not in odd:
        cut = odd.index(b"\0") + 1
        assert whole(odd[:cut] + b"x", odd[cut:] + b"\0")[0] == [odd[:cut] + b"x" + odd[cut:]]


@pytest.mark.parametrize("said", [0, 2, 4, 6, 8, 5000])
def test_the_end_of_a_websocket_message_beats_content_length(said: int) -> None:
    frame = b"MESSAGE\ncontent-length:%d\n\nab\0cdef" % said
    assert whole(frame + b"\0", GOOD + b"\0\n") == (
        [frame, GOOD],
        {0: f"content-length says {said}, the body has 7 bytes"},
    )


def test_a_websocket_message_can_hold_frames_heart_beats_or_a_part() -> None:
    assert whole(b"\n", GOOD + b"\0\n\r\n" + GOOD + b"\0", b"\r\n") == ([GOOD, GOOD], {})
    cut = b"MESSAGE\ncontent-length:5\n\na\0b\0c"
    assert whole(cut[:12], cut[12:29], cut[29:] + b"\0\n") == ([cut], {})
    assert whole(GOOD + b"\0" + cut[:29], cut[29:] + b"\0" + GOOD + b"\0") == ([GOOD, cut, GOOD], {})


def test_a_nul_in_a_text_over_websocket_stays_in_its_body() -> None:
    assert whole(b"MESSAGE\n\nab\0cd\0") == ([b"MESSAGE\n\nab\0cd"], {0: "a NUL in a body without content-length"})


def test_a_wrong_content_length_inside_a_websocket_message_eats_no_follower() -> None:
    wrong = b"MESSAGE\ncontent-length:500\n\nhello"
    frames, odd = whole(wrong + b"\0\n" + GOOD + b"\0")
    assert (frames, list(odd)) == ([wrong, GOOD], [0])


def test_what_the_end_of_the_stream_cut_off_is_kept_and_told() -> None:
    marker = FrameMarker()
    marker.feed(GOOD + b"\0MESSAGE\ncontent-length:100\n\nhel")
    batch = marker.finish()
    assert batch
    assert batch.frames() == [b"MESSAGE\ncontent-length:100\n\nhel"]
    assert batch.odd == {0: "the connection ended inside this frame"}
    assert marker.finish() is None


def test_frames_that_a_wrong_content_length_held_back_come_out_at_the_end() -> None:
    marker = FrameMarker()
    wrong = b"MESSAGE\ncontent-length:5000\n\nhello"
    assert marker.feed(wrong + b"\0\n" + GOOD + b"\0\n") is None
    batch = marker.finish()
    assert batch
    assert batch.frames() == [wrong, GOOD]
    assert batch.odd == {0: "content-length says 5000, the body has 5 bytes"}
