"""Drafts full of what ends strings, comments and lines in some language."""

from __future__ import annotations

from stomptui.compose.draft import Draft, HeaderLine

ODD = 'it\'s "odd" \\ %s %d $HOME `id` $(id) ${x} !! é 😀 \\u000a */ -- # ; & | < > : \r\n\t end'


def hostile(queue: str) -> Draft:
    """A draft with the oddest of headers and body; its `token` is a secret."""
    headers = [
        HeaderLine("odd", ODD),
        HeaderLine("na:me 'q' \"x\" $a `b` %s\\", "1"),
        HeaderLine("content-type", "text/plain"),
        HeaderLine("empty", ""),
        HeaderLine("token", "s3cret"),
        HeaderLine("blanks", "  in front, behind  "),
    ]
    return Draft(queue, headers, f"{ODD}\0\x01\x7f\u2028\u202e\n\n{ODD}\n'''\"\"\"]]\0123\n")
