"""The filter searches what is shown of a row: unescaped, opened, decoded, in any case."""

from __future__ import annotations

import gzip
import random
import unicodedata
import zlib

import pytest

from stomptui.journal.body import content_of
from stomptui.journal.entry import NoteKind
from stomptui.journal.journal import Journal
from stomptui.journal.search.filter import FilterHits
from stomptui.journal.search.folding import fold
from stomptui.journal.search.needle import Needle
from stomptui.journal.search.shown_text import PIECE, frame_texts, small_text
from stomptui.journal.search.word_filter import WordFilter
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch
from tests.journal.test_journal import batch

from .test_filter import run


def packed(data: bytes) -> bytes:
    """The same bytes each time: they are in the names of tests."""
    return gzip.compress(data, mtime=0)


def frame(body: bytes = b"", **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}:{value}\n" for name, value in headers.items())
    return f"MESSAGE\ndestination:/queue/test\n{lines}\n".encode() + body


def holds(raw: bytes, needle: str, version: str = "1.2") -> bool:
    """Whether the filter finds the frame among others that are not it."""
    journal = Journal()
    journal.append_batch(batch(frame(b"straw")), 0.0, version)
    journal.append_batch(batch(frame(b"straw"), raw, frame("mehr Stroh, größer".encode() * 0)), 0.0, version)
    found = run(FilterHits(journal, WordFilter(needle)))
    assert found in ([], [2])
    return found == [2]


def zstd(data: bytes) -> bytes:
    """One raw block (RFC 8878, 3.1.1)."""
    return b"\x28\xb5\x2f\xfd\x20" + bytes([len(data)]) + (len(data) << 3 | 1).to_bytes(3, "little") + data


MSGPACK = b"\x82\xa5total\xcd\x05\x39\xa1b\xc3"
CBOR = b"\xa1\x65total\x19\x05\x39"
LATIN = frame("Größe".encode("latin-1"), content_type="text/plain;charset=iso-8859-1")


