"""Data that Java serialised, read as plain values; what is broken is refused."""

from __future__ import annotations

import struct

import pytest

from stomptui.brokers.artemis.management.java_data import Alike, JavaDataError, JavaObject


def utf(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">H", len(data)) + data


def described(name: str, *fields: bytes, flags: int = 2, parent: bytes = b"\x70") -> bytes:
    return (
        b"\x72" + utf(name) + bytes(8) + bytes([flags]) + struct.pack(">H", len(fields)) + b"".join(fields)
        + b"\x78" + parent
    )  # fmt: skip


KIND = b"L" + utf("kind") + b"\x74" + utf("Ljava/lang/String;")
NUMBER = b"J" + utf("number")


def pair(kind: str, number: int) -> bytes:
    """An object whose second field is written after the first one, and which refers to both its class and itself."""
    return (
        b"\xac\xed\x00\x05\x73" + described("Pair", KIND, NUMBER, flags=3)
        + b"\x74" + utf(kind) + struct.pack(">q", number)
        + b"\x77\x02ab" + b"\x71" + struct.pack(">i", 0x7E0002) + b"\x78"
    )  # fmt: skip


class TestJavaData:
    def test_objects_are_plain_values(self) -> None:
        made = Alike().read(pair("text", 5))
        assert (made.name, made.fields) == ("Pair", {"kind": "text", "number": 5})
        assert made.written[0] == b"ab"
        assert made.written[1] is made, "a reference to itself"

    def test_what_begins_alike_is_read_the_same(self) -> None:
        alike = Alike()
        for kind, number in [("text", 1), ("text", 2), ("bytes", 3), ("text", 4), ("text", -5)]:
            made = alike.read(pair(kind, number))
            assert made.fields == {"kind": kind, "number": number}
            assert made.written[1] is made

    def test_arrays_and_classes_that_are_derived(self) -> None:
        parent = described("Number")
        number = b"\x73" + described("Integer", b"I" + utf("value"), parent=parent) + struct.pack(">i", 7)
        array = b"\x75" + described("[Ljava.lang.Object;") + struct.pack(">i", 2) + number + b"\x70"
        holder = b"\xac\xed\x00\x05\x73" + described("Box", b"[" + utf("all") + b"\x74" + utf("[L")) + array
        (first, second) = Alike().read(holder).fields["all"]
        assert isinstance(first, JavaObject)
        assert (first.fields, second) == ({"value": 7}, None)

    @pytest.mark.parametrize("data", [b"", b"{}", b"\xac\xed\x00\x05\x70", b"\xac\xed\x00\x05\x73\x99"])
    def test_something_else_is_refused(self, data: bytes) -> None:
        with pytest.raises(JavaDataError):
            Alike().read(data)

    def test_what_is_cut_off_anywhere_is_refused(self) -> None:
        whole = pair("x", 1)
        for cut in range(len(whole)):
            with pytest.raises(JavaDataError):
                Alike().read(whole[:cut])

    def test_endless_nesting_is_refused(self) -> None:
        with pytest.raises(JavaDataError):
            Alike().read(b"\xac\xed\x00\x05\x73" + b"\x76" * 100_000)
