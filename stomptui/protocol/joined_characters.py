"""Grapheme clusters: which characters a terminal draws as one, as emoji, marks and joiners do.

Emoji are joined by U+200D, Persian words are parted by U+200C and Indian conjuncts are chosen by both: there they are
seen in what they do. Anywhere else they cannot be seen at all.
"""

from __future__ import annotations

import re
import unicodedata

MOST_MARKS = 6
"""Marks on one letter that are drawn: the most that any living script uses. More would leave the line."""
MOST_JOINED = 5
"""The most joiners in one emoji: no sequence of Unicode has more."""
BASE = "\u25cc"
"""A dotted circle, which carries a mark without a letter, as in the tables of Unicode."""

_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23fa\u24c2\u25aa"
    "\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297"
    "\u3299\U0001f000-\U0001f0ff\U0001f170-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
)
_ONE = "[" + _EMOJI + "][\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]?"
# Scripts whose letters are joined: Arabic, Syriac, N'Ko, Mongolian, and those of India and South-East Asia.
_JOINING = (
    "\u0620-\u07ff\u0840-\u08ff\u0900-\u0dff\u0f00-\u109f\u1700-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdff"
    "\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f"
)
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
MANY_MARKS = (
    f"[^\\w\\s\x00-\x7f\u2010-\u20cf\u2100-\u2bff]{{{MOST_MARKS + 1},}}"
    f"|[\u1160-\u11ff\ud7b0-\ud7fb]{{{MOST_MARKS + 1},}}"
)
"""Matches what may be too many marks, but not the characters of borders and charts."""
SEQUENCE = re.compile(
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
    f"|{_ONE}(?:\u200d{_ONE}){{0,{MOST_JOINED}}}"
    "|[0-9#*]\ufe0f?\u20e3"
    f"|(?<=[{_JOINING}])[\u200c\u200d]"
    f"|(?<=[{_IDEOGRAPHS}])[\ufe00-\ufe02\U000e0100-\U000e01ef]"
    "|(?<=[\u1820-\u18aa])[\u180b-\u180d\u180f]"
    # A place to break a line, in scripts that have no blanks: nothing is drawn there.
    f"|(?<=[{_SPACELESS}])(?P<nothing>\u200b)"
    # What may be too many marks, and marks at the beginning, where they would be drawn on what stands before.
    f"|(?P<marks>{MANY_MARKS})"
    "|(?:^|(?<=[\n\t]))(?P<bare>[^\\w\\s\x00-\x7f])"
)
"""Matches a sequence that may be drawn as one; the groups "nothing", "marks" and "bare" need `rendered`."""


_UNDRAWN = re.compile("[\u034f\u1160\u17b4\u17b5\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def is_mark(char: str) -> bool:
    """Whether a character is drawn on the one before it."""
    if _UNDRAWN.match(char):
        return False
    return unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7fb"


def rendered(match: re.Match[str]) -> str | None:
    """The text to draw for a match of `SEQUENCE`; None if its characters are to be drawn one by one."""
    kind = match.lastgroup
    if kind is None:
        return match[0]
    if kind == "nothing":
        return ""
    if kind == "bare":
        return BASE + match[0] if is_mark(match[0]) and match[0].isprintable() else None
    return None


def limit_marks(text: str, instead: str = "") -> str:
    """Text with at most `MOST_MARKS` marks on a letter; `instead` replaces the others."""
    kept: list[str] = []
    count = 0
    for char in text:
        if not is_mark(char):
            count = 0
        else:
            count += 1
            if count > MOST_MARKS:
                if count == MOST_MARKS + 1:
                    kept.append(instead)
                continue
        kept.append(char)
    return "".join(kept)


def safe_cut(text: str, at: int) -> int:
    """The last position up to `at` at which a text can be cut without parting characters that are drawn as one."""
    for place in range(at, max(at - 4 * MOST_MARKS, 0), -1):
        if place >= len(text):
            return at
        char = text[place]
        inside = is_mark(char) or char in "\u200c\u200d" or "\U0001f3fb" <= char <= "\U0001f3ff"
        if not inside and text[place - 1] != "\u200d":
            return place
    return at
