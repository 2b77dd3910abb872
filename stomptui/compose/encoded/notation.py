"""The text of items, which is CBOR's diagnostic notation (RFC 8949, section 8): JSON, and more where JSON has no word.

`h'00ff'` are bytes, `1(…)` is tagged, `[_ …]` has no length, `ext(5, h'00')` is an extension, `t'ff'` a text that is
not UTF-8, `float'7e01'` a float by its bytes. What `_` begins says how a value was encoded, where that is not the
shortest way: `5_1` in CBOR, `5_u16` and `1.5_f32` in MessagePack. Keys of maps can be anything.
What is between slashes is a comment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from stomptui.compose.encoded.items import DEEPEST, CodingError, Item, ItemKind

INDENT = "  "
_TOKEN = re.compile(
    r"""(?:[ \t\r\n]|/[^/]*/)*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<hex>(?:h|t|float)'[^']*')"""
    r"""|(?P<number>-?(?:[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|Infinity)|NaN)|(?P<word>[A-Za-z]+)"""
    r"""|(?P<mark>_[A-Za-z0-9]*)|(?P<sign>[\[\]{}(),:])|(?P<end>\Z))""",
    re.DOTALL,
)
_BLANKS = re.compile(r"(?:[ \t\r\n]|/[^/]*/)*")
_WORDS = ("true", "false", "null", "undefined")
_HEX: dict[str, ItemKind] = {"h": "bytes", "t": "raw", "float": "bits"}


def written(items: list[Item]) -> str:
    """The text of items, one after the other."""
    return "\n".join("".join(_write(item, 0)) for item in items)


def _write(item: Item, depth: int) -> Iterator[str]:
    mark = "" if item.mark is None else f"_{item.mark}"
    if item.kind in ("array", "map"):
        opening, closing = "[]" if item.kind == "array" else "{}"
        yield opening + mark
        pairs = item.kind == "map"
        for index, inner in enumerate(item.inner):
            if pairs and index % 2:
                yield ": "
            else:
                yield ("," if index else "") + "\n" + INDENT * (depth + 1)
            yield from _write(inner, depth + 1)
        yield ("\n" + INDENT * depth if item.inner else "") + closing
    elif item.kind == "tag":
        yield f"{item.number}{mark}("
        yield from _write(item.inner[0], depth)
        yield ")"
    elif item.kind == "parts":
        yield "(_ " + ", ".join("".join(_write(part, depth)) for part in item.inner) + ")"
    else:
        yield _value(item) + mark + (f" /{item.note}/" if item.note and "/" not in item.note else "")


def _value(item: Item) -> str:
    match item.kind:
        case "int":
            return str(item.number)
        case "float":
            text = repr(item.real)
            return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(text, text)
        case "bits":
            return f"float'{item.data.hex()}'"
        case "text":
            return json.dumps(item.text, ensure_ascii=False)
        case "raw":
            return f"t'{item.data.hex()}'"
        case "bytes":
            return f"h'{item.data.hex()}'"
        case "simple":
            return f"simple({item.number})"
        case "ext":
            return f"ext({item.number}, h'{item.data.hex()}')"
    return item.text


def read(text: str) -> list[Item]:
    """The items that a text says.

    Raises:
        CodingError: It says none, with the place.
    """
    reader = _Reader(text)
    items = []
    while reader.kind != "end":
        items.append(reader.item(0))
    return items


