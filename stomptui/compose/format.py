"""Formats JSON and XML bodies; every name, number and character of text stays as it was typed."""

from __future__ import annotations

import re
from xml.parsers import expat

from stomptui.compose.body_promises import is_json, is_xml, json_problem
from stomptui.compose.json_text import INDENT, formatted

_XML_TOKEN = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|[^<]+", re.DOTALL)


class FormatError(ValueError):
    """A text that is not what it should be, with the reason and the place in words."""


def language_of(content_type: str, text: str = "") -> str:
    """ "json", "xml" or "": what a content-type promises, or, without one, what the text begins like."""
    if is_json(content_type):
        return "json"
    if is_xml(content_type):
        return "xml"
    start = text[:64].lstrip()[:1]
    if content_type.strip() or not start:
        return ""
    return {"{": "json", "[": "json", "<": "xml"}.get(start, "")


def format_text(text: str, language: str) -> str:
    """Format a text over lines.

    Args:
        text: As typed.
        language: "json" or "xml".

    Raises:
        FormatError: It is not JSON or not XML, or formatting could change what it means.
    """
    if language == "json":
        wrong = json_problem(text)
        if wrong:
            raise FormatError(wrong)
        return "".join(formatted(text))
    if language == "xml":
        return _xml(text)
    raise FormatError("only JSON and XML can be formatted: give a content-type")


def _check_xml(text: str) -> None:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        # Its entities and defaults decide what blanks mean, and none is ever expanded here.
        raise FormatError("XML with a DOCTYPE is left as it is")

    parser.StartDoctypeDeclHandler = refuse
    try:
        # A declared encoding speaks of bytes; here it is text already.
        parser.Parse(re.sub(r"^(<\?xml[^>]*?)(?<=\S)\s+encoding=(\"[^\"]*\"|'[^']*')", r"\1", text), True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise FormatError(f"not XML: {reason}, line {error.lineno} column {error.offset + 1}") from None
    except UnicodeEncodeError:
        raise FormatError("not XML: half a character") from None


def _xml(text: str) -> str:
    _check_xml(text)
    tokens = _XML_TOKEN.findall(text)
    closing = _closing(tokens)
    out: list[str] = []
    depth = 0
    index = 0
    while index < len(tokens):
        token = tokens[index]
        end = closing.get(index)
        if not token.strip():
            index += 1
            continue
        if token.startswith("</"):
            depth -= 1
            out.append(INDENT * depth + token)
        elif end is not None and _kept_whole(tokens, index, end):
            # Blanks between words and tags mean something here.
            out.append(INDENT * depth + "".join(tokens[index : end + 1]))
            index = end
        else:
            out.append(INDENT * depth + token)
            depth += end is not None
        index += 1
    return "\n".join(out) + ("\n" if text.endswith("\n") else "")


def _closing(tokens: list[str]) -> dict[int, int]:
    """Where each opened element closes, by the place of its opening tag."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.startswith("</"):
            found[opened.pop()] = index
        elif token.startswith("<") and not token.startswith(("<!", "<?")) and not token.endswith("/>"):
            opened.append(index)
    return found


def _kept_whole(tokens: list[str], begin: int, end: int) -> bool:
    """Whether an element is left as it is: empty, with text of its own, or with xml:space."""
    if "xml:space" in tokens[begin]:
        return True
    depth = 0
    children = 0
    for token in tokens[begin + 1 : end]:
        tag = token.startswith("<") and not token.startswith(("<!", "<?"))
        if depth == 0 and (token.startswith("<![CDATA[") or (not token.startswith("<") and token.strip())):
            return True
        if tag and token.startswith("</"):
            depth -= 1
        elif tag:
            children += depth == 0
            depth += not token.endswith("/>")
    return not children
