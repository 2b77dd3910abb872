"""Reading serialised Java objects as plain values; nothing is ever instantiated.

https://docs.oracle.com/en/java/javase/17/docs/specs/serialization/protocol.html is the format. Artemis answers in it
where its management answers with more than JSON has words for.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MAGIC = b"\xac\xed\x00\x05"
_NULL, _REFERENCE, _CLASSDESC, _OBJECT, _STRING, _ARRAY, _CLASS, _BLOCK, _END = range(0x70, 0x79)
_LONG_BLOCK, _LONG_STRING, _ENUM = 0x7A, 0x7C, 0x7E
_FIRST_HANDLE = 0x7E0000
_HAS_WRITTEN, _SERIALISED = 0x01, 0x02
_PRIMITIVES = {"B": ">b", "C": ">H", "D": ">d", "F": ">f", "I": ">i", "J": ">q", "S": ">h", "Z": ">?"}


class JavaDataError(ValueError):
    """It is not serialised Java, or has what is not read here."""


@dataclass
class Description:
    """What a class is like."""

    name: str
    flags: int = 0
    fields: list[tuple[str, str]] = field(default_factory=list)
    """(type code, name), in the order they were written."""
    parent: Description | None = None


@dataclass
class JavaObject:
    """An object: what its fields hold, and what its class wrote besides."""

    name: str
    """Of its class, "java.lang.Long"."""
    fields: dict[str, Any] = field(default_factory=dict)
    written: list[Any] = field(default_factory=list)
    """Objects, and bytes, in the order they were written by the methods of the class."""


class Alike:
    """Reads objects of one class, each from a stream of its own. Where they begin alike, that is read once.

    An object that says what it is made of says so in its first field: with Java that is most of it.
    """

    def __init__(self) -> None:
        self._start = b""
        """How the last object began, up to the end of its first field."""
        self._known: list[Any] = []
        """What later parts of the stream can refer to by then, the object itself first to be replaced."""
        self._place = 0
        self._described = Description("")

    def read(self, data: bytes) -> JavaObject:
        """The object in a stream.

        Raises:
            JavaDataError: It cannot be read.
        """
        if not data.startswith(MAGIC):
            raise JavaDataError("it does not begin as serialised Java does")
        try:
            return self._read(data)
        except (struct.error, IndexError, RecursionError, KeyError) as error:
            raise JavaDataError(f"it is cut off or broken: {error!r}") from error

    def _read(self, data: bytes) -> JavaObject:
        if self._start and data.startswith(self._start):
            reader = _Reader(data, len(self._start), list(self._known))
            known = self._known[self._place]
            made = reader.handles[self._place] = JavaObject(known.name, dict(known.fields))
            return reader.finish(made, self._described, 1)
        reader = _Reader(data, len(MAGIC), [])
        if reader.number(">B") != _OBJECT:
            raise JavaDataError("it is no object")
        described = reader.described()
        place = len(reader.handles)
        made = reader.keep(JavaObject(described.name if described else ""))
        if described is None or described.parent is not None or not described.fields:
            return reader.rest(made, described)
        code, name = described.fields[0]
        made.fields[name] = reader.value(code)
        self._start, self._place, self._described = data[: reader.at], place, described
        self._known = list(reader.handles)
        self._known[place] = JavaObject(made.name, dict(made.fields))
        return reader.finish(made, described, 1)


class _Reader:
    def __init__(self, data: bytes, at: int, handles: list[Any]) -> None:
        self._data = data
        self.at = at
        self.handles = handles
        """What references in the stream are to, in the order it came."""
        self._kinds: dict[int, Callable[[], Any]] = {
            _NULL: lambda: None,
            _REFERENCE: lambda: self.handles[self.number(">i") - _FIRST_HANDLE],
            _CLASSDESC: self._description,
            _OBJECT: self._object,
            _STRING: lambda: self.keep(self._text(">H")),
            _LONG_STRING: lambda: self.keep(self._text(">q")),
            _ARRAY: self._array,
            _CLASS: lambda: self.keep(self.content()),
            _BLOCK: lambda: self._bytes(self.number(">B")),
            _LONG_BLOCK: lambda: self._bytes(self.number(">i")),
            _ENUM: self._enum,
        }

    def content(self) -> Any:
        kind = self.number(">B")
        if kind not in self._kinds:
            raise JavaDataError(f"it has what is not read here: {kind:#x}")
        return self._kinds[kind]()

    def number(self, code: str) -> Any:
        (value,) = struct.unpack(code, self._bytes(struct.calcsize(code)))
        return value

    def _bytes(self, count: int) -> bytes:
        if not 0 <= count <= len(self._data) - self.at:
            raise JavaDataError("it is cut off")
        self.at += count
        return self._data[self.at - count : self.at]

    def _text(self, code: str) -> str:
        return self._bytes(self.number(code)).decode("utf-8", "replace")

    def keep(self, value: Any) -> Any:
        """Later parts of the stream may refer to it."""
        self.handles.append(value)
        return value

    def described(self) -> Description | None:
        found = self.content()
        if found is not None and not isinstance(found, Description):
            raise JavaDataError("a class is not described")
        return found

    def _description(self) -> Description:
        described: Description = self.keep(Description(self._text(">H")))
        self._bytes(8)
        described.flags = self.number(">B")
        for _ in range(self.number(">H")):
            code, name = chr(self.number(">B")), self._text(">H")
            if code in "[L":
                self.content()
            described.fields.append((code, name))
        self._written()
        described.parent = self.described()
        return described

    def _written(self) -> list[Any]:
        """Everything up to the mark that ends it."""
        found: list[Any] = []
        while self._data[self.at] != _END:
            found.append(self.content())
        self.at += 1
        return found

    def value(self, code: str) -> Any:
        return self.content() if code in "[L" else self.number(_PRIMITIVES[code])

    def _object(self) -> JavaObject:
        described = self.described()
        made: JavaObject = self.keep(JavaObject(described.name if described else ""))
        return self.rest(made, described)

    def rest(self, made: JavaObject, described: Description | None) -> JavaObject:
        """What its class and those it is derived from say of an object, the oldest first."""
        line: list[Description] = []
        while described is not None:
            line.insert(0, described)
            described = described.parent
        for part in line:
            self.finish(made, part, 0)
        return made

    def finish(self, made: JavaObject, part: Description, start: int) -> JavaObject:
        """What one class says of an object, from one of its fields on."""
        if not part.flags & _SERIALISED:
            raise JavaDataError(f"{part.name} wrote itself in its own way")
        for code, name in part.fields[start:]:
            made.fields[name] = self.value(code)
        if part.flags & _HAS_WRITTEN:
            made.written += self._written()
        return made

    def _array(self) -> list[Any]:
        described = self.described()
        made: list[Any] = self.keep([])
        code = described.name[1:2] if described else ""
        for _ in range(self.number(">i")):
            made.append(self.value(code))
        return made

    def _enum(self) -> Any:
        self.described()
        place = len(self.handles)
        self.keep(None)
        self.handles[place] = self.content()
        return self.handles[place]