class _Reader:
    """Reads a text token by token; `kind` and `token` are of the next one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next = 0
        self.at = 0
        self.kind = ""
        self.token = ""
        self._step()

    def _step(self) -> str:
        """Go to the next token; returns this one."""
        token = self.token
        found = _TOKEN.match(self._text, self._next)
        if found is None:
            blanks = _BLANKS.match(self._text, self._next)
            at = blanks.end() if blanks else self._next
            what = "a text without its closing quote" if self._text[at] == '"' else f"{self._text[at]!r} has no meaning"
            raise CodingError(f"{what} here", at)
        self.kind = found.lastgroup or ""
        self.token = found[self.kind]
        self.at, self._next = found.start(self.kind), found.end()
        return token

    def _expect(self, sign: str, instead: str = "") -> None:
        if self.token != sign or self.kind != "sign":
            raise CodingError(instead or f"{sign!r} is expected", self.at)
        self._step()

    def _mark(self) -> str | None:
        return self._step()[1:] if self.kind == "mark" else None

    def item(self, depth: int) -> Item:
        if depth > DEEPEST:
            raise CodingError(f"more than {DEEPEST} values within each other", self.at)
        at, kind = self.at, self.kind
        if kind == "sign" and self.token in "[{(":
            return self._group(depth)
        if kind == "string":
            return Item("text", text=self._string(), mark=self._mark(), at=at)
        if kind == "hex":
            name, data = self._hex()
            return Item(_HEX[name], data=data, mark=self._mark(), at=at)
        if kind == "number":
            return self._number(depth)
        if kind == "word":
            return self._word()
        raise CodingError("a value is expected", at)

    def _string(self) -> str:
        at = self.at
        try:
            text = json.loads(self._step())
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise CodingError("half a character: it has no bytes in UTF-8", at) from None
        except ValueError as error:
            place = at + getattr(error, "pos", 0)
            raise CodingError("a line end, a control character or a wrong escape in a text", place) from None
        return str(text)

    def _hex(self) -> tuple[str, bytes]:
        at = self.at
        name, _, digits = self._step()[:-1].partition("'")
        try:
            return name, bytes.fromhex(digits)
        except ValueError:
            raise CodingError("pairs of hexadecimal digits are expected between the quotes", at) from None

    def _number(self, depth: int) -> Item:
        at = self.at
        digits = self._step()
        mark = self._mark()
        if not digits.lstrip("-").isdigit():
            value = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}.get(digits, digits)
            return Item("float", real=float(value), mark=mark, at=at)
        if len(digits) > 24:
            raise CodingError("an integer of more than 64 bits", at)
        if self.token == "(" and self.kind == "sign":
            self._step()
            inner = self.item(depth + 1)
            self._expect(")")
            return Item("tag", int(digits), inner=(inner,), mark=mark, at=at)
        return Item("int", int(digits), mark=mark, at=at)

    def _word(self) -> Item:
        at = self.at
        word = self._step()
        if word in _WORDS:
            return Item("word", text=word, at=at)
        if word not in ("simple", "ext"):
            raise CodingError(f"{word} is no value: texts are written in double quotes", at)
        self._expect("(")
        number = self.item(DEEPEST)
        if number.kind != "int" or number.mark is not None:
            raise CodingError("a number is expected", number.at)
        data = b""
        if word == "ext":
            self._expect(",")
            inside = self.item(DEEPEST)
            if inside.kind != "bytes" or inside.mark is not None:
                raise CodingError("bytes are expected, as h'00ff'", inside.at)
            data = inside.data
        self._expect(")")
        mark = self._mark()
        return Item("simple" if word == "simple" else "ext", number.number, data=data, mark=mark, at=at)

    def _group(self, depth: int) -> Item:
        at = self.at
        opening = self._step()
        mark = self._mark()
        if opening == "(" and mark != "":
            raise CodingError("a text in parts begins with (_", at)
        kind: ItemKind = {"[": "array", "{": "map", "(": "parts"}[opening]  # type: ignore[assignment]
        closing = {"[": "]", "{": "}", "(": ")"}[opening]
        inner: list[Item] = []
        while not (self.kind == "sign" and self.token == closing):
            if inner:
                self._expect(",", f"a comma or {closing!r} is expected")
            inner.append(self.item(depth + 1))
            if kind == "map":
                self._expect(":", "a colon is expected")
                inner.append(self.item(depth + 1))
        self._step()
        return Item(kind, inner=tuple(inner), mark=None if kind == "parts" else mark, at=at)