@pytest.mark.parametrize(
    ("raw", "needle", "found"),
    [
        (frame(url=r"https\c//shop/a"), "https://shop", True),
        (frame(url=r"https\c//shop/a"), r"https\c", False),
        (frame(path=r"C\c\\temp"), r"C:\temp", True),
        (frame(path=r"C\c\\temp"), r"c:\TEMP", True),
        (frame(rb"{}", path=r"C\c\\nowhere"), r"c:\nowhere", True),
        (frame(rb"C:\temp"), r"C:\temp", True),
        (frame(rb'{"path": "C:\\temp"}'), r"C:\\temp", True),
        (frame(lines=r"one\ntwo"), "one two", True),
        (LATIN, "größe", True),
        (LATIN, "GRÖSSE", True),
        (LATIN, "größer", False),
        (frame("Größe".encode("utf-16")), "größe", True),
        (frame("Größe".encode("utf-16-le"), content_type="text/plain; charset=utf-16le"), "GRÖẞE", True),
        (frame("plain".encode("utf-16-be"), content_type='text/plain; Charset="UTF-16BE"'), "plain", True),
        (frame("plain".encode("utf-7") + b" +AOk-", content_type="text/plain;charset=utf-7"), "é", True),
        (frame("日本".encode("shift-jis"), content_type="text/plain;charset=Shift_JIS"), "日本", True),
        (frame("日本語".encode("iso-2022-jp"), content_type="text/plain;charset=ISO-2022-JP"), "本語", True),
        (frame(b"plain, $B%F", content_type="text/plain;charset=ISO-2022-JP"), "$b%f", True),
        (frame("中文".encode("hz"), content_type="text/plain; charset=hz-gb-2312"), "中文", True),
        (frame("한국".encode("iso-2022-kr"), content_type="text/plain; charset=iso-2022-kr"), "한국", True),
        (frame("Größe".encode(), content_type="text/plain;charset=latin-1"), "GrÃ¶", True),
        (frame("Größe".encode(), content_type="text/plain;charset=latin-1"), "größe", False),
        (frame("Größe".encode(), content_type="text/plain;charset=klingon"), "größe", True),
        (frame("Größe".encode("latin-1"), content_type="text/plain;charset=utf-8"), "gr\ufffd", True),
        (frame(b"smile \xed\xa0\xbd\xed\xb8\x80 nul \xc0\x80 x"), "SMILE 😀", True),
        (frame(packed(b"inside the parcel")), "INSIDE the", True),
        (frame(packed(b"one ") + packed(b"two")), "one two", True),
        (frame(packed("Größe".encode()), content_encoding="gzip"), "größe", True),
        (frame(zlib.compress("Größe".encode("latin-1")), content_encoding="deflate",
               content_type="text/plain;charset=iso-8859-1"), "größe", True),
        (frame(zlib.compress(b"bare deflate")[2:-4], content_encoding="deflate"), "bare deflate", True),
        (frame(packed(b"cut off " * 3000)[:-20]), "cut off", True),
        (frame(packed(packed(b"a parcel in a parcel"))), "parcel in", True),
        (frame(packed(packed("Größe".encode("latin-1"))), content_type="text/plain;charset=latin-1"), "größe", True),
        (frame(packed(zlib.compress(b"both of them")), content_encoding="deflate, GZIP"), "both of", True),
        (frame(zlib.compress(b"with a blank"), content_encoding=" deflate"), "with a", True),
        (frame(packed(packed(b"two in one " * 9000))), "one two", True),
        (frame(b"not packed at all", content_encoding="gzip"), "packed", True),
        (frame(b"STRASSE"), "straße", True),
        (frame("Straße".encode()), "STRASSE", True),
        (frame("Straße".encode()), "strasse", True),
        (frame("ΣΊΣΥΦΟΣ".encode()), "σίσυφος", True),
        (frame("σίσυφος".encode()), "ΣΊΣΥΦΟΣ", True),
        (frame("İSTANBUL".encode()), "istanbul", True),
        (frame(b"ISTANBUL"), "İstanbul", True),
        (frame("ısparta".encode()), "ISPARTA", True),
        (frame("ﬁne 5\u212a".encode()), "FINE 5k", True),
        (frame(unicodedata.normalize("NFD", "Café Größe").encode()), "café grö", True),
        (frame("Café".encode()), unicodedata.normalize("NFD", "CAFÉ"), True),
        (frame(unicodedata.normalize("NFD", "가방 ガス").encode()), "가방 ガス", True),
        (frame("größe".encode(), name="Ärger"), "NAME:ärger", True),
        (frame(b"two  \n\t words"), "two words", True),
        (frame(b"two  \n\t words"), "twowords", False),
        (frame(b'{"orderId":5,"b":"c"}'), '"orderId": 5', True),
        (frame(app_id="x"), "app-id: x", True),
        (frame(b"\x00\x01\xff bin with WORDS \xfe"), "with words", True),
        (frame(b"a [/b] \x1b[2J"), "[/b] \x1b[2j", True),
        (b"ERROR\nmessage:what\\cwent wrong\n\n", "what:went", True),
        (b"CONNECTED\nserver:a\\cb\n\n", "a\\cb", True),
        (b"CONNECTED\nserver:a\\cb\n\n", "a:b", False),
        (b"MESSAGE\r\nx:a\\cb\r\n\r\nBody", "a:b body", True),
        (frame(MSGPACK), '"total": 1337', True),
        (frame(MSGPACK), "1338", False),
        (frame(MSGPACK, content_type="application/msgpack"), "1337", True),
        (frame(CBOR), '{ "total": 1337 }', True),
        (frame(packed(CBOR), content_type="application/cbor"), "1337", True),
        (frame(packed(packed(CBOR))), "1337", True),
        (frame(zstd(MSGPACK)), "1337", True),
        (frame(b"\x08\x2a\x12\x02hi", content_type="application/x-Protobuf"), "varint 42", True),
        (frame(packed(b"\x08\x2a"), content_type="application/x-Protobuf"), "varint 42", True),
        (frame(b"\x08\x2a\x12\x02hi"), "varint 42", False),
        (frame(MSGPACK + b"\xc1", content_type="application/msgpack"), "1337", True),
        (frame(b"\xdd\x00\x01\x00\x00" + b"\x01" * 65535 + b"\x07", content_type="application/msgpack"), "1, 7", True),
    ],
)  # fmt: skip
def test_what_is_shown_is_what_is_found(raw: bytes, needle: str, found: bool) -> None:
    assert holds(raw, needle) is found
    # Sent frames and small reads lie side by side with nothing between them.
    journal = Journal()
    for one in (frame(b"straw"), raw, frame(b"straw")):
        journal.append_sent(one, 0.0, "1.2")
    assert run(FilterHits(journal, WordFilter(needle))) == ([1] if found else [])


def test_a_backslash_is_a_backslash_in_stomp_1_0() -> None:
    assert holds(frame(path=r"C\cx"), r"c\cx", "1.0")
    assert not holds(frame(path=r"C\cx"), "c:x", "1.0")


def test_what_was_odd_and_what_a_note_says_are_found_in_the_words_on_the_screen() -> None:
    journal = Journal()
    rows = batch(frame(b"one"), frame(b"two"))
    journal.append_batch(Batch(rows.data, rows.marks, {1: "no NUL at its end"}, ()), 0.0, "1.2")
    journal.append_note(NoteKind.LOST, "nothing heard", 0.0, "for 20 s")
    assert run(FilterHits(journal, WordFilter("no nul"))) == [1]
    assert run(FilterHits(journal, WordFilter("Connection LOST nothing heard; the server says: for 20 s"))) == [2]
    assert run(FilterHits(journal, WordFilter("lost nothing"))) == [2]


