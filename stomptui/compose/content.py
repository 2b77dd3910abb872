"""Checks whether a body is what its headers say: its charset, its encoding, its XML."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache
from xml.parsers import expat

from stomptui.protocol.charsets import NO_CHARSETS

_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([^\s;"']+)""", re.IGNORECASE)
_PACKED = frozenset(("gzip", "x-gzip", "deflate", "br", "zstd", "compress"))
_DECLARED = re.compile(r"^(<\?xml[^>]*?)(?<=\S)\s+encoding=(\"[^\"]*\"|'[^']*')")


class _NotChecked(Exception):
    """A DOCTYPE, whose entities are never expanded."""


def names_charset(content_type: str) -> bool:
    """Whether a content-type names a charset."""
    return _CHARSET.search(content_type) is not None


def false_headers(body: str | bytes, content_type: str, content_encoding: str) -> Iterator[str]:
    """Where a body contradicts its content-type or content-encoding, for the person."""
    named = _CHARSET.search(content_type)
    if named and isinstance(body, str) and not _is_in_utf_8(body, named[1]):
        yield f"is sent in UTF-8, content-type says {named[1]}"
    encoding = content_encoding.strip().lower()
    if body and encoding in _PACKED and isinstance(body, str):
        yield f"is text, content-encoding says {encoding}"


def _is_in_utf_8(text: str, charset: str) -> bool:
    """Whether a text has the same bytes in a charset and in UTF-8; true for an unknown charset and for none."""
    try:
        codec = codecs.lookup(charset).name
        return codec == "utf-8" or codec in NO_CHARSETS or text.encode(codec) == text.encode("utf-8", "surrogatepass")
    except LookupError:
        return True
    except UnicodeError:
        return False


@lru_cache(maxsize=8)
def xml_problem(body: str | bytes) -> str | None:
    """Why a body is not XML, with line and column; None if it is. One with a DOCTYPE is not checked further."""
    parser = expat.ParserCreate()

    def stop(*_: object) -> None:
        raise _NotChecked

    parser.StartDoctypeDeclHandler = stop
    try:
        # A declared encoding speaks of bytes; a text is none.
        parser.Parse(_DECLARED.sub(r"\1", body) if isinstance(body, str) else body, True)
    except _NotChecked:
        return None
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        return f"not XML: {reason}, line {error.lineno} column {error.offset + 1}"
    except (UnicodeError, LookupError):
        return None
    return None