def shown(raw: bytes, version: str) -> str:
    """What the detail shows of a frame."""
    parsed = Frame(raw, version)
    content = content_of(parsed)
    body = content.data.decode("utf-8", "replace") if content.text is None else content.text
    return "\n".join([parsed.command, *(f"{name}:{value}" for name, value in parsed.headers)]) + "\n" + body


@pytest.mark.parametrize("seed", range(20))
def test_the_same_as_reading_every_row(seed: int) -> None:
    """Whatever stands beside it in one read: the quick ways find what reading each row as it is shown finds."""
    rnd = random.Random(seed)
    words = ["Größe", "straße", "a:b", "a\\b", "plain", "x y", "日本", "İ", "e\u0301", "\\c", '"q": 1']
    charsets = ["utf-8", "latin-1", "utf-16", "cp1252", "utf-8", "utf-8", "koi8-r", "nonsense"]

    def some() -> bytes:
        text = " ".join(rnd.choices(words, k=rnd.randint(0, 4)))
        charset = rnd.choice(charsets)
        body = text.encode("utf-8" if charset == "nonsense" else charset, "replace")
        header = rnd.choice(words).replace("\\", "\\\\").replace(":", "\\c")
        headers = {"x": header} if rnd.random() < 0.3 else {}
        if rnd.random() < 0.4:
            headers["content_type"] = f"text/plain; charset={charset}"
        if rnd.random() < 0.2:
            body = packed(body)
        return frame(body, **headers)

    journal = Journal()
    rows: list[bytes] = []
    for _ in range(20):
        part = [some() for _ in range(rnd.randint(1, 12))]
        version = rnd.choice(["1.0", "1.1", "1.2"])
        if rnd.random() < 0.3:
            part = part[:1]
            journal.append_sent(part[0], 0.0, version)
        else:
            journal.append_batch(batch(*part), 0.0, version)
        rows += part
    texts = [shown(entry.raw, entry.version) for entry in journal.entries(0, journal.end)]
    for needle in ("größe", "STRASSE", "a:b", "a\\b", "\\c", "plain", "X Y", "é", "i", "日本", '"q": 1'):
        wanted = [number for number, text in enumerate(texts) if Needle(needle).within(text)]
        assert run(FilterHits(journal, WordFilter(needle))) == wanted, needle


@pytest.mark.parametrize("size", [10, PIECE - 3, PIECE, 3 * PIECE + 1])
@pytest.mark.parametrize("pack", [bytes, packed])
def test_a_word_is_found_wherever_it_is_in_a_large_body(size: int, pack: type[bytes]) -> None:
    body = pack(b"x" * size + "Ende gut é".encode())
    for needle in ("xEND", "ende gut É"):
        assert holds(frame(body), needle)
    text = "".join(frame_texts(frame(body), 0, len(frame(body)), "1.2"))
    assert text.endswith("x" * 10 + "Ende gut é")
    assert small_text(frame(body), 0, len(frame(body)), "1.2") in (None, text)


HOSTILE = {
    "marks in no order": frame(("e" + "\u0301\u0316" * 200_000).encode()),
    "a small bomb": frame(packed(bytes(6_000_000))),
    "nothing but blanks": frame(b" " * 1_000_000),
    "nothing but escapes": frame(x="\\c" * 500_000),
    "large latin-1": frame(b"\xe4" * 1_000_000, content_type="text/plain;charset=latin-1"),
    "large utf-8": frame("жук ".encode() * 200_000),
    "packed and broken": frame(packed(random.Random(1).randbytes(1_000_000))[:-200_000] + bytes(200_000)),
    "many packed ones": frame(packed(b"x" * 20) * 10_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_large_is_searched_in_pieces(name: str) -> None:
    """Its length and what is in it make more steps, not longer ones; `tests.benchmarks` has the times."""
    journal = Journal(max_bytes=1 << 30)
    journal.append_batch(batch(HOSTILE[name]), 0.0, "1.2")
    hits = FilterHits(journal, WordFilter(" z  z"))
    steps = 1
    while not hits.scan(0.0):
        steps += 1
    assert steps > len(HOSTILE[name]) / PIECE
    assert len(hits) == 0


def test_needles_fold_as_texts_do() -> None:
    assert fold("ΣΟΦΟΣ") == fold("σοφος") == fold("σοφοσ")
    assert fold("STRASSE") == fold("straße") == fold("STRAẞE")
    assert fold("İ") == fold("I") == fold("ı") == "i"
    assert fold("é") == fold("E\u0301")
    assert not Needle("")
